"""What visitors do: register, take an offered seat, cancel, join."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.access.model import ClientNotFound
from groundswell.calendar.model import Method
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.visitors.model import Agreement, Host, Visitor, mail_id, mail_window, person_id
from groundswell.webinars.events import registration_message
from groundswell.webinars.mails import WebinarMails
from groundswell.webinars.model import Status, Webinar, WebinarNotFound
from groundswell.webinars.places import Places
from groundswell.webinars.registration import Registration, RegistrationNotFound, State, WebinarFull
from groundswell.webinars.service import for_worker
from groundswell.webinars.texts import TEXTS

_ATTEMPTS = 5
_EARLY = timedelta(minutes=15)
"""Before the start: who opens their link to join from then on attends."""
_MAILS = {
    State.CONFIRMED: "confirmed",
    State.WAITLISTED: "waitlisted",
    State.OFFERED: "offered",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
}


class SeatStore(Protocol):
    def find(self, webinar_id: str) -> Webinar | None: ...

    def registration(self, webinar: Webinar, registration_id: str) -> Registration | None: ...

    def settle(
        self, webinar: Webinar, before: Registration | None, after: Registration, messages: Sequence[Message]
    ) -> Registration:
        """Raises PreconditionFailed, WebinarFull."""
        ...

    def say(self, messages: Iterator[Message]) -> None: ...


class Hosts(Protocol):
    def find(self, client_id: str) -> Host | None:
        """None for a client that is deleted."""
        ...


@dataclass(frozen=True)
class Place:
    """A registration with all that belongs to it. `is_new`: it was made, or made anew, just now."""

    webinar: Webinar
    registration: Registration
    host: Host
    is_new: bool = False


class RegistrationService:
    def __init__(
        self,
        store: SeatStore,
        hosts: Hosts,
        mails: WebinarMails,
        places: Places,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._mails = mails
        self._places = places
        self._now = now
        self._new_id = new_id

    def show(self, webinar_id: str) -> tuple[Webinar, Host]:
        """One that anybody may see. Raises WebinarNotFound."""
        webinar = self._store.find(webinar_id) if can_be_id(webinar_id) else None
        host = self._hosts.find(webinar.client_id) if webinar else None
        if webinar is None or host is None or webinar.status is Status.DRAFT:
            raise WebinarNotFound
        return webinar.at(self._now()), host

    def register(self, webinar_id: str, visitor: Visitor, *, consent: bool, network: str | None) -> Place:
        """A seat, or a place on the waitlist. Whoever has one already keeps it, and gets the mail again.

        Raises WebinarNotFound, RegistrationClosed, WebinarFull.
        """
        webinar, host = self.show(webinar_id)
        webinar.need_open(self._now())
        text = TEXTS.consent(webinar.consent_text, host, visitor.locale)
        agreement = Agreement(consent, self._now(), text, network)
        for left in reversed(range(_ATTEMPTS)):
            before = self._store.registration(webinar, person_id(webinar.id, visitor.email))
            if before and before.stands:
                self._repeat(webinar, before, host)
                return Place(webinar, before, host)
            try:
                return Place(webinar, self._seat(webinar, host, before, visitor, agreement), host, is_new=True)
            except PreconditionFailed:  # the same address, at the same moment
                if not left:
                    raise
        raise PreconditionFailed

    def host(self, client_id: str) -> Host:
        """Raises ClientNotFound."""
        host = self._hosts.find(client_id) if can_be_id(client_id) else None
        if host is None:
            raise ClientNotFound
        return host

    def _repeat(self, webinar: Webinar, registration: Registration, host: Host) -> None:
        """The mail that says how one stands, once more: not more often than every ten minutes, whoever asks."""
        own_id = mail_id(mail_window(self._now()), registration.id, registration.status, str(registration.sequence))
        mail = self._mails.mail(_MAILS[registration.status], webinar, registration, host, own_id)
        self._store.say(iter([mail.to_message()]))

    def _seat(
        self, webinar: Webinar, host: Host, before: Registration | None, visitor: Visitor, agreement: Agreement
    ) -> Registration:
        new = self._made(webinar, before, visitor, agreement)
        try:
            return self._settle(webinar, host, before, new)
        except WebinarFull:
            fresh = self._store.find(webinar.id)
            (fresh or webinar).at(self._now()).need_open(self._now())
            if not webinar.waitlist:
                raise
        waiting = replace(new, status=State.WAITLISTED, queued_at=self._now())
        return self._settle(webinar, host, before, waiting)

    def _made(
        self, webinar: Webinar, before: Registration | None, visitor: Visitor, agreement: Agreement
    ) -> Registration:
        now = self._now()
        new = Registration(
            person_id(webinar.id, visitor.email),
            webinar.id,
            webinar.client_id,
            visitor.email,
            State.CONFIRMED,
            now,
            now,
        )
        kept = before or new
        return replace(
            kept,
            status=State.CONFIRMED,
            updated_at=now,
            name=visitor.name or kept.name,
            company=visitor.company or kept.company,
            timezone=visitor.timezone or kept.timezone,
            locale=visitor.locale or kept.locale,
            agreement=agreement,
            attribution=visitor.attribution or kept.attribution,
            queued_at=None,
            offer_expires_at=None,
        )

    def _settle(self, webinar: Webinar, host: Host, before: Registration | None, after: Registration) -> Registration:
        event_id = self._new_id()
        messages = [
            self._mails.mail(_MAILS[after.status], webinar, after, host).to_message(),
            registration_message(after, f"{event_id}-{after.status}"),
        ]
        if after.status is not State.CANCELLED:
            messages.append(for_worker("lead", webinar, event_id, registration_id=after.id))
        freed = before is not None and before.seats > after.seats
        if freed or after.waits:
            # Who waits is looked for anew: a seat may have become free just before somebody was put on the waitlist.
            messages.append(for_worker("seats", webinar, event_id))
        return self._store.settle(webinar, before, after, messages)

    def own(self, token: str) -> Place:
        """What a token is for. Raises NotFound for a forged one."""
        webinar_id, registration_id = self._places.open(token)
        webinar, host = self.show(webinar_id)
        return Place(webinar, self._need_registration(webinar, registration_id), host)

    def accept(self, webinar_id: str, registration_id: str) -> Place:
        """Take the seat that was offered. Raises OfferExpired, NoOffer."""
        return self._turn(webinar_id, registration_id, lambda registration: registration.accepted(self._now()))

    def cancel(self, webinar_id: str, registration_id: str) -> Place:
        """The seat is free for others. Cancelling again changes nothing."""
        return self._turn(
            webinar_id, registration_id, lambda registration: registration.ended(State.CANCELLED, self._now())
        )

    def join(self, token: str) -> str:
        """Where it takes place. Who comes from a quarter of an hour before the start until the end has attended.

        Raises NotFound, where there is no seat or no address yet.
        """
        place = self.own(token)
        webinar, before, now = place.webinar, place.registration, self._now()
        if webinar.join_url is None or before.status is not State.CONFIRMED or webinar.status is Status.CANCELLED:
            raise RegistrationNotFound
        if webinar.starts_at - _EARLY <= now <= webinar.ends_at and before.joined_at is None:
            self._note(webinar, before, replace(before, attended=True, joined_at=now, updated_at=now))
        return webinar.join_url

    def calendar(self, webinar_id: str, token: str | None) -> tuple[str, Method]:
        """(text, method): with a token the registrant's own. Raises NotFound."""
        if token is None:
            webinar, host = self.show(webinar_id)
            return self._mails.calendar(webinar, None, host)
        place = self.own(token)
        if place.webinar.id != webinar_id:
            raise WebinarNotFound
        return self._mails.calendar(place.webinar, place.registration, place.host)

    def _turn(self, webinar_id: str, registration_id: str, turn: Callable[[Registration], Registration]) -> Place:
        webinar, host = self.show(webinar_id)
        for left in reversed(range(_ATTEMPTS)):
            before = self._need_registration(webinar, registration_id)
            after = turn(before)
            if after == before:
                return Place(webinar, before, host)
            try:
                return Place(webinar, self._settle(webinar, host, before, after), host, is_new=True)
            except PreconditionFailed:
                if not left:
                    raise
        raise PreconditionFailed

    def _note(self, webinar: Webinar, before: Registration, after: Registration) -> None:
        """Nobody is kept from joining because somebody else wrote at the same moment."""
        try:
            self._store.settle(webinar, before, after, ())
        except PreconditionFailed:
            return

    def _need_registration(self, webinar: Webinar, registration_id: str) -> Registration:
        registration = self._store.registration(webinar, registration_id)
        if registration is None:
            raise RegistrationNotFound
        return registration
