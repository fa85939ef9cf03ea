"""What events brought in. Amounts of different currencies are never added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from groundswell.analytics.questions.calendar import Buckets
from groundswell.analytics.questions.series import Counted
from groundswell.events.eventlog.model import NO_CURRENCY
from groundswell.events.eventlog.records import EXACT


@dataclass(frozen=True)
class Takings:
    """One bucket, by its start: how many events, and the exact sum of their values in each currency."""

    ts: int
    count: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True)
class Revenue:
    """Everything received up to about `as_of` is in it. `total` is of the whole range."""

    points: tuple[Takings, ...]
    total: Takings
    as_of: int


def revenue(starts: list[int], counted: Iterable[Counted], as_of: int) -> Revenue:
    """Every bucket of the range, empty ones too, by their `starts`."""
    buckets, counts = Buckets(starts), dict.fromkeys(starts, 0)
    sums: dict[int, dict[str, Decimal]] = {start: {} for start in starts}
    whole: dict[str, Decimal] = {}
    for ts, tally, currency in counted:
        bucket = buckets.of(ts)
        counts[bucket] += tally.count
        if tally.total is not None:
            for totals in (sums[bucket], whole):
                _take(totals, currency or NO_CURRENCY, tally.total)
    points = tuple(Takings(start, count, sums[start]) for start, count in counts.items())
    return Revenue(points, Takings(starts[0], sum(counts.values()), whole), as_of)


def _take(sums: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    sums[currency] = EXACT.add(sums.get(currency, Decimal(0)), amount)
