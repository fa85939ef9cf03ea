"""What the readers answer. Times are milliseconds since 1970, UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, Event
from groundswell.events.eventlog.records import Tally
from groundswell.events.eventlog.window import END_OF_TIME, Window
from groundswell.kernel.errors import Invalid

MOST_BUCKETS = 11_000
EVENTS = "events"
"""The metric that counts events; every other name is a custom metric."""


class Measure(StrEnum):
    COUNT = "count"
    SUM = "sum"
    """Of the events' values: revenue, or a custom metric's."""
    UNIQUE = "unique"
    """Different persons."""


class Granularity(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def step(self) -> int:
        """How long a bucket is in UTC; a month and a quarter are of no fixed length, and 0."""
        return {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}.get(self.value, 0)

    def recent(self, now: int, start: int | None, end: int | None) -> Window:
        """The range asked for. What is left open: up to and with the current bucket, and as long as one looks at."""
        buckets = {"minute": 60, "hour": 24, "day": 30}[self.value]
        until = (now // self.step + 1) * self.step if end is None else end
        return Window(max(0, until - buckets * self.step) if start is None else start, until)


@dataclass(frozen=True)
class Question:
    """One series: of one name, or of all."""

    window: Window
    granularity: Granularity
    name: str | None = None
    tz: str = "UTC"

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if not self.window:
            raise Invalid.on("to", "must be after `from`")
        if self.window.start < 0 or self.window.end > END_OF_TIME:
            raise Invalid.on("from", "must be between 1970 and 9999")
        step = self.granularity.step
        if step and -(-self.window.end // step) - self.window.start // step > MOST_BUCKETS:
            raise Invalid.on(
                "granularity", f"more than {MOST_BUCKETS} buckets: choose a coarser one or a shorter range"
            )


@dataclass(frozen=True)
class Point:
    """One bucket, by its start."""

    ts: int
    tally: Tally


@dataclass(frozen=True)
class Series:
    """Everything received up to about `as_of` is in it."""

    points: tuple[Point, ...]
    total: Tally
    as_of: int


@dataclass(frozen=True)
class Filter:
    """Which events a list shows. `user_id` and `name` match exactly; `currency` is of events with a value."""

    window: Window
    name: str | None = None
    user_id: str | None = None
    kind: str | None = None
    currency: str | None = None


PAGE_BYTES = 2_500_000
"""Of events in one answer: Lambda's has 6 MB at most, in which every quotation mark is escaped."""


@dataclass(frozen=True)
class Seen:
    """An event of the log, and when it was received."""

    event: Event
    received: int

    @property
    def size(self) -> int:
        """About how many bytes an answer spends on it."""
        event = self.event
        parts = (event.properties, event.traits, event.context, event.web3, event.source, event.extra)
        return 1_000 + len(event.name) + sum(map(len, parts))


def fitting(events: Iterable[Seen]) -> int:
    """How many of the first events one answer has room for: at least one."""
    size = count = 0
    for count, event in enumerate(events):
        size += event.size
        if count and size > PAGE_BYTES:
            return count
    return count + 1


@dataclass(frozen=True)
class MetricPoint:
    """One value of a custom metric. `dimensions` is a raw JSON object."""

    id: str
    name: str
    value: Decimal
    ts: int
    dimensions: bytes
