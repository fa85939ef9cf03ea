"""A client's events as files of this machine: the archive's objects, kept between questions, and the tail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage, rmtree
from tempfile import gettempdir

from groundswell.analytics.engine.model import Files, TooMany
from groundswell.analytics.engine.views import links_of
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.lake import Lake, Ref, Superseded, day_of
from groundswell.events.archiver.service import counted_in, load, masked_in
from groundswell.events.eventlog.model import DAY, MINUTE, Log, event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Committed
from groundswell.events.eventlog.snapshot import Snapshot, oldest, take
from groundswell.events.eventlog.window import END_OF_TIME, Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import people_at
from groundswell.kernel.errors import Invalid

_SHARE = 0.7  # of the disk, for objects: the tail and what DuckDB spills need the rest
_MOST_BYTES = 7_000_000_000
_ATTEMPTS = 5
_LOAD = 100  # blocks asked for at once
_EVER = Window(0, END_OF_TIME)


class TooLarge(Invalid):
    code = "ARCHIVE_TOO_LARGE"


class ClientFiles:
    """Objects lie below a folder of the client's, named after their content; what its manifest does not list any more
    is deleted with the next question."""

    def __init__(
        self,
        store: EventLog,
        lake: Lake,
        sheets: DuckSheets,
        now: Callable[[], datetime],
        folder: Path | None = None,
        room: int = 0,
    ) -> None:
        """`room` is how many bytes of objects the disk may hold; by its size if 0."""
        self._store = store
        self._lake = lake
        self._sheets = sheets
        self._now = now
        self._known = IdentityCache(store)
        self._folder = folder or Path(gettempdir()) / "groundswell-lake"
        self._room = room or min(_MOST_BYTES, int(disk_usage(gettempdir()).total * _SHARE))

    def files(
        self, client_id: str, most: int | None = None, within: Window | None = None, known: str | None = None
    ) -> Files:
        """Of one moment: the objects, and the commits after them; those that have events of the window. With `known`,
        the state of all that too; none of it is fetched if the state is that one. Raises TooMany or TooLarge."""
        log = event_log(client_id)
        for _ in range(_ATTEMPTS):
            with suppress(Superseded):  # the archive moved on meanwhile
                return self._files(log, most, within or _EVER, known)
        return self._files(log, most, within or _EVER, known)

    def erased_since(self, client_id: str, head: int) -> bool:
        log = event_log(client_id)
        return any(commit.erases for commit in self._store.commits(log, head))

    def _files(self, log: Log, most: int | None, within: Window, known: str | None) -> Files:
        manifest, listed = self._lake.state(log)
        refs = [ref for ref in listed if day_of(within.start // DAY) <= ref.day <= day_of((within.end - 1) // DAY)]
        view = take(self._store, log)
        commits = [commit for commit in self._store.commits(log, manifest.through) if commit.n <= view.head]
        touched = {block.sk for commit in commits if _touches(commit, within) for block in commit.blocks}
        counted = [block for block in counted_in(commits) if block.sk in touched]
        rows = sum(ref.rows for ref in refs) + _events(commits)
        links = None if known is None else self._pairs(view)
        state = (
            None if links is None else _state(refs, [commit.n for commit in commits if _touches(commit, within)], links)
        )
        if state is not None and state == known:
            return Files((), None, oldest([view], self._now()), rows, view.head, state)
        if most is not None and rows > most:
            raise TooMany
        size = sum(ref.size for ref in refs)
        if size > self._room:
            raise TooLarge(
                f"The archive has {size // 1_000_000} MB of these days, and a question reads {self._room // 1_000_000} "
                "MB: choose a shorter range; what needs all history (firsts, persons' traits) is Athena's to answer"
            )
        folder = self._make_room(log, listed, refs)
        name = f"{view.head}-{within.start}-{within.end}.tail"
        paths = [self._tail(log, counted, folder / name), *self._objects(refs, masked_in(commits), folder)]
        linked = self._links(view, folder, self._pairs(view) if links is None else links)
        return Files(tuple(map(str, paths)), linked, oldest([view], self._now()), rows, view.head, state)

    def _objects(self, refs: Sequence[Ref], gone: Mapping[str, Sequence[int]], folder: Path) -> Iterator[Path]:
        for ref in refs:
            path = folder / _file(ref)
            if not path.exists():
                _write(path, self._lake.read(ref))
            yield self._masked(path, gone, folder) if gone and ref.holds(gone) else path

    def _masked(self, path: Path, gone: Mapping[str, Sequence[int]], folder: Path) -> Path:
        """The object without what was erased since: until the archive itself is without."""
        with self._sheets.sheet() as sheet:
            sheet.open(path.read_bytes())
            if not sheet.drop(gone):
                return path
            return sheet.save(folder / f"{path.stem}-masked.part")

    def _tail(self, log: Log, counted: Sequence[Committed], path: Path) -> Path:
        with self._sheets.sheet() as sheet:
            for at in range(0, len(counted), _LOAD):
                batch = counted[at : at + _LOAD]
                blocks = self._store.blocks(log, [item.sk for item in batch])
                for message in batch:
                    if message.sk in blocks:
                        load(message, blocks[message.sk], sheet)
            return sheet.save(path)

    def _pairs(self, view: Snapshot) -> Sequence[tuple[str, str]]:
        return list(links_of(people_at(self._store, self._known, [view])))

    def _links(self, view: Snapshot, folder: Path, pairs: Sequence[tuple[str, str]]) -> str | None:
        return str(self._sheets.save_pairs(pairs, folder / f"{view.head}.links")) if pairs else None

    def _make_room(self, log: Log, listed: Sequence[Ref], needed: Sequence[Ref]) -> Path:
        """The client's folder, without what is listed no more; if the disk is full, without what is not needed now,
        and without other clients' folders."""
        folder = self._folder / log.client_id
        folder.mkdir(parents=True, exist_ok=True)
        _keep(folder, listed)
        missing = sum(ref.size for ref in needed if not (folder / _file(ref)).exists())
        if missing + sum(path.stat().st_size for path in self._folder.glob("*/*")) > self._room:
            _keep(folder, needed)
            for other in self._folder.iterdir():
                if other != folder:
                    rmtree(other, ignore_errors=True)
        return folder


def _state(refs: Sequence[Ref], commits: Sequence[int], links: Sequence[tuple[str, str]]) -> str:
    """A digest of all that an answer depends on: objects by their content, commits after them that matter, and who is
    who. (An erasure forgets links after its last commit, which is why these are looked at themselves.)"""
    digest = sha256(repr((sorted(ref.digest for ref in refs), sorted(commits))).encode())
    digest.update("\n".join(f"{own}\0{person}" for own, person in sorted(links)).encode())
    return digest.hexdigest()


def _file(ref: Ref) -> str:
    return f"{ref.digest.hex()}.parquet"


def _keep(folder: Path, refs: Sequence[Ref]) -> None:
    wanted = set(map(_file, refs))
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def _events(commits: Sequence[Commit]) -> int:
    return sum(tally.count for commit in commits for row in commit.cells.values() for tally in row.values())


def _touches(commit: Commit, within: Window) -> bool:
    """Whether it may have counted events of the window."""
    first, last = within.start // MINUTE, (within.end - 1) // MINUTE
    return commit.erases or any(first <= minute <= last for row in commit.cells.values() for minute in row)


def _write(path: Path, data: bytes) -> None:
    """Whole, or not at all."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.rename(path)
