"""What stands out in figures, each with its evidence: computed from data, and worded from what was computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from statistics import fmean, pstdev
from typing import Any

from groundswell.reports.model import Answer, Group, Report, Value

_NOTABLE = Decimal("0.2")
_ENOUGH = 10
_SAME_WEEKDAYS = 4
_DEVIATIONS = 3.0
_LEAST_DEVIATION = 0.25
_GOOD = "{kpi} {moved} by {percent} %: from {before} to {after}"


@dataclass(frozen=True)
class Kpi:
    """`currency` where it is money. `change` is a share of the period before: 0.5 is half as much again."""

    name: str
    value: Decimal | None
    previous: Decimal | None
    currency: str | None = None

    @property
    def change(self) -> Decimal | None:
        if self.value is None or not self.previous:
            return None
        return (self.value - self.previous) / abs(self.previous)


@dataclass(frozen=True)
class Insight:
    """`evidence` has the numbers that the text is made of."""

    text: str
    kpi: str
    evidence: Mapping[str, Any]


def kpis(names: Sequence[str], report: Report) -> list[Kpi]:
    """Of money one for each currency."""
    before = report.previous.totals if report.previous else {}
    return [kpi for name in names for kpi in _kpis(name, report.answer.totals.get(name), before.get(name))]


def _kpis(name: str, value: Value, previous: Value) -> Iterator[Kpi]:
    if isinstance(value, Mapping):
        known = previous if isinstance(previous, Mapping) else {}
        for currency in sorted({*value, *known}):
            yield Kpi(name, value.get(currency, Decimal(0)), known.get(currency, Decimal(0)), currency)
    else:
        yield Kpi(name, _decimal(value), _decimal(previous))


def _decimal(value: Value) -> Decimal | None:
    return None if value is None or isinstance(value, Mapping) else Decimal(value)


def changes(indicators: Sequence[Kpi]) -> Iterator[Insight]:
    """What moved by a fifth or more, where there was enough of it to mean something."""
    for kpi in indicators:
        change, most = kpi.change, max(abs(kpi.value or Decimal(0)), abs(kpi.previous or Decimal(0)))
        if change is None or abs(change) < _NOTABLE or most < _ENOUGH:
            continue
        text = _GOOD.format(
            kpi=_called(kpi),
            moved="rose" if change > 0 else "fell",
            percent=f"{abs(change) * 100:.0f}",
            before=f"{kpi.previous}",
            after=f"{kpi.value}",
        )
        evidence = {"value": kpi.value, "previous": kpi.previous, "change": change.quantize(Decimal("0.0001"))}
        yield Insight(text, kpi.name, evidence)


def _called(kpi: Kpi) -> str:
    return kpi.name.replace("_", " ") + (f" in {kpi.currency}" if kpi.currency else "")


def contributions(kpi: str, now: Sequence[Group], before: Sequence[Group]) -> Iterator[Insight]:
    """Which value of the dimension did most of a change, where one did half of it or more."""
    known = {tuple(group.values.items()): _amount(group, kpi) for group in before}
    moved: dict[Any, Decimal] = dict(_moved(kpi, now, known))
    total = sum(moved.values(), Decimal(0))
    if abs(total) < _ENOUGH or len(moved) < 2:
        return
    key, most = max(moved.items(), key=lambda pair: pair[1] * (1 if total > 0 else -1))
    share = most / total
    if share < Decimal("0.5"):
        return
    what = ", ".join(f"{name} {value}" for name, value in key)
    text = f"{what} did {min(share, Decimal(1)) * 100:.0f} % of the change in {kpi.replace('_', ' ')}"
    yield Insight(text, kpi, {"dimensions": dict(key), "change": most, "total_change": total})


def _moved(kpi: str, now: Sequence[Group], known: Mapping[Any, Decimal]) -> Iterator[tuple[Any, Decimal]]:
    left = dict(known)
    for group in now:
        key = tuple(group.values.items())
        yield key, _amount(group, kpi) - left.pop(key, Decimal(0))
    yield from ((key, -amount) for key, amount in left.items())


def _amount(group: Group, kpi: str) -> Decimal:
    value = group.figures.get(kpi)
    return sum(value.values(), Decimal(0)) if isinstance(value, Mapping) else Decimal(value or 0)


def anomalies(kpi: str, days: Answer, today: int) -> Iterator[Insight]:
    """The newest complete day against the same weekday of the four weeks before."""
    complete = [(start, _decimal(figures.get(kpi))) for start, figures in days.series.items() if start < today]
    if len(complete) <= 7 * _SAME_WEEKDAYS:
        return
    start, value = complete[-1]
    same = [float(amount) for _, amount in complete[-8 : -8 - 7 * _SAME_WEEKDAYS : -7] if amount is not None]
    if value is None or len(same) < _SAME_WEEKDAYS:
        return
    usual, spread = fmean(same), pstdev(same)
    away = float(value) - usual
    if abs(away) <= max(_DEVIATIONS * spread, _LEAST_DEVIATION * usual) or max(float(value), usual) < _ENOUGH:
        return
    day = datetime.fromtimestamp(start / 1000, UTC)
    text = f"{kpi.replace('_', ' ')} on {day:%Y-%m-%d}: {value}, where such a weekday usually has {usual:.0f}"
    yield Insight(text, kpi, {"day": start, "value": value, "usual": round(usual, 2), "same_weekdays": same})
