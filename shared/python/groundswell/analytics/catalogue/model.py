"""The catalogue's entries. Times are ms since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.errors import Conflict

BLOCKED_AT_MOST = 200
DESCRIBED_AT_MOST = 2_000


class TooManyBlocked(Conflict):
    code = "TOO_MANY_BLOCKED_EVENTS"
    message = f"A client blocks at most {BLOCKED_AT_MOST} names"


class TooManyDescribed(Conflict):
    code = "TOO_MANY_DESCRIBED_EVENTS"
    message = f"A client describes at most {DESCRIBED_AT_MOST} events"


@dataclass(frozen=True)
class Description:
    """What people say of an event: how it is shown, what it means, whether lists leave it out, and whether somebody
    made sure that it is sent rightly. Questions go on calling it by its `name`."""

    client_id: str
    name: str
    updated_by: str
    updated_at: datetime
    display_name: str | None = None
    description: str | None = None
    hidden: bool = False
    verified: bool = False
    version: int = 0


@dataclass(frozen=True)
class EventName:
    """Seen between those hours, both by their start; None and 0 for a name that is known and was not seen."""

    name: str
    count: int
    first_seen: int | None
    last_seen: int | None
    blocked: bool
    described: Description | None = None


@dataclass(frozen=True)
class EventNames:
    """The most frequent ones. `others` events have names that were too many for the rollups to tell apart."""

    listed: tuple[EventName, ...]
    names: int
    others: int
    as_of: int


@dataclass(frozen=True)
class Property:
    """`types` counts values by JSON type."""

    name: str
    count: int
    types: Mapping[str, int]
    first_seen: int
    last_seen: int


@dataclass(frozen=True)
class Properties:
    """The most frequent ones of `names`. More names than are kept apart leave `others` values without a line."""

    listed: tuple[Property, ...]
    names: int
    others: int
    events: int
    as_of: int
