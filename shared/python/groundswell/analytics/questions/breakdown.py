"""Counts, sums and persons by what a field says: the largest groups, and all others together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from groundswell.analytics.questions.fields import Field, fitting
from groundswell.analytics.questions.filters import ANYTHING, Match
from groundswell.analytics.questions.model import Measure
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.uniques import Distinct, Method
from groundswell.analytics.questions.values import Key, Value, key_of, order
from groundswell.events.eventlog.model import NO_CURRENCY
from groundswell.events.eventlog.records import EXACT
from groundswell.kernel.errors import Invalid


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


class Persons(Protocol):
    """Different persons of groups together."""

    @property
    def method(self) -> Method: ...

    def count(self, *keys: Key) -> int: ...


@dataclass
class Tallies[P: Persons = Distinct[Key]]:
    persons: P
    counts: dict[Key, int] = field(default_factory=dict)
    totals: dict[Key, Decimal] = field(default_factory=dict)
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
    return largest(tally(rows, wanted), wanted)


def tally(rows: Iterable[Row], wanted: Grouping, persons: Distinct[Key] | None = None) -> Tallies:
    tallies = Tallies(persons=persons or Distinct())
    for row in wanted.match.among(rows):
        key = key_of(wanted.by.of(row))
        tallies.counts[key] = tallies.counts.get(key, 0) + 1
        if wanted.measure is Measure.UNIQUE:
            tallies.persons.add(key, row.person)
        elif wanted.measure is Measure.SUM:
            _sum(tallies, key, row, wanted)
    return tallies


def largest[P: Persons](tallies: Tallies[P], wanted: Grouping) -> Breakdown:
    ordered = in_order(tallies, wanted.measure)
    fit = listed(ordered, wanted)
    shown, rest = ordered[:fit], ordered[fit:]
    return Breakdown(
        groups=tuple(Group(key[1], _figures(tallies, [key], wanted.measure)) for key in shown),
        other=_figures(tallies, rest, wanted.measure),
        others=len(rest),
        total=_figures(tallies, ordered, wanted.measure),
        method=tallies.persons.method,
        currency=wanted.currency or next(iter(tallies.currencies), None),
    )


def in_order[P: Persons](tallies: Tallies[P], measure: Measure) -> list[Key]:
    """The groups, the largest first."""
    size = _sizes(tallies, measure)
    return sorted(tallies.counts, key=lambda key: (-size(key), order(key)))


def listed(ordered: Sequence[Key], wanted: Grouping) -> int:
    """How many of the groups an answer lists."""
    return fitting((key[1] for key in ordered), wanted.top)


def _sum(tallies: Tallies, key: Key, row: Row, wanted: Grouping) -> None:
    amount, currency = (wanted.of or _VALUE).amount(row), None
    if amount is None:
        return
    if wanted.of is None:
        currency = row.block.currencies.get(row.position)
        if wanted.currency not in (None, currency or NO_CURRENCY):
            return
    if currency not in tallies.currencies:
        tallies.currencies.add(currency)
        of_one_kind(tallies.currencies)
    tallies.totals[key] = EXACT.add(tallies.totals.get(key, Decimal(0)), amount)


def of_one_kind(currencies: set[str | None]) -> None:
    """Raises Invalid where there are several."""
    if len(currencies) > 1:
        several = ", ".join(sorted(currency or NO_CURRENCY for currency in currencies))
        raise Invalid.on("currency", f"money of several currencies is not added up: choose one of {several}")


_VALUE = Field("value")


def _sizes[P: Persons](tallies: Tallies[P], measure: Measure) -> Callable[[Key], Decimal | int]:
    match measure:
        case Measure.SUM:
            return lambda key: tallies.totals.get(key, Decimal(0))
        case Measure.UNIQUE:
            return tallies.persons.count
        case _:
            return tallies.counts.__getitem__


def _figures[P: Persons](tallies: Tallies[P], keys: list[Key], measure: Measure) -> Figures:
    total = Decimal(0)
    for key in keys:
        total = EXACT.add(total, tallies.totals.get(key, Decimal(0)))
    persons = tallies.persons.count(*keys) if measure is Measure.UNIQUE else None
    return Figures(sum(tallies.counts[key] for key in keys), total, persons)
