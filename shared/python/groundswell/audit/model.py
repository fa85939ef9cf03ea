"""An entry of the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SYSTEM = "system"
ANONYMOUS = "anonymous"
PLATFORM = "platform"
"""Stands for the organization where nobody's is concerned: a sign-in to an address without an account."""


@dataclass(frozen=True)
class Entry:
    """`action` is `noun.past_tense`; `actor` a user id, `key:<public id>`, `system` or `anonymous`; `target` is
    `<kind>:<id>`. `details` never hold a secret or an address."""

    org_id: str
    action: str
    actor: str
    target: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """An entry as it was written down. `id` is time-ordered."""

    id: str
    at: datetime
    org_id: str
    action: str
    actor: str
    target: str
    details: Mapping[str, str]
    ip: str | None
    request_id: str | None


@dataclass(frozen=True)
class Search:
    """What to look for; None is everything. `action` matches from the beginning (`user.`), times are [from, to)."""

    action: str | None = None
    actor: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, entry: Recorded) -> bool:
        """The time is for the store, whose keys are in its order."""
        return (
            entry.action.startswith(self.action or "")
            and self.actor in (None, entry.actor)
            and self.target in (None, entry.target)
        )
