"""Mails about a booking to its attendee and its hosts, and its calendar entry.

Anybody may book for anybody's address: what was typed with it (its notes, the reason of who has its link) is for the
hosts. The attendee's mails and entries have a name from there at most, as names are in mails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundswell.bookings.model import Booking, Status
from groundswell.bookings.places import Places
from groundswell.bookings.texts import TEXTS, TO_HOSTS
from groundswell.calendar.model import Attendee, Event, Method
from groundswell.calendar.writer import write_calendar
from groundswell.kernel.ids import new_id
from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.visitors.dates import local_time
from groundswell.visitors.letters import Letter, filled, language_of, written
from groundswell.visitors.model import Host

_INVITE = frozenset({"confirmed", "rescheduled"})
_CALL_OFF = frozenset({"cancelled", "declined"})
_MANAGED = frozenset({"pending", "confirmed", "rescheduled", "remind_day", "remind_hour"})


@dataclass(frozen=True)
class Person:
    """A host, as calendars and mails name them."""

    id: str
    email: str
    name: str


class BookingMails:
    """`organizer` is the address that calendars name where a host has none."""

    def __init__(self, places: Places, organizer: str) -> None:
        self._places = places
        self._organizer = organizer

    def to_attendee(
        self,
        what: str,
        booking: Booking,
        people: Sequence[Person],
        host: Host,
        mail_id: str | None = None,
        *,
        explained: bool = True,
    ) -> Mail:
        """`what` is a key of the texts. Without an id it is a mail of its own each time. `explained`: the reason is the
        hosts', not of who has the booking's link."""
        language = language_of(booking.locale)
        say = TEXTS.by_locale(language)
        names = {"name": booking.name or "", "title": booking.type_name, "host": _names(people) or host.name}
        lines = [
            filled(say["hello" if booking.name else "hello.nobody"], names),
            filled(say[f"{what}.text"], names),
            say["when"].format(when=local_time(booking.starts_at, booking.timezone, language)),
        ]
        lines += [say["where"].format(where=booking.location)] if booking.location else []
        explained = explained and what in _CALL_OFF
        lines += [say["reason"].format(reason=booking.reason)] if booking.reason and explained else []
        links = [(say["manage"], self._places.manage(booking))] if what in _MANAGED else []
        links += [(say["again"], self._places.page(booking.type_id))] if what in _CALL_OFF else []
        entry = self._attached(what, booking, people, host)
        letter = Letter(filled(say[f"{what}.subject"], names), lines, links, entry)
        return written(letter, booking.email, mail_id or new_id())

    def to_hosts(self, what: str, booking: Booking, people: Sequence[Person], host: Host) -> Iterator[Mail]:
        """In their own calendars' terms: each gets the entry that the attendee has, with the notes."""
        say = TO_HOSTS
        names = {"name": booking.name or booking.email.partition("@")[0], "title": booking.type_name}
        when = local_time(booking.starts_at, host.timezone, "en")
        lines = [filled(say[f"{what}.text"], names), say["when"].format(when=when), booking.email]
        lines += [say["notes"].format(notes=booking.notes)] if booking.notes else []
        lines += [say["reason"].format(reason=booking.reason)] if booking.reason else []
        letter = Letter(
            filled(say[f"{what}.subject"], names),
            lines,
            (),
            self._attached(what, booking, people, host, booking.notes),
        )
        for person in people:
            yield written(letter, person.email, new_id())

    def calendar(self, booking: Booking, people: Sequence[Person], host: Host) -> tuple[str, Method]:
        """The entry as text, as its attendee has it."""
        off = booking.status in (Status.CANCELLED, Status.DECLINED)
        method = Method.CANCEL if off else Method.REQUEST
        return self._written(booking, people, host, method), method

    def _attached(
        self, what: str, booking: Booking, people: Sequence[Person], host: Host, notes: str | None = None
    ) -> str:
        """What was never confirmed is in no calendar, and has not to be taken out of one."""
        if what in _CALL_OFF and booking.sequence:
            return self._written(booking, people, host, Method.CANCEL, notes)
        if what in _INVITE and booking.status is Status.CONFIRMED:
            return self._written(booking, people, host, Method.REQUEST, notes)
        return ""

    def _written(
        self, booking: Booking, people: Sequence[Person], host: Host, method: Method, notes: str | None = None
    ) -> str:
        name = in_mail(booking.name or "")
        organizer = Attendee(people[0].email, people[0].name) if people else Attendee(self._organizer, host.name)
        attendees = [Attendee(booking.email, name or None), *(Attendee(person.email, person.name) for person in people)]
        event = Event(
            uid=f"booking-{booking.id}@groundswell",
            sequence=booking.sequence,
            stamp=booking.updated_at,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            summary=f"{booking.type_name}: {name or booking.email}",
            organizer=organizer,
            attendees=tuple(attendees),
            description=notes,
            location=booking.location,
            created_at=booking.created_at,
            tentative=booking.status is Status.PENDING,
        )
        return write_calendar([event], method)


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.name for person in people)
