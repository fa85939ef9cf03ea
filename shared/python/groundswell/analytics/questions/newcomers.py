"""Who was there in a range, and who was there for the first time ever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from groundswell.analytics.questions.calendar import Buckets
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class Newcomers:
    """Different persons in the range and in each bucket of it, by its start; and those of them that are new."""

    active: int
    new: int
    active_by_start: Mapping[int, int]
    new_by_start: Mapping[int, int]


def newcomers(rows: Iterable[Row], window: Window, starts: Sequence[int]) -> Newcomers:
    """`rows` are of all time up to the end of the window, in time order."""
    buckets, active, new = Buckets(list(starts)), {start: set[str]() for start in starts}, dict.fromkeys(starts, 0)
    before, seen = set[str](), set[str]()
    for row in rows:
        if row.person is None:
            continue
        if row.ts < window.start:
            before.add(row.person)
            continue
        bucket = buckets.of(row.ts)
        active[bucket].add(row.person)
        if row.person not in before and row.person not in seen:
            new[bucket] += 1
        seen.add(row.person)
    counted = {start: len(persons) for start, persons in active.items()}
    return Newcomers(len(seen), sum(new.values()), counted, new)
