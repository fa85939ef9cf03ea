"""How the last calls of outside services went, as health checks tell it without calling anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Outcome:
    """`error` is a short word for what went wrong (`timeout`, `HTTP 500`), never a vendor's own text."""

    service: str
    reachable: bool
    at: datetime
    last_error: str | None = None
    last_error_at: datetime | None = None


class Outcomes(Protocol):
    def note(self, service: str, error: str | None) -> None:
        """None: it answered. Refuses nothing: a note that cannot be made is not made."""
