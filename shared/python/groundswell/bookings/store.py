"""Bookings in DynamoDB (how they lie there: `items`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.bookings.agenda import HostDay
from groundswell.bookings.calendars import HostBusy
from groundswell.bookings.items import (
    LISTING,
    BookingItem,
    BookingTypeItem,
    HostBusyItem,
    agenda_pk,
    booked_key,
    booking_item,
    booking_pk,
    busy_key,
    busy_pk,
    busy_sk,
    entry,
    host_busy_item,
    host_day,
    host_day_item,
    type_item,
    type_pk,
)
from groundswell.bookings.model import Booking, BookingType, Filter, Order
from groundswell.bookings.timers import CALENDARS, calendars_timer, timers_of
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.listing import Selection, tallied
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, find_many, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, check_version, delete, delete_row, put, put_row, write
from groundswell.visitors.adapter_messages import leave_messages


class DynamoTypeStore:
    def find(self, type_id: str) -> BookingType | None:
        return find(BookingType, BookingTypeItem, type_pk(type_id), "TYPE")

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[BookingType]:
        return list_page(BookingType, BookingTypeItem, f"CLIENT#{client_id}", "BOOKINGTYPE", limit, position)

    def save(self, kind: BookingType) -> BookingType:
        """Its outside calendars are read within a minute. Raises PreconditionFailed."""
        item = type_item(kind)
        timer = calendars_timer(kind.client_id, kind.id, kind.updated_at)
        write([put(item), *([set_timer(timer)] if kind.calendars else ())])
        return replace(kind, version=int(item.version or 0))

    def remove(self, kind: BookingType, noted: Entry) -> None:
        busy = [delete_row("core", busy_key(kind, host)) for host in kind.calendars]
        timed = [cancel_timer(kind.client_id, CALENDARS, kind.id)] if kind.calendars else []
        write([delete(type_item(kind)), note(noted), *busy, *timed])


class DynamoBookingStore:
    def find(self, booking_id: str) -> Booking | None:
        return find(Booking, BookingItem, booking_pk(booking_id), "BOOKING")

    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Booking]:
        ids = LISTING.page(client_id, _selection(wanted, order), limit, position)
        keys = [{"pk": {"S": booking_pk(booking_id)}, "sk": {"S": "BOOKING"}} for booking_id in ids.items]
        rows = get_rows("core", [*keys, LISTING.tally_key(client_id, "client")])
        bookings = {row["id"]["S"]: _booking(row) for row in rows if row["kind"]["S"] == "booking"}
        listed = tuple(bookings[booking_id] for booking_id in ids.items if booking_id in bookings)
        return CountedPage(Page(listed, ids.next), _total(wanted, rows))

    def days(self, client_id: str, hosts: Sequence[str], days: Sequence[str]) -> tuple[HostDay, ...]:
        """Those that have anything: one call for 100."""
        keys = [{"pk": {"S": agenda_pk(client_id, host)}, "sk": {"S": day}} for host in hosts for day in days]
        return tuple(map(host_day, get_rows("core", keys)))

    def agenda(self, client_id: str, hosts: Sequence[str], first: str, last: str) -> list[HostDay]:
        """All of those days, both included: one Query a host."""
        return [host_day(row) for host in hosts for row in _between(agenda_pk(client_id, host), first, last)]

    def busy(self, kind: BookingType) -> tuple[HostBusy, ...]:
        """When its hosts are busy elsewhere, as it was read last: one call."""
        keys = [(busy_pk(kind.client_id), busy_sk(kind.id, host)) for host in kind.calendars]
        return find_many(HostBusy, HostBusyItem, keys)

    def keep_busy(self, busy: HostBusy) -> None:
        write([put_row("core", {**host_busy_item(busy).serialize(), "version": {"N": "1"}})])

    def wake(self, kind: BookingType, at: datetime) -> None:
        write([set_timer(calendars_timer(kind.client_id, kind.id, at))])

    def sell(
        self,
        before: Booking | None,
        after: Booking | None,
        changed: Sequence[HostDay],
        unchanged: Sequence[HostDay],
        messages: Sequence[Message],
        *,
        timers: Sequence[Timer] = (),
        cancelled: Sequence[Timer] = (),
    ) -> Booking | None:
        """A booking with the time that it takes, or (None) a hold's time alone; `timers` and those that are `cancelled`
        are holds'. Raises PreconditionFailed where anybody else wrote first."""
        held = [
            *map(set_timer, timers),
            *(cancel_timer(timer.tenant, timer.kind, timer.key) for timer in cancelled),
        ]
        days = [put(host_day_item(day)) for day in changed]
        checks = [
            check_version(agenda_pk(day.client_id, day.host_id), day.day, day.version, PreconditionFailed())
            for day in unchanged
        ]
        if after is None:
            write([*days, *checks, *held], messages)
            return None
        item = booking_item(after)
        write([put(item), *days, *checks, *held, *_listing_and_timers(before, after)], messages)
        return replace(after, version=int(item.version or 0))

    def remove(self, booking: Booking, changed: Sequence[HostDay]) -> None:
        """For good, with the time that it took."""
        gone = LISTING.changes(booking.client_id, entry(booking), None)
        timers = [cancel_timer(booking.client_id, kind, booking.id) for kind in timers_of(booking, booking.created_at)]
        days = [put(host_day_item(day)) for day in changed]
        known = delete_row("core", booked_key(booking.client_id, booking.email, booking.id))
        write([delete(booking_item(booking)), known, *days, *gone, *timers])

    def say(self, messages: Iterable[Message]) -> None:
        leave_messages(messages)


def _listing_and_timers(before: Booking | None, after: Booking) -> list[Change]:
    listed = LISTING.changes(after.client_id, entry(before) if before else None, entry(after))
    old = timers_of(before, before.updated_at) if before else {}
    new = timers_of(after, after.updated_at)
    gone = [cancel_timer(after.client_id, kind, after.id) for kind in old if kind not in new]
    set_anew = [set_timer(timer) for kind, timer in new.items() if old.get(kind) != timer]
    known = {**booked_key(after.client_id, after.email, after.id), "kind": {"S": "booked"}}
    return [*listed, *gone, *set_anew, *([] if before else [put_row("core", known)])]


def _booking(row: dict[str, Any]) -> Booking:
    return from_item(Booking, BookingItem.from_raw_data(row))


def _selection(wanted: Filter, order: Order) -> Selection:
    statuses = tuple(status.value for status in wanted.statuses)
    named = {"host": wanted.host_ids, "type": wanted.type_ids, "status": statuses}
    facts = {name: tuple(dict.fromkeys(values)) for name, values in named.items() if values}
    served = next((name for name, values in facts.items() if len(values) <= 2), None)
    views = tuple(f"{served}={value}" for value in facts.pop(served)) if served else ("all",)
    starts = tuple(rfc3339(moment) if moment else None for moment in (wanted.starts_from, wanted.starts_to))
    return Selection(
        views,
        order.by,
        newest_first=order.descending,
        facts=facts,
        texts={"email": wanted.email} if wanted.email else {},
        ranges={"starts_at": (starts[0], starts[1])} if any(starts) else {},
    )


def _total(wanted: Filter, rows: Sequence[Mapping[str, Any]]) -> int | None:
    if wanted.host_ids or wanted.type_ids or wanted.starts_from or wanted.starts_to or wanted.email:
        return None
    fields = [f"status={status}" for status in dict.fromkeys(wanted.statuses)] or ["total"]
    return tallied(rows, fields)


def _between(pk: str, first: str, last: str) -> Iterator[Mapping[str, Any]]:
    """Rows whose sort keys lie in [first, last]."""
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": last}},
        )
    )
    for page in pages:
        yield from page["Items"]
