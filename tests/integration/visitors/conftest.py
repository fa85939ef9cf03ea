"""Fixtures that the features of the worker `business` share."""

from tests.business import ada, fire, mails, work

__all__ = ["ada", "fire", "mails", "work"]
