"""A webinar, and what may become of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.kernel.errors import Conflict, Invalid, NotFound

CAPACITY_AT_MOST = 100_000
LONGEST_MINUTES = 24 * 60
DEFAULT_OFFER = 24 * 3600
"""Seconds that an offer of a free seat stands."""


class WebinarNotFound(NotFound):
    code = "WEBINAR_NOT_FOUND"
    message = "No such webinar"


class WebinarMoves(Conflict):
    code = "INVALID_TRANSITION"
    message = "A webinar does not go from this state to that one"


class WebinarOver(Conflict):
    code = "WEBINAR_OVER"
    message = "This webinar is over or cancelled: make a new one"


class WebinarInUse(Conflict):
    code = "IN_USE"
    message = "People are registered for it: cancel it first"


class RegistrationClosed(Conflict):
    code = "REGISTRATION_CLOSED"
    message = "Registration for this webinar is closed"


class CapacityTooSmall(Conflict):
    code = "CAPACITY_TOO_SMALL"
    message = "More seats than that are taken"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    LIVE = "live"
    ENDED = "ended"
    CANCELLED = "cancelled"


PUBLIC = frozenset({Status.PUBLISHED, Status.LIVE, Status.ENDED, Status.CANCELLED})
"""What anybody may read who has the address."""
_OPEN = frozenset({Status.PUBLISHED, Status.LIVE})
_MOVES = {
    Status.DRAFT: {Status.PUBLISHED, Status.CANCELLED},
    Status.PUBLISHED: {Status.DRAFT, Status.LIVE, Status.ENDED, Status.CANCELLED},
    Status.LIVE: {Status.ENDED, Status.CANCELLED},
    Status.ENDED: set(),
    Status.CANCELLED: set(),
}
_ON_CALENDARS = ("title", "starts_at", "duration_minutes")


@dataclass(frozen=True)
class Webinar:
    """`timezone` (IANA) is that of its organizers. Registration closes at `registration_closes_at`, else when it ends.
    `sequence` counts what calendars have to hear of (RFC 5545 section 3.8.7.4). No `capacity`: as many as come.
    An offer of a seat that became free stands for `offer_seconds`, and not beyond the start."""

    id: str
    client_id: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    title: str
    starts_at: datetime
    duration_minutes: int = 60
    timezone: str = "UTC"
    description: str | None = None
    capacity: int | None = None
    join_url: str | None = None
    status: Status = Status.DRAFT
    registration_closes_at: datetime | None = None
    waitlist: bool = False
    offer_seconds: int = DEFAULT_OFFER
    consent_text: str | None = None
    recording_url: str | None = None
    follow_up: str | None = None
    sequence: int = 0
    version: int = 0

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    @property
    def closes_at(self) -> datetime:
        return min(self.registration_closes_at or self.ends_at, self.ends_at)

    @property
    def is_open(self) -> bool:
        """Its state lets people register; its time may be over."""
        return self.status in _OPEN

    def at(self, now: datetime) -> "Webinar":
        """As it is by the clock: it begins and ends by itself, and the worker says so a moment later."""
        if self.status in _OPEN and now >= self.ends_at:
            return replace(self, status=Status.ENDED)
        if self.status is Status.PUBLISHED and now >= self.starts_at:
            return replace(self, status=Status.LIVE)
        return self

    def need_open(self, now: datetime) -> None:
        """Raises RegistrationClosed."""
        if not self.is_open or now >= self.closes_at:
            raise RegistrationClosed

    def need_valid(self) -> None:
        """Raises Invalid."""
        if self.registration_closes_at and self.registration_closes_at > self.ends_at:
            raise Invalid.on("registration_closes_at", "not after the webinar's end")

    def moved_to(self, status: Status, now: datetime) -> "Webinar":
        """Raises WebinarMoves, and Invalid for one that is published for a time that is over."""
        if status is self.status:
            return self
        if status not in _MOVES[self.status]:
            details = {"from": self.status.value, "to": status.value}
            raise WebinarMoves(f"A webinar does not go from {self.status} to {status}", details=details)
        if status is Status.PUBLISHED and self.ends_at <= now:
            raise Invalid.on("starts_at", "must be in the future for a webinar that is published")
        return replace(self, status=status)

    def calendars_differ(self, before: "Webinar") -> bool:
        """Whether who has it in a calendar must hear of the change."""
        return any(getattr(self, name) != getattr(before, name) for name in _ON_CALENDARS)

    def offered_until(self, now: datetime) -> datetime:
        return min(now + timedelta(seconds=self.offer_seconds), self.closes_at)


@dataclass(frozen=True)
class Seats:
    """`taken` are confirmed and offered."""

    taken: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Order:
    """`by` is `created_at` or `starts_at`."""

    by: str = "created_at"
    descending: bool = True
