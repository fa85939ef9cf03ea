"""Who did one thing after another, in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from groundswell.analytics.fields import Field, Value, fitting
from groundswell.analytics.filters import Match
from groundswell.analytics.rows import Row
from groundswell.kernel.errors import Invalid

MOST_STEPS = 20
MOST_BRANCHES = 200


@dataclass(frozen=True)
class Funnel:
    """Each step strictly later than the one before, the last at most `window` ms after the first."""

    steps: tuple[Match, ...]
    window: int
    by: Field | None = None

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if not 2 <= len(self.steps) <= MOST_STEPS:
            raise Invalid.on("steps", f"a funnel has 2 to {MOST_STEPS} steps")
        if self.window <= 0:
            raise Invalid.on("within_seconds", "must be positive")


class Way(NamedTuple):
    """How far someone got, by the times of the steps; `by` is what the first one's event says."""

    by: Value
    times: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.times[0]


class Step(NamedTuple):
    """How many got there; ms from the step before and from the first one, in the median (None for the first)."""

    persons: int
    from_previous: float | None
    from_first: float | None


@dataclass(frozen=True)
class Branch:
    """The funnel of those whose first step said `value`."""

    value: Value
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Conversion:
    steps: tuple[Step, ...]
    branches: tuple[Branch, ...]
    """The largest first, up to MOST_BRANCHES; empty unless asked for."""


def convert(rows: Iterable[Row], funnel: Funnel) -> Conversion:
    """`rows` in time order. A person counts once, by the way on which they got farthest, soonest."""
    best = ways(rows, funnel)
    groups: dict[tuple[bool, Value], list[Way]] = {}
    for way in best.values() if funnel.by else ():
        groups.setdefault((isinstance(way.by, bool), way.by), []).append(way)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), str(group[0][1])))
    ordered = ordered[: fitting((key[1] for key, _ in ordered), MOST_BRANCHES)]
    size = len(funnel.steps)
    branches = tuple(Branch(key[1], _steps(group, size)) for key, group in ordered)
    return Conversion(_steps(list(best.values()), size), branches)


def ways(rows: Iterable[Row], funnel: Funnel) -> dict[str, Way]:
    """The best way of everybody who took the first step."""
    open_ways: dict[str, list[Way | None]] = {}
    best: dict[str, Way] = {}
    for _, together in groupby(rows, key=attrgetter("ts")):
        moment = [row for row in together if row.person is not None]
        for person, way in list(_advances(moment, funnel, open_ways)):
            reached = open_ways.setdefault(person, [None] * len(funnel.steps))
            at = len(way.times) - 1
            before = reached[at]
            if before is None or before.start < way.start:
                reached[at] = way
            if person not in best or len(best[person].times) < len(way.times):
                best[person] = way
    return best


def _advances(
    moment: Sequence[Row], funnel: Funnel, open_ways: dict[str, list[Way | None]]
) -> Iterator[tuple[str, Way]]:
    """Steps taken at one moment, none of them after another one of it.

    To go on from the latest start is always best: what it misses, an earlier one misses too.
    """
    for row in moment:
        person = row.person or ""
        for at, step in enumerate(funnel.steps):
            if at == 0:
                if step(row):
                    yield person, Way(funnel.by.of(row) if funnel.by else None, (row.ts,))
            elif person in open_ways:
                before = open_ways[person][at - 1]
                if before and row.ts - before.start <= funnel.window and step(row):
                    yield person, Way(before.by, (*before.times, row.ts))


def _steps(group: Sequence[Way], size: int) -> tuple[Step, ...]:
    steps = []
    for at in range(size):
        there = [way.times for way in group if len(way.times) > at]
        timed = bool(at and there)
        steps.append(
            Step(
                len(there),
                median(times[at] - times[at - 1] for times in there) if timed else None,
                median(times[at] - times[0] for times in there) if timed else None,
            )
        )
    return tuple(steps)
