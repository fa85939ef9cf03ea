"""Webinars in DynamoDB (how they lie there: `items`)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.storage.deletion import delete_partition
from groundswell.storage.listing import Selection, tallied
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows, list_page
from groundswell.storage.transaction import Change, delete, delete_row, put, put_row, write
from groundswell.visitors.adapter_messages import leave_messages
from groundswell.webinars.adapter_seats import seats_for, seats_moved
from groundswell.webinars.items import (
    LISTING,
    PREFIX,
    RegistrationItem,
    WebinarItem,
    entry,
    registration_item,
    seats_key,
    seats_pk,
    waiting_key,
    webinar_item,
    webinar_pk,
)
from groundswell.webinars.model import Order, Seats, Status, Webinar
from groundswell.webinars.registration import Registration, State
from groundswell.webinars.timers import OFFER, offer_key, offer_timer, timers_of

_TOGETHER = 100


class DynamoWebinarStore:
    def find(self, webinar_id: str) -> Webinar | None:
        return find(Webinar, WebinarItem, webinar_pk(webinar_id), PREFIX)

    def page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        text: str | None,
        order: Order,
        limit: int,
        position: Position | None,
    ) -> CountedPage[Webinar]:
        views = tuple(f"status={status}" for status in dict.fromkeys(statuses)) or ("all",)
        texts = {"title": text.lower()} if text else {}
        wanted = Selection(views, order.by, newest_first=order.descending, texts=texts)
        ids = LISTING.page(client_id, wanted, limit, position)
        keys = [{"pk": {"S": webinar_pk(webinar_id)}, "sk": {"S": PREFIX}} for webinar_id in ids.items]
        rows = get_rows("core", [*keys, LISTING.tally_key(client_id, "client")])
        webinars = {row["id"]["S"]: _webinar(row) for row in rows if row["kind"]["S"] == "webinar"}
        fields = [f"status={status}" for status in dict.fromkeys(statuses)] or ["total"]
        total = None if text else tallied(rows, fields)
        return CountedPage(
            Page(tuple(webinars[webinar_id] for webinar_id in ids.items if webinar_id in webinars), ids.next), total
        )

    def seats(self, webinars: Sequence[Webinar]) -> dict[str, Seats]:
        """By webinar."""
        rows = get_rows("core", [seats_key(webinar) for webinar in webinars])
        return {
            row["pk"]["S"].rpartition("#")[2]: Seats(int(row["taken"]["N"]), int(row["waiting"]["N"])) for row in rows
        }

    def save(self, before: Webinar | None, after: Webinar, messages: Sequence[Message]) -> Webinar:
        """Raises PreconditionFailed if someone else wrote first, CapacityTooSmall."""
        item = webinar_item(after)
        listed = LISTING.changes(after.client_id, entry(before) if before else None, entry(after))
        counted = before is None or (before.capacity, before.is_open) != (after.capacity, after.is_open)
        seats = [seats_for(after)] if counted else []
        write([put(item), *listed, *seats, *_timed(before, after)], messages)
        return replace(after, version=int(item.version or 0))

    def remove(self, webinar: Webinar, noted: Entry) -> None:
        """With all registrations. Raises PreconditionFailed. What is left when it dies half-way belongs to nobody and
        goes with the client; it is found by nothing."""
        timers = [cancel_timer(webinar.client_id, kind, webinar.id) for kind in timers_of(webinar, webinar.created_at)]
        gone = LISTING.changes(webinar.client_id, entry(webinar), None)
        write([delete(webinar_item(webinar)), *gone, *timers, note(noted)])
        for _ in delete_partition("core", seats_pk(webinar.client_id, webinar.id)):
            pass

    def registration(self, webinar: Webinar, registration_id: str) -> Registration | None:
        pk = seats_pk(webinar.client_id, webinar.id)
        return find(Registration, RegistrationItem, pk, f"REG#{registration_id}")

    def registrations(
        self, webinar: Webinar, limit: int, position: Position | None, *, newest_first: bool = True
    ) -> Page[Registration]:
        pk = seats_pk(webinar.client_id, webinar.id)
        return list_page(Registration, RegistrationItem, pk, "REG", limit, position, newest_first=newest_first)

    def everybody(self, webinar: Webinar) -> Iterator[Registration]:
        """All there are, read consistently, in no order."""
        keys = RegistrationItem.sk.startswith("REG#")
        pk = seats_pk(webinar.client_id, webinar.id)
        for item in RegistrationItem.query(pk, keys, consistent_read=True, page_size=_TOGETHER):
            yield from_item(Registration, item)

    def first_waiting(self, webinar: Webinar) -> Registration | None:
        pk, keys = seats_pk(webinar.client_id, webinar.id), WebinarItem.sk.startswith("WAIT#")
        row = next(iter(WebinarItem.query(pk, keys, consistent_read=True, limit=1, attributes_to_get=["sk"])), None)
        return self.registration(webinar, row.sk.rpartition("#")[2]) if row else None

    def settle(
        self, webinar: Webinar, before: Registration | None, after: Registration, messages: Sequence[Message]
    ) -> Registration:
        """The registration with its seat, its place on the waitlist and the offer's timer, together. Raises
        PreconditionFailed if someone else wrote first, WebinarFull."""
        item = registration_item(after)
        write(
            [put(item), *seats_moved(webinar, before, after), *_queued(before, after), *_offered(before, after)],
            messages,
        )
        return replace(after, version=int(item.version or 0))

    def forget(self, webinar: Webinar, registration: Registration) -> None:
        """Take it out, with its seat or its place on the waitlist. Raises PreconditionFailed."""
        gone = replace(registration, status=State.CANCELLED)
        seats = seats_moved(webinar, registration, gone)
        write(
            [
                delete(registration_item(registration)),
                *seats,
                *_queued(registration, gone),
                *_offered(registration, gone),
            ]
        )

    def say(self, messages: Iterator[Message]) -> None:
        leave_messages(messages)


def _webinar(row: dict[str, Any]) -> Webinar:
    return from_item(Webinar, WebinarItem.from_raw_data(row))


def _queued(before: Registration | None, after: Registration) -> list[Change]:
    old = waiting_key(before) if before and before.waits else None
    new = waiting_key(after) if after.waits else None
    if old == new:
        return []
    row = [put_row("core", {**new, "kind": {"S": "webinar_waiting"}})] if new else []
    return [*([delete_row("core", old)] if old else []), *row]


def _offered(before: Registration | None, after: Registration) -> list[Change]:
    old, new = offer_timer(before) if before else None, offer_timer(after)
    if new:
        return [set_timer(new)] if new != old else []
    return [cancel_timer(after.client_id, OFFER, offer_key(after))] if old else []


def _timed(before: Webinar | None, after: Webinar) -> list[Change]:
    old = timers_of(before, before.updated_at) if before else {}
    new = timers_of(after, after.updated_at)
    gone = [cancel_timer(after.client_id, kind, after.id) for kind in old if kind not in new]
    return [*gone, *(set_timer(timer) for kind, timer in new.items() if old.get(kind) != timer)]
