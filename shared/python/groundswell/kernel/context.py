"""Where the work at hand comes from, for logs and the audit trail. Set by the edge, read by adapters."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The request's id and the caller's address as the platform saw it."""

    request_id: str
    ip: str


origin: ContextVar[Origin | None] = ContextVar("origin", default=None)
"""None outside a request: schedules and workers act for the system itself."""
