"""Breakdowns and different persons in pieces."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundswell.analytics.questions.answers import Answer, breakdown_out, uniques_out
from groundswell.analytics.questions.breakdown import Grouping, Tallies, in_order, largest, listed, of_one_kind, tally
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.jobs.plan import bounded, paths_of
from groundswell.analytics.questions.model import Measure
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.uniques import EXACTLY, Distinct, Method, Uniques, uniques
from groundswell.analytics.questions.values import Key, key_of, packed, unpacked
from groundswell.events.eventlog.records import EXACT
from groundswell.events.eventlog.window import Window

_ALL = sys.maxsize  # a part's persons fit the memory: nothing is estimated


class _Counted:
    """Persons that were counted elsewhere: of each group, of all, and of those that are not among the largest."""

    method: Method = EXACTLY

    def __init__(self) -> None:
        self.groups: dict[Key, int] = {}
        self.everybody = 0
        self.others = 0

    def count(self, *keys: Key) -> int:
        if len(keys) < 2:
            return sum(self.groups.get(key, 0) for key in keys)
        return self.everybody if len(keys) == len(self.groups) else self.others


@dataclass(frozen=True)
class BreakdownPlan:
    window: Window
    grouping: Grouping

    @property
    def paths(self) -> frozenset[str]:
        of = self.grouping.of
        return paths_of([self.grouping.match], [self.grouping.by.path, of.path if of else None])

    def wants(self, row: Row) -> bool:
        return self.grouping.match(row)

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        found = tally(rows, self.grouping, Distinct(_ALL))
        unique = self.grouping.measure is Measure.UNIQUE
        groups = [
            (
                packed(key[1]),
                count,
                str(found.totals.get(key, "")),
                found.persons.count(key) if unique else 0,
            )
            for key, count in found.counts.items()
        ]
        everybody = found.persons.count(*found.counts) if unique else 0
        return groups, everybody, list(found.currencies)

    def unanswered(self, tallies: Iterable[Any]) -> Any:
        """Persons of the smaller groups together: who is in several counts once, and which are small is known now."""
        if self.grouping.measure is not Measure.UNIQUE:
            return None
        ordered = in_order(self._merged(tallies), Measure.UNIQUE)
        fit = listed(ordered, self.grouping)
        return [packed(key[1]) for key in ordered[:fit]] if len(ordered) > fit + 1 else None

    def tally_again(self, rows: Iterable[Row], unanswered: Any) -> Any:
        top = {key_of(unpacked(value)) for value in unanswered}
        values = ((self.grouping.by.of(row), row.person) for row in rows)
        return len({person for value, person in values if person and key_of(value) not in top})

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        return self.complete(tallies, (), as_of)

    def complete(self, tallies: Iterable[Any], again: Iterable[Any], as_of: int) -> dict[str, Any]:
        merged = self._merged(tallies)
        merged.persons.others = sum(again)
        return breakdown_out(Answer(largest(merged, self.grouping), as_of), self.grouping.measure)

    def _merged(self, tallies: Iterable[Any]) -> Tallies[_Counted]:
        found = Tallies(_Counted())
        for groups, everybody, currencies in tallies:
            found.persons.everybody += everybody
            found.currencies.update(currencies)
            of_one_kind(found.currencies)
            for value, count, total, persons in groups:
                key = key_of(unpacked(value))
                found.counts[key] = found.counts.get(key, 0) + count
                found.persons.groups[key] = found.persons.groups.get(key, 0) + persons
                if total:
                    found.totals[key] = EXACT.add(found.totals.get(key, Decimal(0)), Decimal(total))
            bounded(found.counts)
        return found


@dataclass(frozen=True)
class UniquesPlan:
    window: Window
    calendar: Calendar
    match: Match

    @property
    def paths(self) -> frozenset[str]:
        return paths_of([self.match])

    def wants(self, row: Row) -> bool:
        return self.match(row)

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        found = uniques(rows, self.calendar.starts(self.window), _ALL)
        return [[start, found.persons[start], found.events[start]] for start in found.persons], found.total

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        persons, events, total = Counter[int](), Counter[int](), 0
        for buckets, everybody in tallies:
            total += everybody
            for start, people, count in buckets:
                persons[start] += people
                events[start] += count
        found = Uniques(dict(persons), dict(events), total, EXACTLY)
        return uniques_out([Answer(found, as_of)], self.calendar)
