"""Free times as a page shows them: two weeks, by day, on the visitor's clocks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from functions.public.visits import shown_date
from groundswell.bookings.service import FreeSlot
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.ranges import zone
from groundswell.pages.model import Visit

SHOWN = timedelta(days=14)


def first_shown(visit: Visit, now: datetime) -> datetime:
    """The day that the page begins with, as its address says."""
    try:
        first = datetime.fromisoformat(visit.query.get("from", ""))
    except ValueError:
        return now
    return max(now, first) if first.tzinfo else now


def days(free: Sequence[FreeSlot], timezone: str, visit: Visit) -> list[dict[str, Any]]:
    """Each with its times, and where a time leads."""
    clocks = zone(timezone)
    kept = {name: value for name, value in visit.query.items() if name not in ("at", "from")}
    shown = []
    for _, slots in groupby(free, key=lambda free_slot: free_slot.slot.starts_at.astimezone(clocks).date()):
        times = list(slots)
        shown.append(
            {
                "date": shown_date(times[0].slot.starts_at, timezone, visit),
                "times": [_time(time, timezone, kept) for time in times],
            }
        )
    return shown


def pages(visit: Visit, first: datetime, now: datetime) -> dict[str, str | None]:
    """Where the two weeks before and after are."""
    kept = {name: value for name, value in visit.query.items() if name not in ("at", "from")}

    def address(moment: datetime) -> str:
        return "?" + urlencode({**kept, "from": rfc3339(moment)})

    earlier = address(max(now, first - SHOWN)) if first > now else None
    return {"earlier": earlier, "later": address(first + SHOWN)}


def _time(free: FreeSlot, timezone: str, kept: dict[str, str]) -> dict[str, str]:
    at = free.slot.starts_at
    clock = f"{at.astimezone(zone(timezone)):%H:%M}"
    return {"clock": clock, "href": "?" + urlencode({**kept, "timezone": timezone, "at": rfc3339(at)})}
