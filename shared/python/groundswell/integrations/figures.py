"""Ad rows as points of custom metrics, so that series and alerts add up to what the rows say.

A point is a difference: what a row says now, less what it said before. However often a platform restates a day, the sum
of its points is the row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal

from groundswell.integrations.facts import AdRow

type Change = tuple[AdRow | None, AdRow | None]
"""A row before and after; None where it was not, or is no more."""
PREFIX = "ads."
_COUNTS = ("impressions", "clicks", "landing_page_views", "conversions")
_AMOUNTS = ("spend", "revenue")
_EXACT = Context(prec=100)


@dataclass(frozen=True)
class Difference:
    """Of all rows of one account and day that changed at once."""

    name: str
    value: Decimal
    day: date
    platform: str
    account_id: str

    @property
    def at(self) -> datetime:
        """Noon in UTC: the row's date on the clocks of every zone between UTC-12 and UTC+11."""
        return datetime.combine(self.day, time(12), UTC)


def differences(changes: Iterable[Change]) -> list[Difference]:
    """Those that are not nought. Amounts have a metric for each currency: `ads.spend.USD`."""
    sums: dict[tuple[str, date, str, str], Decimal] = {}
    for row, sign in _signed(changes):
        for name, value in _values(row):
            key = (name, row.date, row.platform, row.account_id)
            sums[key] = _EXACT.add(sums.get(key, Decimal(0)), sign * value)
    return [Difference(key[0], value, *key[1:]) for key, value in sorted(sums.items()) if value]


def _signed(changes: Iterable[Change]) -> Iterator[tuple[AdRow, int]]:
    for before, after in changes:
        if before:
            yield before, -1
        if after:
            yield after, 1


def _values(row: AdRow) -> Iterator[tuple[str, Decimal]]:
    """What the platform said; a metric that it did not send is no nought."""
    for name in _COUNTS:
        if (count := getattr(row, name)) is not None:
            yield PREFIX + name, Decimal(count)
    for name in _AMOUNTS:
        if (amount := getattr(row, name)) is not None:
            yield f"{PREFIX}{name}.{row.currency}", amount
