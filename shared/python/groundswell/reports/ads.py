"""Figures of ads, from the facts of all platforms."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from groundswell.analytics.questions.calendar import Buckets
from groundswell.integrations.facts import AdRow, FactsStore, by_currency, rounded, sums
from groundswell.kernel.clock import millis
from groundswell.kernel.ranges import zone
from groundswell.reports.catalogue import METRICS, Origin, Unit
from groundswell.reports.model import Answer, Group, Late, Question, Value

_DAY = timedelta(days=1)
_COLUMNS = {"ad_revenue": "revenue"}
_RATIOS = {
    "ctr": ("clicks", "impressions", 1),
    "cpc": ("spend", "clicks", 1),
    "cpm": ("spend", "impressions", 1000),
    "cpa": ("spend", "conversions", 1),
    "cplpv": ("spend", "landing_page_views", 1),
    "roas": ("revenue", "spend", 1),
}
_PRECISE = Decimal("0.000001")


class AdSource:
    dimensions = frozenset({"platform", "account_id", "campaign_id", "campaign", "currency"})

    def __init__(self, facts: FactsStore, now: Callable[[], datetime]) -> None:
        self._facts = facts
        self._now = now

    def knows(self, dimension: str) -> bool:
        return dimension in self.dimensions

    def read(self, client_id: str, question: Question) -> Answer:
        """Days are those of the ad accounts: one belongs to the bucket of its date."""
        names, clocks = question.wanted(Origin.ADS), zone(question.timezone)
        first, last = _date(question.window.start, clocks), _date(question.window.end - 1, clocks)
        rows = [row for row in self._facts.rows(client_id, first=first, last=last) if _passes(row, question.filters)]
        buckets = Buckets(question.calendar.starts(question.window))
        by_start = _grouped(rows, lambda row: buckets.of(_start(row.date, clocks)))
        groups = _grouped(rows, lambda row: tuple(str(getattr(row, name)) for name in question.dimensions))
        breakdown = [
            Group(dict(zip(question.dimensions, key, strict=True)), figures(names, members))
            for key, members in groups.items()
            if question.dimensions
        ]
        return Answer(
            figures(names, rows),
            {start: figures(names, by_start.get(start, ())) for start in buckets.starts},
            tuple(sorted(breakdown, key=_most_spent, reverse=True)),
            millis(self._now()),
            tuple(self._late(rows, last, clocks)),
        )

    def _late(self, rows: Sequence[AdRow], last: date, clocks: object) -> Iterator[Late]:
        """Platforms whose newest day is older than the last one that is over."""
        expected = min(last, self._now().astimezone(clocks).date() - _DAY)  # type: ignore[arg-type]
        for platform, members in sorted(_grouped(rows, lambda row: row.platform).items()):
            newest = max(row.date for row in members)
            if newest < expected:
                yield Late(platform, "no_newer_data", newest.isoformat())


def figures(names: Iterable[str], rows: Sequence[AdRow]) -> dict[str, Value]:
    return {name: _figure(name, rows) for name in names}


def _figure(name: str, rows: Sequence[AdRow]) -> Value:
    if not METRICS[name].unit.by_currency:
        return _one(name, sums(rows)) if rows else _nothing(name)
    money = METRICS[name].unit is Unit.MONEY
    amounts = {currency: _one(name, currency_rows) for currency, currency_rows in by_currency(rows).items()}
    return {
        currency: _rounded(name, amount, currency) if money else amount
        for currency, amount in amounts.items()
        if amount is not None
    }


def _nothing(name: str) -> Value:
    """No ads at all were shown 0 times, and have no rate."""
    return None if name in _RATIOS else 0


def _rounded(name: str, amount: Decimal, currency: str) -> Decimal:
    """What was paid is exact; what was paid for each of something is rounded finer than any currency."""
    return amount.quantize(_PRECISE).normalize() if name in _RATIOS else rounded(amount, currency)


def _one(name: str, of: object) -> Decimal | None:
    if name not in _RATIOS:
        value = getattr(of, _COLUMNS.get(name, name))
        return None if value is None else Decimal(value)
    over, under, times = _RATIOS[name]
    numerator, denominator = getattr(of, over), getattr(of, under)
    if numerator is None or not denominator:
        return None
    return (Decimal(numerator) * times / Decimal(denominator)).quantize(_PRECISE)


def _grouped[K](rows: Iterable[AdRow], key: Callable[[AdRow], K]) -> dict[K, list[AdRow]]:
    groups: dict[K, list[AdRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _passes(row: AdRow, filters: Mapping[str, tuple[str, ...]]) -> bool:
    return all(str(getattr(row, name)) in values for name, values in filters.items())


def _most_spent(group: Group) -> Decimal:
    spend = group.figures.get("spend")
    return sum(spend.values(), Decimal(0)) if isinstance(spend, Mapping) else Decimal(0)


def _date(ts: int, clocks: object) -> date:
    return datetime.fromtimestamp(ts / 1000, UTC).astimezone(clocks).date()  # type: ignore[arg-type]


def _start(day: date, clocks: object) -> int:
    return millis(datetime.combine(day, time(), clocks))  # type: ignore[arg-type]
