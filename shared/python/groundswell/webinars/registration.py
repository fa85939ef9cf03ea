"""Somebody's place at a webinar."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from groundswell.kernel.errors import Conflict, Gone, NotFound
from groundswell.visitors.model import Agreement


class RegistrationNotFound(NotFound):
    code = "REGISTRATION_NOT_FOUND"
    message = "No such registration"


class WebinarFull(Conflict):
    code = "WEBINAR_FULL"
    message = "All seats are taken"


class OfferExpired(Gone):
    code = "OFFER_EXPIRED"
    message = "This seat was offered to somebody else meanwhile"


class NoOffer(Conflict):
    code = "NO_OFFER"
    message = "No seat is free yet: you are on the waitlist"


class State(StrEnum):
    """`expired`: a seat was offered, and not taken in time."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_SEATED = frozenset({State.CONFIRMED, State.OFFERED})
STANDING = frozenset({State.CONFIRMED, State.OFFERED, State.WAITLISTED})


@dataclass(frozen=True)
class Registration:
    """`id` follows from webinar and e-mail: whoever registers again has the same. `queued_at` is the place on the
    waitlist. `sequence` counts what the registrant's calendar hears of, beside the webinar's own."""

    id: str
    webinar_id: str
    client_id: str
    email: str
    status: State
    created_at: datetime
    updated_at: datetime
    name: str | None = None
    company: str | None = None
    timezone: str | None = None
    locale: str | None = None
    agreement: Agreement | None = None
    attribution: Mapping[str, str] = field(default_factory=dict)
    queued_at: datetime | None = None
    offer_expires_at: datetime | None = None
    attended: bool | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    lead_id: str | None = None
    sequence: int = 0
    version: int = 0

    @property
    def seats(self) -> int:
        """How many it holds."""
        return int(self.status in _SEATED)

    @property
    def waits(self) -> int:
        return int(self.status is State.WAITLISTED)

    @property
    def stands(self) -> bool:
        return self.status in STANDING

    def offered(self, until: datetime, now: datetime) -> "Registration":
        return replace(self, status=State.OFFERED, offer_expires_at=until, updated_at=now)

    def accepted(self, now: datetime) -> "Registration":
        """Takes the seat that was offered. Raises OfferExpired, NoOffer."""
        if self.status is State.CONFIRMED:
            return self
        if self.status is State.WAITLISTED:
            raise NoOffer
        if self.status is not State.OFFERED or (self.offer_expires_at and self.offer_expires_at <= now):
            raise OfferExpired
        return replace(self, status=State.CONFIRMED, offer_expires_at=None, updated_at=now)

    def ended(self, status: State, now: datetime) -> "Registration":
        """Cancelled or expired; what has ended already stays as it is."""
        if not self.stands:
            return self
        return replace(self, status=status, offer_expires_at=None, updated_at=now, sequence=self.sequence + 1)
