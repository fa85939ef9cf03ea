"""What follows by itself: seats go to who waits, mails to everybody, leads, and the turns of the clock."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry
from groundswell.schedules.timers import Firing
from groundswell.visitors.model import Host, Met, Visitor, lead_values, mail_id
from groundswell.webinars.events import registration_message, webinar_message
from groundswell.webinars.mails import WebinarMails
from groundswell.webinars.model import Status, Webinar
from groundswell.webinars.registration import Registration, State, WebinarFull
from groundswell.webinars.timers import END, FOLLOW_UP, OFFER, REMIND_DAY, REMIND_HOUR, START

_LETTERS = {REMIND_DAY: "remind_day", REMIND_HOUR: "remind_hour"}


class FollowingStore(Protocol):
    def find(self, webinar_id: str) -> Webinar | None: ...

    def save(self, before: Webinar | None, after: Webinar, messages: Sequence[Message]) -> Webinar: ...

    def registration(self, webinar: Webinar, registration_id: str) -> Registration | None: ...

    def everybody(self, webinar: Webinar) -> Iterable[Registration]: ...

    def first_waiting(self, webinar: Webinar) -> Registration | None: ...

    def settle(
        self, webinar: Webinar, before: Registration | None, after: Registration, messages: Sequence[Message]
    ) -> Registration: ...

    def say(self, messages: Iterator[Message]) -> None:
        """Those that were said before stay as they were."""


class Hosts(Protocol):
    def find(self, client_id: str) -> Host | None: ...


class Capture(Protocol):
    def capture(self, acting: ClientContext, values: dict[str, object], entry: Entry | None = None) -> Lead:
        """The lead of that e-mail, found or made; the entry is in its timeline once."""
        ...


class Following:
    def __init__(
        self,
        store: FollowingStore,
        hosts: Hosts,
        mails: WebinarMails,
        leads: Capture,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._mails = mails
        self._leads = leads
        self._now = now

    def fire(self, firing: Firing) -> bool:
        """Whether anything came of it: what has changed since the timer was set is left alone."""
        webinar_id, _, registration_id = firing.key.partition(":")
        webinar, host = self._store.find(webinar_id), self._hosts.find(firing.tenant)
        if webinar is None or host is None:
            return False
        if firing.kind == OFFER:
            return self._expire(webinar, host, registration_id)
        if firing.kind in (START, END):
            return self._settle_state(webinar, firing.due)
        if firing.kind == FOLLOW_UP:
            return self._follow_up(webinar, host, firing)
        return not firing.missed and self._remind(webinar, host, firing)

    def fill_seats(self, webinar_id: str) -> int:
        """Offers what is free to who waits, in their order. How many offers were made; doing it again makes none."""
        made = 0
        while self._offer_next(webinar_id):
            made += 1
        return made

    def tell(self, webinar_id: str, what: str, sequence: int, at: datetime) -> None:
        """A change, as of that time and sequence, to everybody who has a place, once each."""
        webinar = self._store.find(webinar_id)
        host = self._hosts.find(webinar.client_id) if webinar else None
        if webinar is None or host is None or webinar.sequence != sequence:
            return  # a later change is told of by itself
        self._store.say(self._letters(webinar, host, what, at, lambda registration: registration.stands))

    def note_lead(self, webinar_id: str, registration_id: str) -> Met | None:
        """The registrant as a lead, and what they did in its timeline."""
        webinar = self._store.find(webinar_id)
        registration = self._store.registration(webinar, registration_id) if webinar else None
        host = self._hosts.find(webinar.client_id) if webinar else None
        if webinar is None or registration is None or host is None:
            return None
        who = Visitor(
            registration.email,
            registration.name,
            registration.company,
            registration.timezone,
            registration.locale,
        )
        values = lead_values(who, f"webinar:{webinar.id}", registration.agreement)
        lead = self._leads.capture(host.acting("webinars"), values, _entry(webinar, registration))
        if registration.lead_id != lead.id:
            self._store.settle(webinar, registration, replace(registration, lead_id=lead.id), ())
        return Met(webinar.client_id, lead.id, registration.attribution)

    def _offer_next(self, webinar_id: str) -> bool:
        webinar, now = self._store.find(webinar_id), self._now()
        host = self._hosts.find(webinar.client_id) if webinar else None
        if webinar is None or host is None or not webinar.at(now).is_open or now >= webinar.closes_at:
            return False
        first = self._store.first_waiting(webinar)
        if first is None or not first.waits:
            return False
        after = first.offered(webinar.offered_until(now), now)
        mail = self._mails.mail("offered", webinar, after, host).to_message()
        message = registration_message(after, f"{after.id}-{after.sequence}-offered-{int(now.timestamp())}")
        try:
            self._store.settle(webinar, first, after, [mail, message])
        except WebinarFull:
            return False
        return True

    def _expire(self, webinar: Webinar, host: Host, registration_id: str) -> bool:
        before, now = self._store.registration(webinar, registration_id), self._now()
        if before is None or before.status is not State.OFFERED or (before.offer_expires_at or now) > now:
            return False
        after = before.ended(State.EXPIRED, now)
        mail = self._mails.mail("expired", webinar, after, host).to_message()
        self._store.settle(
            webinar, before, after, [mail, registration_message(after, f"{after.id}-{after.sequence}-expired")]
        )
        self.fill_seats(webinar.id)
        return True

    def _settle_state(self, webinar: Webinar, due: datetime) -> bool:
        """What it is by the clock is written down, so that lists find it."""
        now = self._now()
        after = webinar.at(now)
        if after.status is webinar.status:
            return False
        event_id = f"{webinar.id}-{webinar.sequence}-{after.status}"
        message = webinar_message(after.status.value, after, event_id, now)
        self._store.save(webinar, replace(after, updated_at=max(webinar.updated_at, due)), [message])
        return True

    def _remind(self, webinar: Webinar, host: Host, firing: Firing) -> bool:
        if not webinar.is_open or webinar.starts_at <= self._now():
            return False
        letters = self._letters(
            webinar,
            host,
            _LETTERS[firing.kind],
            firing.due,
            lambda registration: registration.status is State.CONFIRMED and registration.created_at < firing.due,
        )
        self._store.say(letters)
        return True

    def _follow_up(self, webinar: Webinar, host: Host, firing: Firing) -> bool:
        """Only of what took place: its end, by the clock, is why this timer was set."""
        if webinar.at(self._now()).status is not Status.ENDED:
            return False
        for what, was_there in (("attended", True), ("missed", False)):
            letters = self._letters(
                webinar,
                host,
                what,
                firing.due,
                lambda seat: seat.status is State.CONFIRMED and bool(seat.attended) is was_there,  # noqa: B023 - at once
            )
            self._store.say(letters)
        return True

    def _letters(
        self, webinar: Webinar, host: Host, what: str, at: datetime, wanted: Callable[[Registration], bool]
    ) -> Iterator[Message]:
        """The same mails, by their ids, for the same moment and sequence."""
        for registration in self._store.everybody(webinar):
            if wanted(registration):
                own_id = mail_id(at, registration.id, what, str(webinar.sequence))
                yield self._mails.mail(what, webinar, registration, host, own_id).to_message()


def _entry(webinar: Webinar, registration: Registration) -> Entry:
    """In the timeline; what is said of the same thing again is the same entry."""
    if registration.attended is not None:
        event = "attended" if registration.attended else "missed"
        at = registration.joined_at or webinar.starts_at
    else:
        event, at = f"registration_{registration.status}", registration.created_at
    return Entry(
        f"{registration.id}-{event}",
        at,
        "webinar",
        event,
        webinar.title,
        None,
        "webinar",
        webinar.id,
        {"registration_id": registration.id, **registration.attribution},
    )
