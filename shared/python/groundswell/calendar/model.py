"""A calendar entry, and whom it is for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Method(StrEnum):
    """What the receiver is to do with it (RFC 5546 section 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Attendee:
    email: str
    name: str | None = None


@dataclass(frozen=True)
class Event:
    """`uid` stays the same for life, and `sequence` rises with every change that its receivers are to hear of.
    `tentative` is what somebody still has to confirm."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    organizer: Attendee
    attendees: tuple[Attendee, ...] = ()
    description: str | None = None
    location: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    tentative: bool = False
