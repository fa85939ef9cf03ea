"""Where figures come from: one port, and days of ads behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from groundswell.alerts.evaluation import Figures
from groundswell.alerts.metrics import MONEY, Figure, Sums, columns_of, figure, lag_days, longest_lag
from groundswell.alerts.model import ALL_ADS, Alert, Operator
from groundswell.alerts.state import Fingerprint, fingerprint
from groundswell.integrations.facts import AdRow, FactsStore
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone

_DAY = timedelta(days=1)
_KEPT = 4


@dataclass(frozen=True)
class Period:
    """`end` is exclusive. Ads are of the complete days before it."""

    start: datetime
    end: datetime

    @classmethod
    def until(cls, end: datetime, length: timedelta) -> "Period":
        return cls(end - length, end)

    @property
    def previous(self) -> "Period":
        """As long, and right before."""
        return Period(self.start - (self.end - self.start), self.start)


class Source(Protocol):
    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        """The figures of each period, in order."""
        ...


class Facts(Protocol):
    def rows(self, client_id: str, *, first: date, last: date, platform: str | None = None) -> Sequence[AdRow]: ...


class AdSource:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        platform = None if alert.data_source == ALL_ADS else alert.data_source
        longest = timedelta(days=longest_lag(alert.alert_type))
        first = min(period.start.date() for period in periods) - longest - _DAY
        last = max(period.end.date() for period in periods)
        rows = self._facts.rows(alert.client_id, first=first, last=last, platform=platform)
        return [_figures(alert, rows, _Days(alert, period)) for period in periods]


class KeptFacts:
    """For a batch of alerts that are due: those of one client look at the same days, and the newest are kept."""

    def __init__(self, facts: FactsStore) -> None:
        self._facts = facts
        self._kept: dict[tuple[str, date, date, str | None], Sequence[AdRow]] = {}

    def forget(self) -> None:
        self._kept.clear()

    def rows(self, client_id: str, *, first: date, last: date, platform: str | None = None) -> Sequence[AdRow]:
        key = (client_id, first, last, platform)
        if key not in self._kept:
            if len(self._kept) == _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = self._facts.rows(client_id, first=first, last=last, platform=platform)
        return self._kept[key]


class _Days:
    """The complete days of a period, on the clocks of each row's account, or the alert's where nobody knows these. A
    platform whose figures settle late is looked at so many days earlier."""

    def __init__(self, alert: Alert, period: Period) -> None:
        self._alert = alert
        self._period = period
        self._spans: dict[str, tuple[date, date]] = {}

    def has(self, row: AdRow) -> bool:
        alert, (first, last) = self._alert, self._span(row.timezone)
        if alert.condition.operator is Operator.NO_DATA:
            return first <= row.date <= last
        lag = timedelta(0) if alert.condition.provisional else self._lag(row)
        return first <= row.date + lag <= last

    def settles(self, row: AdRow) -> bool:
        """Whether the platform may still add to its conversions when the period is over."""
        return row.date + self._lag(row) > self._span(row.timezone)[1]

    def _lag(self, row: AdRow) -> timedelta:
        return timedelta(days=lag_days(self._alert.alert_type, row.platform))

    def _span(self, timezone: str) -> tuple[date, date]:
        """Both inclusive."""
        known = self._spans.get(timezone)
        if known is None:
            until = self._period.end.astimezone(_clocks(timezone, self._alert)).date()
            days = (self._period.end - self._period.start) // _DAY
            known = self._spans[timezone] = until - timedelta(days=days), until - _DAY
        return known


def _clocks(timezone: str, alert: Alert) -> ZoneInfo:
    try:
        return zone(timezone or alert.timezone)
    except Invalid:
        return zone(alert.timezone)


def _figures(alert: Alert, rows: Iterable[AdRow], days: _Days) -> Figures:
    groups: dict[Fingerprint, list[AdRow]] = {}
    for row in rows:
        if days.has(row):
            groups.setdefault(_key(alert.condition.dimension, row), []).append(row)
    return {
        key: replace(_figure(alert, group), provisional=any(map(days.settles, group))) for key, group in groups.items()
    }


def _key(dimension: str | None, row: AdRow) -> Fingerprint:
    return fingerprint({dimension: str(getattr(row, dimension))}) if dimension else ()


def _figure(alert: Alert, rows: Sequence[AdRow]) -> Figure:
    """Amounts of different currencies are never added up."""
    currency = alert.condition.currency
    if alert.alert_type in MONEY:
        rows = [row for row in rows if currency in (None, row.currency)]
        if len({row.currency for row in rows}) > 1:
            return Figure(None, "several_currencies")
    return figure(alert.alert_type, _sums(alert, rows)) if rows else Figure(None, "no_data")


def _sums(alert: Alert, rows: Sequence[AdRow]) -> Sums:
    return {name: _sum([getattr(row, name) for row in rows]) for name in columns_of(alert.alert_type)}


def _sum(values: Sequence[Decimal | int | None]) -> Decimal | None:
    known = [Decimal(value) for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


class MetricsOrQuestions:
    """Custom metrics; and saved questions, for which the engine is only then made ready."""

    def __init__(self, metrics: Source, questions: Callable[[], Source]) -> None:
        self._metrics = metrics
        self._questions = questions

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        source = self._questions() if alert.condition.question else self._metrics
        return source.read(alert, periods)


class Sources:
    """Each alert by the source that it names."""

    def __init__(self, ads: Source, others: Mapping[str, Source]) -> None:
        self._ads = ads
        self._others = others

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        return self._others.get(alert.data_source, self._ads).read(alert, periods)
