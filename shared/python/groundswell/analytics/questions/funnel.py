"""Who did one thing after another, in time."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from groundswell.analytics.questions.fields import Field, fitting
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.values import Key, Value, key_of, order
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


class Reached:
    """Those who got to one step: how many, and ms from the step before and from the first one (empty for the first)."""

    __slots__ = ("from_first", "from_previous", "persons")

    def __init__(self, persons: int = 0, from_previous: bytes = b"", from_first: bytes = b"") -> None:
        """Durations as `array("q")` spells them."""
        self.persons = persons
        self.from_previous, self.from_first = array("q", from_previous), array("q", from_first)

    def add(self, times: Sequence[int], at: int) -> None:
        self.persons += 1
        if at:
            self.from_previous.append(times[at] - times[at - 1])
            self.from_first.append(times[at] - times[0])

    def merge(self, other: "Reached") -> None:
        self.persons += other.persons
        self.from_previous.extend(other.from_previous)
        self.from_first.extend(other.from_first)

    @property
    def packed(self) -> tuple[int, bytes, bytes]:
        """What it can be made from again."""
        return self.persons, self.from_previous.tobytes(), self.from_first.tobytes()

    @property
    def step(self) -> Step:
        timed = bool(self.from_first)
        return Step(
            self.persons, median(self.from_previous) if timed else None, median(self.from_first) if timed else None
        )


type Tally = dict[Key, list[Reached]]
"""By what the first step said (null unless asked for), those who reached each step. 16 bytes a person and step."""


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
    return conversion(tally(rows, funnel), funnel)


def tally(rows: Iterable[Row], funnel: Funnel) -> Tally:
    """Tallies of different persons add up: `merge`."""
    groups: Tally = {}
    for way in ways(rows, funnel).values():
        reached = groups.setdefault(key_of(way.by), [Reached() for _ in funnel.steps])
        for at, step in zip(range(len(way.times)), reached, strict=False):
            step.add(way.times, at)
    return groups


def merge(one: Tally, other: Tally) -> None:
    """Adds the other to the one."""
    for key, reached in other.items():
        for mine, theirs in zip(one.setdefault(key, [Reached() for _ in reached]), reached, strict=True):
            mine.merge(theirs)


def conversion(groups: Tally, funnel: Funnel) -> Conversion:
    whole = [Reached() for _ in funnel.steps]
    for reached in groups.values():
        merge({key_of(None): whole}, {key_of(None): reached})
    ordered = sorted(groups.items(), key=lambda group: (-group[1][0].persons, order(group[0])))
    ordered = ordered[: fitting((key[1] for key, _ in ordered), MOST_BRANCHES)]
    branches = [Branch(key[1], tuple(stage.step for stage in reached)) for key, reached in ordered if funnel.by]
    return Conversion(tuple(stage.step for stage in whole), tuple(branches))


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
