"""What follows by itself: leads, reminders, and what becomes of a booking by the clock."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.bookings.agenda import HostDay
from groundswell.bookings.calendars import CalendarReader
from groundswell.bookings.events import hold_message
from groundswell.bookings.mails import BookingMails
from groundswell.bookings.model import Booking, Status
from groundswell.bookings.ports import Hosts, People
from groundswell.bookings.service import BookingService
from groundswell.bookings.timers import CALENDARS, END, HOLD, REMIND_DAY, REMIND_HOUR, START
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry
from groundswell.schedules.timers import Firing
from groundswell.visitors.model import Met, Visitor, lead_values, mail_id

_LETTERS = {REMIND_DAY: "remind_day", REMIND_HOUR: "remind_hour"}


class FollowingStore(Protocol):
    def find(self, booking_id: str) -> Booking | None: ...

    def sell(
        self,
        before: Booking | None,
        after: Booking | None,
        changed: Sequence[HostDay],
        unchanged: Sequence[HostDay],
        messages: Sequence[Message],
    ) -> Booking | None: ...

    def say(self, messages: Iterable[Message]) -> None:
        """Those that were said before stay as they were."""


class Capture(Protocol):
    def capture(self, acting: ClientContext, values: dict[str, object], entry: Entry | None = None) -> Lead: ...


class Following:
    def __init__(
        self,
        store: FollowingStore,
        bookings: BookingService,
        hosts: Hosts,
        people: People,
        mails: BookingMails,
        leads: Capture,
        calendars: CalendarReader,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._bookings = bookings
        self._hosts = hosts
        self._people = people
        self._mails = mails
        self._leads = leads
        self._calendars = calendars
        self._now = now

    def fire(self, firing: Firing) -> bool:
        """Whether anything came of it: what was moved or ended since the timer was set is left alone."""
        if firing.kind == CALENDARS:
            return self._calendars.read(firing.key)
        if firing.kind == HOLD:
            return self._end_hold(firing)
        booking = self._store.find(firing.key)
        if booking is None or self._hosts.find(booking.client_id) is None:
            return False
        if firing.kind == START:
            return self._decline(booking)
        if firing.kind == END:
            return self._complete(booking)
        return not firing.missed and self._remind(booking, firing)

    def note_lead(self, booking_id: str) -> Met | None:
        """The attendee as a lead, and the booking in its timeline."""
        booking = self._store.find(booking_id)
        host = self._hosts.find(booking.client_id) if booking else None
        if booking is None or host is None:
            return None
        who = Visitor(booking.email, booking.name, None, booking.timezone, booking.locale)
        values = lead_values(who, f"booking:{booking.type_id}", booking.agreement)
        lead = self._leads.capture(host.acting("bookings"), values, _entry(booking))
        if booking.lead_id != lead.id:
            self._store.sell(booking, replace(booking, lead_id=lead.id), (), (), ())
        return Met(booking.client_id, lead.id, booking.attribution)

    def _end_hold(self, firing: Firing) -> bool:
        if self._hosts.find(firing.tenant) is None:
            return False
        hold = {name: str(value) for name, value in firing.payload.items()}
        self._store.say([hold_message(firing.tenant, hold, firing.due)])
        return True

    def _decline(self, booking: Booking) -> bool:
        if booking.status is not Status.PENDING or booking.starts_at > self._now():
            return False
        self._bookings.end(booking, Status.DECLINED, "It was not confirmed in time", by_attendee=False)
        return True

    def _complete(self, booking: Booking) -> bool:
        if booking.status is not Status.CONFIRMED or booking.ends_at > self._now():
            return False
        self._bookings.end(booking, Status.COMPLETED, None, by_attendee=False)
        return True

    def _remind(self, booking: Booking, firing: Firing) -> bool:
        host = self._hosts.find(booking.client_id)
        if host is None or booking.status is not Status.CONFIRMED or booking.starts_at <= self._now():
            return False
        what = _LETTERS[firing.kind]
        own_id = mail_id(firing.due, booking.id, what, str(booking.sequence))
        mail = self._mails.to_attendee(what, booking, self._people.people(booking.hosts), host, own_id)
        self._store.say([mail.to_message()])
        return True


def _entry(booking: Booking) -> Entry:
    """In the timeline, once for each state and time; said again it is the same entry."""
    moved = booking.sequence and booking.status.holds_time
    event = "rescheduled" if moved else f"booking_{booking.status}"
    return Entry(
        f"{booking.id}-{booking.sequence}-{booking.status}",
        booking.updated_at,
        "booking",
        event,
        booking.type_name,
        None,
        "booking",
        booking.id,
        {"starts_at": booking.starts_at.isoformat(), **booking.attribution},
    )
