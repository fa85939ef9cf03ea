"""What a visitor asks for, and the booking that comes of it."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.bookings.agenda import Span
from groundswell.bookings.model import Booking, BookingType, Confirmation, Status
from groundswell.bookings.texts import TEXTS
from groundswell.visitors.model import Agreement, Host, Visitor


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. `timezone` is theirs."""

    starts_at: datetime
    visitor: Visitor
    consent: bool = False
    notes: str | None = None
    hold_id: str | None = None
    network: str | None = None


def booking_of(
    kind: BookingType, host: Host, span: Span, hosts: tuple[str, ...], wanted: Wanted, now: datetime
) -> Booking:
    visitor = wanted.visitor
    text = TEXTS.consent(kind.consent_text, host, visitor.locale)
    return Booking(
        id=span.id,
        client_id=kind.client_id,
        type_id=kind.id,
        type_name=kind.name,
        hosts=hosts,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        day=span.day,
        days=span.days,
        timezone=visitor.timezone or kind.availability.timezone,
        email=visitor.email,
        status=Status.CONFIRMED if kind.confirmation is Confirmation.AUTO else Status.PENDING,
        created_at=now,
        updated_at=now,
        name=visitor.name,
        notes=wanted.notes,
        location=kind.location,
        locale=visitor.locale,
        agreement=Agreement(wanted.consent, now, text, wanted.network),
        attribution=visitor.attribution,
    )
