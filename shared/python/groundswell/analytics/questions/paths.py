"""What people did next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from groundswell.analytics.questions.filters import ANYTHING, Match
from groundswell.analytics.questions.rows import Row
from groundswell.kernel.errors import Invalid

MOST_STEPS = 10


@dataclass(frozen=True)
class PathQuestion:
    """The next `steps` events that count (`among`) after each `start`, within `within` ms of it; the `top` paths."""

    start: Match
    steps: int
    within: int
    top: int
    among: Match = ANYTHING

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if not 1 <= self.steps <= MOST_STEPS:
            raise Invalid.on("steps", f"1 to {MOST_STEPS}")
        if self.within <= 0:
            raise Invalid.on("within_seconds", "must be positive")


@dataclass(frozen=True)
class Path:
    """Names of events. Shorter than asked for where nothing followed in time."""

    names: tuple[str, ...]
    count: int
    persons: int


@dataclass(frozen=True)
class Paths:
    """`starts` paths in all, of which `other` are not among the largest."""

    paths: tuple[Path, ...]
    other: int
    starts: int
    persons: int


class Tally(NamedTuple):
    """How often each path was gone and by how many persons; and persons in all. Of different persons they add up."""

    paths: dict[tuple[str, ...], tuple[int, int]]
    persons: int


@dataclass
class _Walk:
    start: int
    names: list[str] = field(default_factory=list)


class _Walks:
    """Those under way, by person, and those that ended."""

    def __init__(self, wanted: PathQuestion) -> None:
        self._wanted = wanted
        self._walking: dict[str, list[_Walk]] = {}
        self._counts = Counter[tuple[str, ...]]()
        self._people: dict[tuple[str, ...], set[str]] = {}

    def follow(self, person: str, row: Row) -> None:
        """Take a step on each of the person's walks."""
        going = []
        for walk in self._walking.get(person, ()):
            timely = row.ts - walk.start <= self._wanted.within
            if timely:
                walk.names.append(row.name)
            if timely and len(walk.names) < self._wanted.steps:
                going.append(walk)
            else:
                self._end(person, walk)
        self._walking[person] = going

    def begin(self, person: str, ts: int) -> None:
        self._walking.setdefault(person, []).append(_Walk(ts))

    def ended(self) -> "Tally":
        for person, rest in self._walking.items():
            for walk in rest:
                self._end(person, walk)
        paths = {names: (count, len(self._people[names])) for names, count in self._counts.items()}
        return Tally(paths, len(set().union(*self._people.values())))

    def _end(self, person: str, walk: _Walk) -> None:
        names = tuple(walk.names)
        self._counts[names] += 1
        self._people.setdefault(names, set()).add(person)


def walk(rows: Iterable[Row], wanted: PathQuestion) -> Paths:
    """`rows` in time order. Every start begins a path of its own; events of one moment follow in the order given."""
    return largest(tally(rows, wanted), wanted.top)


def largest(totals: Tally, top: int) -> Paths:
    ordered = sorted(totals.paths.items(), key=lambda item: (-item[1][0], item[0]))
    paths = tuple(Path(names, count, persons) for names, (count, persons) in ordered[:top])
    starts = sum(count for count, _ in totals.paths.values())
    return Paths(paths, sum(count for _, (count, _) in ordered[top:]), starts, totals.persons)


def tally(rows: Iterable[Row], wanted: PathQuestion) -> Tally:
    walks = _Walks(wanted)
    for row in rows:
        if row.person is None:
            continue
        if wanted.among(row):
            walks.follow(row.person, row)
        if wanted.start(row):
            walks.begin(row.person, row.ts)
    return walks.ended()
