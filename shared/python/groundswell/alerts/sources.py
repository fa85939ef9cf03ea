"""Where figures come from: one port, and days of ads behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from groundswell.alerts.evaluation import Figures
from groundswell.alerts.metrics import MONEY, Figure, Sums, columns_of, figure, lag_days, longest_lag
from groundswell.alerts.model import ALL_ADS, Alert, Operator
from groundswell.alerts.state import Fingerprint, fingerprint
from groundswell.integrations.facts import AdRow, FactsStore
from groundswell.kernel.ranges import zone

_DAY = timedelta(days=1)


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


class AdSource:
    def __init__(self, facts: FactsStore) -> None:
        self._facts = facts

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        platform = None if alert.data_source == ALL_ADS else alert.data_source
        spans = [_Days.of(alert, each) for each in periods]
        longest = timedelta(days=longest_lag(alert.alert_type))
        first, last = min(each.first for each in spans) - longest, max(each.last for each in spans)
        rows = list(self._facts.rows(alert.client_id, first=first, last=last, platform=platform))
        return [_figures(alert, rows, each) for each in spans]


@dataclass(frozen=True)
class _Days:
    """Both inclusive; a platform whose figures settle late is looked at so many days earlier."""

    first: date
    last: date

    @classmethod
    def of(cls, alert: Alert, period: Period) -> "_Days":
        until = period.end.astimezone(zone(alert.timezone)).date()
        days = (period.end - period.start) // _DAY
        return cls(until - timedelta(days=days), until - _DAY)

    def has(self, alert: Alert, row: AdRow) -> bool:
        condition = alert.condition
        if condition.operator is Operator.NO_DATA:
            return self.first <= row.date <= self.last
        lag = timedelta(days=lag_days(alert.alert_type, row.platform, provisional=condition.provisional))
        return self.first <= row.date + lag <= self.last


def _figures(alert: Alert, rows: Iterable[AdRow], days: _Days) -> Figures:
    groups: dict[Fingerprint, list[AdRow]] = {}
    for row in rows:
        if days.has(alert, row):
            groups.setdefault(_key(alert.condition.dimension, row), []).append(row)
    return {key: _figure(alert, found) for key, found in groups.items()}


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
    known = [Decimal(each) for each in values if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


class Sources:
    """Each alert by the source that it names."""

    def __init__(self, ads: Source, others: Mapping[str, Source]) -> None:
        self._ads = ads
        self._others = others

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        return self._others.get(alert.data_source, self._ads).read(alert, periods)
