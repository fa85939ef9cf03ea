"""An owner of a client, and the worker behind the audience's queue, which also does what is long about scores."""

from tests.integration.audience.conftest import owner, work

__all__ = ["owner", "work"]
