"""Mails to the registrants of a webinar, and their calendar entries."""

from groundswell.calendar.model import Attendee, Event, Method
from groundswell.calendar.writer import write_calendar
from groundswell.kernel.ids import new_id
from groundswell.mailer.model import Mail
from groundswell.visitors.dates import local_time
from groundswell.visitors.letters import Letter, filled, language_of, written
from groundswell.visitors.model import Host
from groundswell.webinars.model import Status, Webinar
from groundswell.webinars.places import Places
from groundswell.webinars.registration import Registration, State
from groundswell.webinars.texts import TEXTS

_INVITE = frozenset({"confirmed", "moved"})
_CALL_OFF = frozenset({"cancelled", "called_off"})
_WITH_TIME = frozenset({"confirmed", "waitlisted", "offered", "moved", "remind_day", "remind_hour"})
_TO_JOIN = frozenset({"confirmed", "moved", "remind_day", "remind_hour"})
_MANAGED = frozenset({"confirmed", "waitlisted", "moved", "remind_day", "remind_hour"})
AFTERWARDS = frozenset({"attended", "missed"})


class WebinarMails:
    """`organizer` is the address that calendars name."""

    def __init__(self, places: Places, organizer: str) -> None:
        self._places = places
        self._organizer = organizer

    def mail(
        self,
        what: str,
        webinar: Webinar,
        registration: Registration,
        host: Host,
        mail_id: str | None = None,
    ) -> Mail:
        """`what` is a key of the texts. Without an id it is a mail of its own each time."""
        language = language_of(registration.locale)
        say = TEXTS.by_locale(language)
        zone = registration.timezone or webinar.timezone
        names = {"name": registration.name or "", "title": webinar.title, "host": host.name}
        until = registration.offer_expires_at
        lines = [
            filled(say["hello" if registration.name else "hello.nobody"], names),
            filled(say[f"{what}.text"].replace("{until}", local_time(until, zone, language) if until else ""), names),
        ]
        if what in _WITH_TIME:
            lines.append(say["when"].format(when=local_time(webinar.starts_at, zone, language)))
        if what in AFTERWARDS and webinar.follow_up:
            lines.append(webinar.follow_up)
        letter = Letter(
            filled(say[f"{what}.subject"], names),
            lines,
            [(say[label], address) for label, address in self._addresses(what, webinar, registration)],
            self._attached(what, webinar, registration, host),
        )
        return written(letter, registration.email, mail_id or new_id())

    def calendar(self, webinar: Webinar, registration: Registration | None, host: Host) -> tuple[str, Method]:
        """The entry as text. A registrant's names them and how to join; anybody else's says when and where to
        register."""
        if webinar.status is Status.CANCELLED or (registration and registration.status is State.CANCELLED):
            method = Method.CANCEL
        else:
            method = Method.REQUEST if registration else Method.PUBLISH
        return self._written(webinar, registration, host, method), method

    def _attached(self, what: str, webinar: Webinar, registration: Registration, host: Host) -> str:
        if what in _CALL_OFF:
            return self._written(webinar, registration, host, Method.CANCEL)
        return self._written(webinar, registration, host, Method.REQUEST) if what in _INVITE else ""

    def _written(self, webinar: Webinar, registration: Registration | None, host: Host, method: Method) -> str:
        confirmed = registration is not None and registration.status is State.CONFIRMED
        place = self._places.join(registration) if registration and confirmed else self._places.page(webinar)
        event = Event(
            uid=f"webinar-{webinar.id}@groundswell",
            sequence=webinar.sequence + (registration.sequence if registration else 0),
            stamp=max(webinar.updated_at, registration.updated_at) if registration else webinar.updated_at,
            starts_at=webinar.starts_at,
            ends_at=webinar.ends_at,
            summary=webinar.title,
            organizer=Attendee(self._organizer, host.name),
            attendees=(Attendee(registration.email, registration.name),) if registration else (),
            description=webinar.description,
            location=place,
            url=place,
            created_at=webinar.created_at,
            tentative=registration is not None and not confirmed,
        )
        return write_calendar([event], method)

    def _addresses(self, what: str, webinar: Webinar, registration: Registration) -> list[tuple[str, str]]:
        """(key of the label, address)."""
        links = []
        if what == "offered":
            links.append(("take", self._places.manage(registration)))
        if what in _TO_JOIN and webinar.join_url:
            links.append(("join", self._places.join(registration)))
        if what in _MANAGED:
            links.append(("manage", self._places.manage(registration)))
        if what in ("expired", "cancelled"):
            links.append(("register", self._places.page(webinar)))
        if what in AFTERWARDS and webinar.recording_url:
            links.append(("recording", webinar.recording_url))
        return links
