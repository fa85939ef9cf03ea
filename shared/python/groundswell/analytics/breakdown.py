"""Counts, sums and persons by what a field says: the largest groups, and all others together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from groundswell.analytics.fields import Field, Value, fitting
from groundswell.analytics.filters import ANYTHING, Match
from groundswell.analytics.model import Measure
from groundswell.analytics.revenue import NO_CURRENCY
from groundswell.analytics.rows import Row
from groundswell.analytics.uniques import Distinct, Method
from groundswell.eventlog.records import EXACT
from groundswell.kernel.errors import Invalid

type Key = tuple[bool, Value]
"""A value as a key: true is not 1."""


@dataclass(frozen=True)
class Figures:
    """`persons` is None unless they were asked for."""

    count: int = 0
    total: Decimal = Decimal(0)
    persons: int | None = None


@dataclass(frozen=True)
class Group:
    value: Value
    figures: Figures


@dataclass(frozen=True)
class Breakdown:
    """`other` sums up the `others` values that are not among `groups`; `total` all of them."""

    groups: tuple[Group, ...]
    other: Figures
    others: int
    total: Figures
    method: Method
    currency: str | None = None
    """Of the totals, if they are of money."""


@dataclass
class _Tallies:
    counts: dict[Key, int] = field(default_factory=dict)
    totals: dict[Key, Decimal] = field(default_factory=dict)
    persons: Distinct[Key] = field(default_factory=Distinct)
    currencies: set[str | None] = field(default_factory=set)


@dataclass(frozen=True)
class Grouping:
    """Events by a field: how many of the largest groups, and what of them is measured.

    `of` is what is summed; the events' value, which may be money, if None. `currency` leaves out all other money.
    """

    by: Field
    measure: Measure
    top: int
    of: Field | None = None
    currency: str | None = None
    match: Match = ANYTHING


def breakdown(rows: Iterable[Row], wanted: Grouping) -> Breakdown:
    """The largest groups by what is measured, equal ones by value. Raises Invalid where money is of several kinds."""
    tallies = _Tallies()
    for row in wanted.match.among(rows):
        value = wanted.by.of(row)
        key = (isinstance(value, bool), value)
        tallies.counts[key] = tallies.counts.get(key, 0) + 1
        if wanted.measure is Measure.UNIQUE:
            tallies.persons.add(key, row.person)
        elif wanted.measure is Measure.SUM:
            _sum(tallies, key, row, wanted)
    size = _sizes(tallies, wanted.measure)
    ordered = sorted(tallies.counts, key=lambda key: (-size(key), str(key[1]), str(type(key[1]))))
    fit = fitting((key[1] for key in ordered), wanted.top)
    shown, rest = ordered[:fit], ordered[fit:]
    return Breakdown(
        groups=tuple(Group(key[1], _figures(tallies, [key], wanted.measure)) for key in shown),
        other=_figures(tallies, rest, wanted.measure),
        others=len(rest),
        total=_figures(tallies, ordered, wanted.measure),
        method=tallies.persons.method,
        currency=wanted.currency or next(iter(tallies.currencies), None),
    )


def _sum(tallies: _Tallies, key: Key, row: Row, wanted: Grouping) -> None:
    amount, currency = (wanted.of or _VALUE).amount(row), None
    if amount is None:
        return
    if wanted.of is None:
        currency = row.block.currencies.get(row.position)
        if wanted.currency not in (None, currency or NO_CURRENCY):
            return
    tallies.currencies.add(currency)
    if len(tallies.currencies) > 1:
        several = ", ".join(sorted(each or NO_CURRENCY for each in tallies.currencies))
        raise Invalid.on("currency", f"money of several currencies is not added up: choose one of {several}")
    tallies.totals[key] = EXACT.add(tallies.totals.get(key, Decimal(0)), amount)


_VALUE = Field("value")


def _sizes(tallies: _Tallies, measure: Measure) -> Callable[[Key], Decimal | int]:
    match measure:
        case Measure.SUM:
            return lambda key: tallies.totals.get(key, Decimal(0))
        case Measure.UNIQUE:
            return tallies.persons.count
        case _:
            return tallies.counts.__getitem__


def _figures(tallies: _Tallies, keys: list[Key], measure: Measure) -> Figures:
    total = Decimal(0)
    for key in keys:
        total = EXACT.add(total, tallies.totals.get(key, Decimal(0)))
    persons = tallies.persons.count(*keys) if measure is Measure.UNIQUE else None
    return Figures(sum(tallies.counts[key] for key in keys), total, persons)
