"""A stretch of a log: some hours of commits, and the blocks that they must have mentioned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import HOUR, MINUTE, Log
from groundswell.events.eventlog.port import EventLog, Progress
from groundswell.events.eventlog.records import Commit

GRACE = 5 * MINUTE
"""Younger blocks are the consumer's business."""
_COMMITS = 5_000
_SPAN = 2 * HOUR


class _Brief(NamedTuple):
    """What is remembered of a commit: there are many."""

    n: int
    at: int
    sks: tuple[str, ...]
    hours: tuple[int, ...]


@dataclass(frozen=True)
class Stretch:
    """Commits up to `through`. Of blocks before `end`, those not `known` are strays, unless a later commit has them;
    once they are settled, no commit up to `floor` is needed any more. `last`: there are no later commits."""

    through: int
    end: str
    known: frozenset[str]
    hours: tuple[int, ...]
    """Touched by the commits, the newest first."""
    floor: int
    last: bool

    @classmethod
    def of(cls, store: EventLog, log: Log, progress: Progress, settled: int) -> Self:
        """The one under way, or the next. `settled` (ms): younger blocks are left alone."""
        under_way = progress.through or None
        commits = map(_brief, store.commits(log, progress.floor, under_way))
        briefs = list(commits if under_way else _first_part(commits))
        through = briefs[-1].n if briefs else progress.floor
        last = through == store.head(log)
        end = settled if last or not briefs else min(settled, briefs[-1].at - GRACE)
        return cls(
            through,
            keys.blocks_from(max(0, end)),
            frozenset(sk for brief in briefs for sk in brief.sks),
            tuple(sorted({hour for brief in briefs for hour in brief.hours}, reverse=True)),
            max((brief.n for brief in briefs if brief.at < end - GRACE), default=progress.floor),
            last,
        )


def _brief(commit: Commit) -> _Brief:
    hours = {span.low // HOUR for block in commit.blocks for span in block.spans}
    return _Brief(commit.n, commit.at, tuple(block.sk for block in commit.blocks), tuple(hours))


def _first_part(commits: Iterable[_Brief]) -> Iterator[_Brief]:
    """Enough of them to get on: a floor is always some minutes behind. Few stretches look at an hour only once."""
    begin: int | None = None
    for number, commit in enumerate(commits, 1):
        begin = commit.at if begin is None else begin
        yield commit
        if number >= _COMMITS and commit.at >= begin + _SPAN:
            break
