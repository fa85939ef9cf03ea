"""What visitors and organizers do with bookings: see slots, hold one, book it, move it, end it."""

import json
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groundswell.bookings.agenda import Agenda, HostDay, Sale, Span, days_between, days_read, span_of
from groundswell.bookings.availability import Slot, slot_at, slots_of
from groundswell.bookings.events import RESCHEDULED, booking_message
from groundswell.bookings.holds import Hold, end_of, hold_id, is_hold
from groundswell.bookings.mails import BookingMails
from groundswell.bookings.model import (
    HOLD_FOR,
    Booking,
    BookingMoves,
    BookingNotFound,
    BookingType,
    Filter,
    Order,
    SlotTaken,
    Status,
    TypeNotFound,
)
from groundswell.bookings.places import Places
from groundswell.bookings.ports import BookingStore, Hosts, People, Types
from groundswell.bookings.timers import hold_timer
from groundswell.bookings.wanted import Wanted, booking_of
from groundswell.calendar.model import Method
from groundswell.kernel.errors import Invalid, Outage, PreconditionFailed, Unavailable
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Position
from groundswell.schedules.timers import Timer
from groundswell.visitors.model import QUEUE, Host

_ATTEMPTS = 24
_LONGEST_SPAN = timedelta(days=62)


@dataclass(frozen=True)
class FreeSlot:
    slot: Slot
    hosts: tuple[str, ...]


class BookingService:
    """`pause(attempt)` waits before somebody who came second on a host's day tries again."""

    def __init__(
        self,
        types: Types,
        store: BookingStore,
        hosts: Hosts,
        people: People,
        mails: BookingMails,
        places: Places,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        pause: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._types = types
        self._store = store
        self._hosts = hosts
        self._people = people
        self._mails = mails
        self._places = places
        self._now = now
        self._new_id = new_id
        self._pause = pause

    def kind(self, type_id: str) -> tuple[BookingType, Host]:
        """One that anybody may book. Raises TypeNotFound."""
        kind = self._types.find(type_id) if can_be_id(type_id) else None
        host = self._hosts.find(kind.client_id) if kind and kind.is_active else None
        if kind is None or host is None:
            raise TypeNotFound
        return kind, host

    def slots(self, type_id: str, start: datetime, end: datetime, ignoring: str | None = None) -> list[FreeSlot]:
        """What is free of [start, end), and who would be: the hosts of a collective type all. Raises TypeNotFound, and
        Invalid for more than 62 days."""
        kind, _ = self.kind(type_id)
        if end - start > _LONGEST_SPAN:
            raise Invalid.on("to", f"at most {_LONGEST_SPAN.days} days after `from`")
        now = self._now()
        offered = list(slots_of(kind, start, end, now))
        if not offered:
            return []
        around = timedelta(days=2)
        days = [*days_between(offered[0].starts_at - around, offered[-1].ends_at + around)]
        known = self._store.agenda(kind.client_id, kind.candidates, days[0], days[-1])
        agenda = Agenda(known, now, frozenset({ignoring} if ignoring else ()), outside=self._outside(kind))
        free = ((slot, agenda.hosts_for(kind, span_of(kind, slot, ""))) for slot in offered)
        return [FreeSlot(slot, hosts) for slot, hosts in free if hosts]

    def hold(self, type_id: str, starts_at: datetime) -> Hold:
        """Five minutes in which nobody else gets it. Raises TypeNotFound, Invalid, SlotTaken."""
        kind, _ = self.kind(type_id)
        now = self._now()
        slot, expires = slot_at(kind, starts_at, now), now + HOLD_FOR
        own_id = hold_id(kind.id, slot.starts_at, self._new_id())
        hold = Hold(own_id, kind.id, slot.starts_at, slot.ends_at, expires)
        span = span_of(kind, slot, own_id, expires)
        self._sell(kind, span, lambda _: (None, ()), timers=[end_of(kind.client_id, hold)])
        return hold

    def book(self, type_id: str, wanted: Wanted) -> tuple[Booking, Host]:
        """Raises TypeNotFound, Invalid where no slot begins then, SlotTaken."""
        kind, host = self.kind(type_id)
        now = self._now()
        slot, booking_id = slot_at(kind, wanted.starts_at, now), self._new_id()
        span = span_of(kind, slot, booking_id)

        def make(sale: Sale) -> tuple[Booking, Sequence[Message]]:
            booking = booking_of(kind, host, span, sale.hosts, wanted, now)
            return booking, self._news(booking.status.value, booking, host)

        used = wanted.hold_id if is_hold(wanted.hold_id, kind.id) else None
        over = [hold_timer(kind.client_id, used, now)] if used else []
        sold = self._sell(kind, span, make, ignoring=frozenset({used} if used else ()), cancelled=over)
        if sold is None:
            raise SlotTaken
        return sold, host

    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Booking]:
        return self._store.page(client_id, wanted, order, limit, position)

    def get(self, client_id: str, booking_id: str) -> Booking:
        """Raises BookingNotFound."""
        booking = self._store.find(booking_id) if can_be_id(booking_id) else None
        if booking is None or booking.client_id != client_id:
            raise BookingNotFound
        return booking

    def own(self, token: str, booking_id: str | None = None) -> Booking:
        """The booking that a token is for, which is this one. Raises NotFound."""
        own = self._store.find(self._places.open(token))
        if own is None or booking_id not in (None, own.id):
            raise BookingNotFound
        return own

    def end(
        self, booking: Booking, status: Status, reason: str | None, *, by_attendee: bool, expected: int | None = None
    ) -> Booking:
        """Confirm, decline, cancel, complete, or say that nobody came; attendees cancel. Again changes nothing.

        Raises BookingMoves, Invalid, PreconditionFailed.
        """
        if by_attendee and status is not Status.CANCELLED:
            raise BookingMoves("With the link of a booking it is cancelled or moved; all else is the hosts'")

        def turn(now: Booking) -> Booking:
            return now.moved_to(status, reason, self._now())

        return self._turn(booking, turn, status.value, expected, explained=not by_attendee)

    def move(self, booking: Booking, starts_at: datetime, reason: str | None, expected: int | None = None) -> Booking:
        """To another slot of its type, with the same hosts where these are free.

        Raises BookingMoves, Invalid, SlotTaken, PreconditionFailed.
        """
        booking.need_movable()
        if starts_at == booking.starts_at:
            return booking
        kind, host = self.kind(booking.type_id)
        now = self._now()
        span = span_of(kind, slot_at(kind, starts_at, now), booking.id)

        def make(sale: Sale) -> tuple[Booking, Sequence[Message]]:
            moved = replace(
                booking,
                hosts=sale.hosts,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                day=span.day,
                days=span.days,
                reason=reason,
                sequence=booking.sequence + 1,
                updated_at=now,
            )
            return moved, self._news(RESCHEDULED, moved, host)

        if expected is not None and expected != booking.version:
            raise PreconditionFailed
        moved = self._sell(kind, span, make, before=booking, ignoring=frozenset({booking.id}))
        if moved is None:
            raise SlotTaken
        return moved

    def delete(self, booking: Booking) -> None:
        """For good, with the time that it takes; nobody is told. Raises PreconditionFailed."""
        self._store.remove(booking, self._freed(booking))

    def calendar(self, booking: Booking) -> tuple[str, Method]:
        """(text, method)."""
        host = self.host(booking)
        return self._mails.calendar(booking, self._people.people(booking.hosts), host)

    def _turn(
        self,
        booking: Booking,
        turn: Callable[[Booking], Booking],
        what: str,
        expected: int | None,
        *,
        explained: bool,
    ) -> Booking:
        for left in reversed(range(_ATTEMPTS)):
            if expected is not None and expected != booking.version:
                raise PreconditionFailed
            after = turn(booking)
            if after == booking:
                return booking
            changed: Sequence[HostDay] = ()
            if booking.status.holds_time and not after.status.holds_time and after.status is not Status.COMPLETED:
                changed = self._freed(booking)
            messages = self._news(what, after, self.host(booking), explained=explained)
            try:
                return self._store.sell(booking, after, changed, (), messages) or after
            except PreconditionFailed:
                if not left or expected is not None:
                    raise
                booking = self._store.find(booking.id) or booking
        raise PreconditionFailed

    def _freed(self, booking: Booking) -> Sequence[HostDay]:
        days = self._store.days(booking.client_id, booking.hosts, booking.days)
        return Agenda(days, self._now()).without(booking.id)

    def _sell(
        self,
        kind: BookingType,
        span: Span,
        make: Callable[[Sale], tuple[Booking | None, Sequence[Message]]],
        *,
        before: Booking | None = None,
        ignoring: AbstractSet[str] = frozenset(),
        timers: Sequence[Timer] = (),
        cancelled: Sequence[Timer] = (),
    ) -> Booking | None:
        """Raises SlotTaken; Unavailable where too many want other slots of the same hosts' day at once."""
        old_days, old_hosts = (before.days, before.hosts) if before else ((), ())
        hosts = tuple(dict.fromkeys((*kind.candidates, *old_hosts)))
        wanted = tuple(dict.fromkeys((*days_read(kind, span), *old_days)))
        outside = self._outside(kind)
        for attempt in range(_ATTEMPTS):
            known = self._store.days(kind.client_id, hosts, wanted)
            agenda = Agenda(known, self._now(), ignoring, frozenset(old_hosts), outside)
            sale = agenda.sell(kind.client_id, kind, span)
            sold = {day.place for day in sale.changed}
            left = [day for span_id in ignoring for day in agenda.without(span_id) if day.place not in sold]
            freed = {day.place for day in left}
            still = [day for day in sale.unchanged if day.place not in freed]
            booking, messages = make(sale)
            try:
                changed = [*sale.changed, *left]
                return self._store.sell(before, booking, changed, still, messages, timers=timers, cancelled=cancelled)
            except (PreconditionFailed, Unavailable):
                if before is not None and self._store.find(before.id) != before:
                    raise  # the booking itself was changed by somebody else
                self._pause(attempt)
        raise Unavailable(Outage("bookings", 1))

    def _outside(self, kind: BookingType) -> dict[str, list[tuple[int, int]]]:
        """When its hosts are busy elsewhere: nothing is read for a type that names no calendars."""
        known = self._store.busy(kind) if kind.calendars else ()
        return {busy.host_id: busy.spans(kind) for busy in known}

    def _news(self, what: str, booking: Booking, host: Host, *, explained: bool = True) -> list[Message]:
        """Who hears of it: the attendee, the hosts, webhooks; and the worker, which notes the lead."""
        event_id = self._new_id()
        news = [booking_message(what, booking, f"{event_id}-{what}")]
        body = {"event": "booking.lead", "client_id": booking.client_id, "booking_id": booking.id}
        news.append(Message(QUEUE, f"{event_id}-lead", json.dumps(body)))
        if what in (Status.COMPLETED, Status.NO_SHOW):
            return news
        people = self._people.people(booking.hosts)
        news.append(self._mails.to_attendee(what, booking, people, host, explained=explained).to_message())
        return [*news, *(mail.to_message() for mail in self._mails.to_hosts(what, booking, people, host))]

    def host(self, booking: Booking) -> Host:
        """Whose it is. Raises BookingNotFound where that client is gone."""
        host = self._hosts.find(booking.client_id)
        if host is None:
            raise BookingNotFound
        return host
