"""What organizers do with webinars."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.visitors.model import QUEUE
from groundswell.webinars.events import webinar_message
from groundswell.webinars.model import Order, Seats, Status, Webinar, WebinarInUse, WebinarNotFound, WebinarOver
from groundswell.webinars.registration import Registration, RegistrationNotFound

type Values = Mapping[str, Any]
_ATTEMPTS = 4
_STILL_OPEN = frozenset({"recording_url", "follow_up", "title", "description"})
"""What of a webinar changes when it is over."""


class WebinarStore(Protocol):
    def find(self, webinar_id: str) -> Webinar | None: ...

    def page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        text: str | None,
        order: Order,
        limit: int,
        position: Position | None,
    ) -> CountedPage[Webinar]: ...

    def seats(self, webinars: Sequence[Webinar]) -> dict[str, Seats]: ...

    def save(self, before: Webinar | None, after: Webinar, messages: Sequence[Message]) -> Webinar:
        """Raises PreconditionFailed, CapacityTooSmall."""

    def remove(self, webinar: Webinar, noted: Entry) -> None: ...

    def registration(self, webinar: Webinar, registration_id: str) -> Registration | None: ...

    def registrations(
        self, webinar: Webinar, limit: int, position: Position | None, *, newest_first: bool = True
    ) -> Page[Registration]: ...

    def everybody(self, webinar: Webinar) -> Iterable[Registration]: ...

    def settle(
        self, webinar: Webinar, before: Registration | None, after: Registration, messages: Sequence[Message]
    ) -> Registration: ...


def for_worker(event: str, webinar: Webinar, event_id: str, **more: str) -> Message:
    """What the worker `business` is to do for a webinar."""
    body = {"event": f"webinar.{event}", "client_id": webinar.client_id, "webinar_id": webinar.id, **more}
    return Message(QUEUE, f"{event_id}-{event}", json.dumps(body))


class WebinarService:
    def __init__(self, store: WebinarStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        text: str | None,
        order: Order,
        limit: int,
        position: Position | None,
    ) -> CountedPage[tuple[Webinar, Seats]]:
        counted = self._store.page(client_id, statuses, text, order, limit, position)
        seats = self._store.seats(counted.page.items)
        now = self._now()
        return counted.map(lambda webinar: (webinar.at(now), seats.get(webinar.id, Seats())))

    def get(self, client_id: str, webinar_id: str) -> Webinar:
        """As it is by the clock. Raises WebinarNotFound."""
        return self._stored(client_id, webinar_id).at(self._now())

    def find(self, webinar_id: str) -> Webinar:
        """Whosever it is. Raises WebinarNotFound."""
        webinar = self._store.find(webinar_id) if can_be_id(webinar_id) else None
        if webinar is None:
            raise WebinarNotFound
        return webinar.at(self._now())

    def _stored(self, client_id: str, webinar_id: str) -> Webinar:
        webinar = self._store.find(webinar_id) if can_be_id(webinar_id) else None
        if webinar is None or webinar.client_id != client_id:
            raise WebinarNotFound
        return webinar

    def seats(self, webinar: Webinar) -> Seats:
        return self._store.seats([webinar]).get(webinar.id, Seats())

    def create(self, acting: ClientContext, values: Values) -> Webinar:
        """A draft, or published at once. Raises Invalid."""
        now = self._now()
        status = values.get("status", Status.DRAFT)
        plain = {name: value for name, value in values.items() if name != "status"}
        plain.setdefault("timezone", acting.timezone)
        new = Webinar(self._new_id(), acting.client_id, acting.actor_id, now, now, **plain)
        new.need_valid()
        new = new.moved_to(status, now)
        return self._store.save(None, new, self._news(None, new))

    def update(self, acting: ClientContext, webinar_id: str, changes: Values, expected: int | None) -> Webinar:
        """Raises WebinarNotFound, PreconditionFailed, Invalid, WebinarMoves, WebinarOver, CapacityTooSmall."""

        def change() -> Webinar:
            webinar = self._stored(acting.client_id, webinar_id)
            require_version(expected, webinar.version)
            return self._change(webinar, changes)

        for _ in range(_ATTEMPTS - 1 if expected is None else 0):
            try:
                return change()
            except PreconditionFailed:
                continue
        return change()

    def _change(self, stored: Webinar, changes: Values) -> Webinar:
        now = self._now()
        before = stored.at(now)
        plain = {name: value for name, value in changes.items() if name != "status"}
        if before.status in (Status.ENDED, Status.CANCELLED) and not plain.keys() <= _STILL_OPEN:
            raise WebinarOver
        after = replace(before, **plain).moved_to(changes.get("status", before.status), now)
        after.need_valid()
        if after == stored:
            return stored
        called_off = after.status is Status.CANCELLED and before.status is not Status.CANCELLED
        if after.calendars_differ(before) or called_off:
            after = replace(after, sequence=before.sequence + 1)
        if before.status is Status.PUBLISHED and after.status is Status.DRAFT:
            self._need_unused(before)
        after = replace(after, updated_at=now)
        return self._store.save(stored, after, self._news(before, after))

    def delete(self, acting: ClientContext, webinar_id: str, expected: int | None) -> None:
        """For good, with its registrations. Raises WebinarNotFound, PreconditionFailed, WebinarInUse."""
        webinar = self._stored(acting.client_id, webinar_id)
        require_version(expected, webinar.version)
        if webinar.at(self._now()).is_open:
            self._need_unused(webinar)
        details = {"client_id": acting.client_id, "title": webinar.title}
        target = f"webinar:{webinar.id}"
        self._store.remove(webinar, Entry(acting.org_id, "webinar.deleted", acting.actor_id, target, details))

    def registrations(
        self, acting: ClientContext, webinar_id: str, limit: int, position: Position | None
    ) -> Page[Registration]:
        """Newest first. Raises WebinarNotFound."""
        return self._store.registrations(self.get(acting.client_id, webinar_id), limit, position)

    def registration(self, client_id: str, webinar_id: str, registration_id: str) -> tuple[Webinar, Registration]:
        """Raises WebinarNotFound, RegistrationNotFound."""
        webinar = self.get(client_id, webinar_id)
        registration = self._store.registration(webinar, registration_id) if can_be_id(registration_id) else None
        if registration is None:
            raise RegistrationNotFound
        return webinar, registration

    def _need_unused(self, webinar: Webinar) -> None:
        seats = self.seats(webinar)
        if seats.taken or seats.waiting:
            where = [{"type": "registrations", "taken": seats.taken, "waiting": seats.waiting}]
            raise WebinarInUse(details={"where": where})

    def _news(self, before: Webinar | None, after: Webinar) -> list[Message]:
        """Who hears of a change: webhooks, registrants by way of the worker, and who waits for a seat."""
        what, event_id = _turn(before, after), self._new_id()
        news = [webinar_message(what, after, f"{event_id}-{what}", after.updated_at)] if what else []
        if what in ("cancelled", "rescheduled"):
            letter = "called_off" if what == "cancelled" else "moved"
            at = rfc3339(after.updated_at)
            news.append(for_worker("tell", after, event_id, what=letter, sequence=str(after.sequence), at=at))
        if before is not None and before.capacity != after.capacity and after.is_open:
            news.append(for_worker("seats", after, event_id))
        return news


def _turn(before: Webinar | None, after: Webinar) -> str | None:
    if before is None or before.status is not after.status:
        return None if after.status is Status.DRAFT else after.status.value
    moved = (before.starts_at, before.duration_minutes) != (after.starts_at, after.duration_minutes)
    return "rescheduled" if moved and after.is_open else None
