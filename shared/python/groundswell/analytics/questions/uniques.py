"""How many different persons: exact while they fit the memory, by sketch beyond, and it says which."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Literal, NamedTuple

from groundswell.analytics.questions.calendar import Buckets
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.sketch import STANDARD_ERROR, Sketch

ALWAYS_EXACT = 500
"""A group of so few persons is never estimated."""
_HELD = 1_000_000
"""Persons remembered by name, over all groups of a question."""


class Method(NamedTuple):
    """How an answer was found; the standard error is relative, and None where it is exact."""

    method: Literal["exact", "hll"]
    standard_error: float | None


EXACTLY = Method("exact", None)
ESTIMATED = Method("hll", STANDARD_ERROR)


class Distinct[K: Hashable]:
    """The different persons of each group."""

    def __init__(self, held: int = _HELD) -> None:
        self._groups: dict[K, set[str] | Sketch] = {}
        self._left = held
        self._held = held

    def add(self, key: K, person: str | None) -> None:
        """None is nobody."""
        if person is None:
            return
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = set()
        if isinstance(group, Sketch):
            group.add(person)
        elif person not in group:
            group.add(person)
            self._left -= 1
            if self._left < 0:
                self._estimate()

    def count(self, *keys: K) -> int:
        """Different persons of these groups together."""
        groups = [self._groups[key] for key in keys if key in self._groups]
        if all(isinstance(group, set) for group in groups):
            return len(set().union(*groups)) if len(groups) > 1 else sum(map(len, groups))  # type: ignore[arg-type]
        union = Sketch()
        for group in groups:
            union.merge(group if isinstance(group, Sketch) else Sketch(group))
        return union.count()

    @property
    def method(self) -> Method:
        estimated = any(isinstance(group, Sketch) and not group.exact for group in self._groups.values())
        return ESTIMATED if estimated else EXACTLY

    def _estimate(self) -> None:
        """Large groups become sketches, so that there is room again."""
        for key, group in self._groups.items():
            if isinstance(group, set) and len(group) > ALWAYS_EXACT:
                self._left += len(group)
                self._groups[key] = Sketch(group)
        if self._left < 0:
            self._left = self._held  # many small groups, which the budget of events bounds


class Uniques(NamedTuple):
    """Persons and events of each bucket, by its start, and persons in total."""

    persons: dict[int, int]
    events: dict[int, int]
    total: int
    method: Method


def uniques(rows: Iterable[Row], starts: list[int], held: int = _HELD) -> Uniques:
    """Empty buckets are zero."""
    buckets, events = Buckets(starts), Counter[int]()
    by_bucket, overall = Distinct[int](held), Distinct[None](held)
    for row in rows:
        bucket = buckets.of(row.ts)
        events[bucket] += 1
        by_bucket.add(bucket, row.person)
        overall.add(None, row.person)
    persons = {start: by_bucket.count(start) for start in starts}
    method = max(by_bucket.method, overall.method, key=lambda counting_method: counting_method.method)
    return Uniques(persons, {start: events[start] for start in starts}, overall.count(None), method)
