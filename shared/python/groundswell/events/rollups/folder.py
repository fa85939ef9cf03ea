"""Folds commits into rollups (hours of minutes, days of hours) and into the time index."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Page, index_entries
from groundswell.events.people.folder import PeopleFolder
from groundswell.events.people.merging import PieceMerger
from groundswell.events.rollups.pages import Delta, fold

HOURS, DAYS = "H", "D"
_BUDGET = 250_000  # bytes of index entries: an item holds 400 KB
_ATTEMPTS = 20


class Folder:
    def __init__(self, store: EventLog) -> None:
        self._store = store
        self._people = PeopleFolder(store)
        self._merger = PieceMerger(store)

    def fold(self, log: Log) -> int:
        """Fold what is not folded yet. Up to which commit rollups and index are complete now."""
        done = self._store.folded(log)
        while commits := list(_portion(self._store.commits(log, done))):
            self._fold(log, commits, done, through := commits[-1].n)
            done = through
        return done

    def _fold(self, log: Log, commits: Sequence[Commit], done: int, through: int) -> None:
        for unit in (HOURS, DAYS):
            deltas = _deltas(unit, commits)
            for buckets in batched(deltas, 100, strict=False):
                pages = self._store.pages(log, unit, buckets)
                for bucket in buckets:
                    self._fold_bucket(log, unit, bucket, pages.get(bucket, []), deltas[bucket], through)
        for hour, entries in index_entries(commits).items():
            self._store.put_hour(log, hour, through, entries)
        written = self._people.fold(log, commits, done, through)
        self._store.set_folded(log, through)
        self._merger.merge(log, done, through, written)

    def _fold_bucket(
        self, log: Log, unit: str, bucket: int, pages: list[Page], deltas: list[Delta], through: int
    ) -> None:
        for _ in range(_ATTEMPTS):
            if all(
                self._store.put_page(log, unit, page, before) for page, before in fold(bucket, pages, deltas, through)
            ):
                return
            pages = self._store.pages(log, unit, [bucket]).get(bucket, [])
        raise RuntimeError(f"rollup {unit} {bucket} changed {_ATTEMPTS} times under our hands")


def _portion(commits: Iterable[Commit]) -> Iterator[Commit]:
    """As many commits as one fold takes: bounded by what their index entries weigh."""
    weight = 0
    for commit in commits:
        yield commit
        weight += sum(60 + len(block.mask) for block in commit.blocks)
        if weight > _BUDGET:
            return


def _deltas(unit: str, commits: Iterable[Commit]) -> dict[int, list[Delta]]:
    buckets: dict[int, list[Delta]] = {}
    for commit in commits:
        for name, row in commit.cells.items():
            for minute, tally in row.items():
                bucket, slot = divmod(minute, 60) if unit == HOURS else divmod(minute // 60, 24)
                buckets.setdefault(bucket, []).append(Delta(commit.n, name, slot, tally))
    return buckets
