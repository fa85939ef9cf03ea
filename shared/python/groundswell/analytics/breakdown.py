"""Counts, sums and persons by what a field says: the largest groups, and all others together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from groundswell.analytics.fields import Field, Value
from groundswell.analytics.model import Measure
from groundswell.analytics.rows import Row
from groundswell.analytics.uniques import EXACTLY, Distinct, Method
from groundswell.eventlog.records import EXACT

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


@dataclass
class _Tallies:
    counts: dict[Key, int] = field(default_factory=dict)
    totals: dict[Key, Decimal] = field(default_factory=dict)
    persons: Distinct[Key] = field(default_factory=Distinct)


def breakdown(rows: Iterable[Row], by: Field, measure: Measure, top: int, of: Field | None = None) -> Breakdown:
    """The `top` largest groups by `measure`, equal ones by value. `of` is what is summed; the event's value if None."""
    tallies, summed = _Tallies(), of or Field("value")
    for row in rows:
        value = by.of(row)
        key = (isinstance(value, bool), value)
        tallies.counts[key] = tallies.counts.get(key, 0) + 1
        if measure is Measure.SUM and (amount := summed.amount(row)) is not None:
            tallies.totals[key] = EXACT.add(tallies.totals.get(key, Decimal(0)), amount)
        elif measure is Measure.UNIQUE:
            tallies.persons.add(key, row.person)
    ordered = sorted(tallies.counts, key=lambda key: (-_size(tallies, key, measure), str(key[1]), str(type(key[1]))))
    groups = tuple(Group(key[1], _figures(tallies, [key], measure)) for key in ordered[:top])
    rest = _figures(tallies, ordered[top:], measure)
    method = tallies.persons.method if measure is Measure.UNIQUE else EXACTLY
    return Breakdown(groups, rest, len(ordered[top:]), _figures(tallies, ordered, measure), method)


def _size(tallies: _Tallies, key: Key, measure: Measure) -> Decimal | int:
    match measure:
        case Measure.SUM:
            return tallies.totals.get(key, Decimal(0))
        case Measure.UNIQUE:
            return tallies.persons.count(key)
        case _:
            return tallies.counts[key]


def _figures(tallies: _Tallies, keys: list[Key], measure: Measure) -> Figures:
    total = Decimal(0)
    for key in keys:
        total = EXACT.add(total, tallies.totals.get(key, Decimal(0)))
    persons = tallies.persons.count(*keys) if measure is Measure.UNIQUE else None
    return Figures(sum(tallies.counts[key] for key in keys), total, persons)
