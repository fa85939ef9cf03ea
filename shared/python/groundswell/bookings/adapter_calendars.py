"""Reads a public calendar (RFC 5545): fetched on public addresses alone, recurrences by `recurring_ical_events`."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from groundswell.bookings.calendars import BUSY_AT_MOST, CalendarUnread
from groundswell.outbound.model import Bounds, CallFailed, TargetRefused

if TYPE_CHECKING:
    from groundswell.outbound.adapter import SafeClient

_BOUNDS = Bounds(seconds=20, size=3_000_000, redirects=3)
_TOO_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)
_HEADERS = {"accept": "text/calendar", "user-agent": "Groundswell/1.0"}
type Busy = tuple[int, int]


def fetch_busy(client_id: str, address: str, start: datetime, end: datetime, timezone: str) -> list[Busy]:
    """Busy times that touch [start, end), as seconds since 1970. Raises CalendarUnread."""
    import asyncio  # as below

    return busy_times(asyncio.run(_fetched(client_id, address)), start, end, timezone)


def busy_times(body: bytes, start: datetime, end: datetime, timezone: str) -> list[Busy]:
    """Times without a zone, and whole days, are on the clocks of `timezone`. Raises CalendarUnread."""
    # Both are for few types: most messages of the worker are for something else.
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    if _TOO_OFTEN.search(body):
        raise CalendarUnread("recurs_too_often")
    try:
        calendar = Calendar.from_ical(body)
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)
        spans = list(_busy(events, ZoneInfo(timezone)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        raise CalendarUnread("no_calendar") from error
    if len(spans) > BUSY_AT_MOST:
        raise CalendarUnread("too_many_events")
    return spans


def _busy(events: list[Any], zone: ZoneInfo) -> Iterator[Busy]:
    for event in events:
        if _is_free(event):
            continue
        begins, ends = event["DTSTART"].dt, event["DTEND"].dt
        start, end = _moment(begins, zone), _moment(ends, zone)
        if start < end:
            yield int(start.timestamp()), int(end.timestamp())


def _is_free(event: Any) -> bool:
    """RFC 5545 section 3.8.2.7, and what Outlook writes beside it."""
    values = (str(event.get(name, "")).upper() for name in ("TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS"))
    return any(value in ("TRANSPARENT", "CANCELLED", "FREE") for value in values)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


async def _fetched(client_id: str, address: str) -> bytes:
    try:
        answer = await _client().send(client_id, "GET", address, headers=_HEADERS, bounds=_BOUNDS)
    except TargetRefused as error:
        raise CalendarUnread("address_refused") from error
    except CallFailed as error:
        raise CalendarUnread("unreachable") from error
    if not answer.ok:
        raise CalendarUnread(f"http_{answer.status}")
    if answer.truncated:
        raise CalendarUnread("too_large")
    return answer.body


@cache
def _client() -> "SafeClient":
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places

    return SafeClient(loopback_peers(), own=own_places(os.environ["PUBLIC_URL"]))
