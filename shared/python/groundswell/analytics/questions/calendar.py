"""Where buckets begin in a time zone: local hours, days, weeks and months through every change of the clocks."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

from groundswell.analytics.questions.model import MOST_BUCKETS, Granularity
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import END_OF_TIME, Window
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone

_RECENT = {"minute": 60, "hour": 24, "day": 30, "week": 12, "month": 12, "quarter": 8}
_MONTHS = {"month": 1, "quarter": 3}
_FIXED = (Granularity.MINUTE, Granularity.HOUR)
_OF_UTC = (*_FIXED, Granularity.DAY)
_LAST_YEAR = 9000


class Calendar:
    """Buckets of one granularity. Times are ms since 1970; a bucket begins where the one before ends.

    A day begins when its date first shows on local clocks, a week on Monday (or `week_start` days later), a month on
    its first day, a quarter with January, April, July and October. Minutes and hours are those of local clocks too; one
    that the clocks cut short is a bucket of its own.
    """

    def __init__(self, granularity: Granularity, tz: str = "UTC", week_start: int = 0) -> None:
        """Raises Invalid."""
        self._week_start = week_start
        self.granularity = granularity
        self.zone = zone(tz)
        self._utc = tz == "UTC"

    def recent(self, now: int, start: int | None = None, end: int | None = None) -> Window:
        """The range asked for. What is left open: up to and with the current bucket, and as long as one looks at."""
        if self._utc and self.granularity in _OF_UTC:
            return self.granularity.recent(now, start, end)
        until = self.after(self.floor(now)) if end is None else end
        if start is None:
            start = self.floor(max(0, until - 1))
            for _ in range(_RECENT[self.granularity] - 1):
                start = self.floor(start - 1) if start > 0 else start
        return Window(max(0, start), until)

    def floor(self, ts: int) -> int:
        """The start of the bucket that `ts` lies in."""
        if self.granularity in _FIXED:
            return self._fixed_floor(ts)
        first = self._first(self._local(ts).date())
        begins = self._begin(first)
        return begins if begins <= ts else self._begin(self._first(first - timedelta(days=1)))

    def after(self, start: int) -> int:
        """The end of the bucket that begins there."""
        if self.granularity in _FIXED:
            return self._fixed_end(start)
        first = self._first(self._local(start).date())
        while (end := self._begin(first := self._next(first))) <= start:
            pass  # a day that a zone skipped
        return end

    def starts(self, window: Window) -> list[int]:
        """The starts of all buckets that the window touches, oldest first. Raises Invalid where they are too many."""
        if not window:
            raise Invalid.on("to", "must be after `from`")
        if window.start < 0 or window.end > END_OF_TIME or self._local(window.end - 1).year > _LAST_YEAR:
            raise Invalid.on("from", "must be between 1970 and 9000")
        step = self.granularity.step or 28 * DAY
        if (window.end - window.start) // step > MOST_BUCKETS:
            raise _too_many()
        starts = list(takewhile(lambda start: start < window.end, self._from(self.floor(window.start))))
        if len(starts) > MOST_BUCKETS:
            raise _too_many()
        return starts

    def spelled(self, ts: int) -> str:
        """RFC 3339 in the zone, `Z` for UTC."""
        return self._local(ts).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _from(self, start: int) -> Iterator[int]:
        while True:
            yield start
            start = self.after(start)

    def _local(self, ts: int) -> datetime:
        return datetime.fromtimestamp(ts / 1000, UTC).astimezone(self.zone)

    def _offset(self, ts: int) -> int:
        if self._utc:
            return 0
        return round(self._local(ts).utcoffset().total_seconds() * 1000)  # type: ignore[union-attr]

    def _fixed_floor(self, ts: int) -> int:
        offset = self._offset(ts)
        start = (ts + offset) // self.granularity.step * self.granularity.step - offset
        return start if self._offset(start) == offset else self._change(start, ts)

    def _fixed_end(self, start: int) -> int:
        offset = self._offset(start)
        end = ((start + offset) // self.granularity.step + 1) * self.granularity.step - offset
        return end if self._offset(end - 1) == offset else self._change(start, end - 1)

    def _change(self, before: int, after: int) -> int:
        """The first millisecond with the offset of `after`."""
        offset = self._offset(after)
        return bisect_right(range(before, after), False, key=lambda ts: self._offset(ts) == offset) + before

    def _first(self, day: date) -> date:
        if self.granularity is Granularity.WEEK:
            return day - timedelta(days=(day.weekday() - self._week_start) % 7)
        months = _MONTHS.get(self.granularity)
        return day.replace(month=(day.month - 1) // months * months + 1, day=1) if months else day

    def _next(self, first: date) -> date:
        if months := _MONTHS.get(self.granularity):
            return (first + timedelta(days=31 * months)).replace(day=1)
        return first + timedelta(days=7 if self.granularity is Granularity.WEEK else 1)

    def _begin(self, day: date) -> int:
        """When that date first shows on local clocks: midnight, or later where the clocks skip it."""
        at = round(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1000)
        if self._local(at).replace(tzinfo=None) == datetime(day.year, day.month, day.day):  # noqa: DTZ001
            return at
        return bisect_right(range(at - DAY, at), False, key=lambda ts: self._local(ts).date() >= day) + at - DAY


def _too_many() -> Invalid:
    return Invalid.on("granularity", f"more than {MOST_BUCKETS} buckets: choose a coarser one or a shorter range")


class Buckets:
    """Which bucket a time lies in."""

    def __init__(self, starts: list[int]) -> None:
        self.starts = starts

    def of(self, ts: int) -> int:
        """The start of its bucket."""
        return self.starts[max(0, bisect_right(self.starts, ts) - 1)]
