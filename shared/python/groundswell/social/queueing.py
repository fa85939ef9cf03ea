"""When a post in an account's queue goes out."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groundswell.kernel.errors import Invalid
from groundswell.social.model import Queue

_WEEKS = 53


def next_slot(queue: Queue, booked_slots: Collection[datetime], now: datetime) -> datetime:
    """The first slot after now that nothing is scheduled for, in UTC.

    Slots are on the clocks of the queue's zone: a slot in the hour that a clock skips goes out an hour later, one in an
    hour that comes twice the first time (RFC 5545 §3.3.5). Raises Invalid for a queue without slots, or with none free.
    """
    if not queue.slots:
        raise Invalid.on("queue", "the account has no slots: set its queue first", "no_slots")
    free = (moment for moment in _moments(queue, now) if moment > now and moment not in booked_slots)
    try:
        return next(free)
    except StopIteration:
        raise Invalid.on("queue", "every slot of a year is taken", "full") from None


def _moments(queue: Queue, now: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(queue.timezone)
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=number) for number in range(_WEEKS * 7)):
        at = sorted(time.fromisoformat(slot.at) for slot in queue.slots if slot.weekday == day.weekday())
        yield from (datetime.combine(day, slot_time, zone).astimezone(UTC) for slot_time in at)
