"""The archive as its readers see it: objects by client and day, and a manifest for each log that says which of them
there are and up to which commit they hold everything that counted.

Objects never change, and their names are used once. A change writes new objects and a new list of them, then swaps
the manifest if it still is the one that was read; whoever loses drops what it wrote. So a reader sees a change whole
or not at all, and what no manifest lists does not exist.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

import msgspec

from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.zstd import from_bytes, to_bytes


class Ref(msgspec.Struct, array_like=True, frozen=True):
    """An object: events of one day (`YYYY-MM-DD`, UTC) that lie in the log's blocks from `first` to `last`."""

    day: str
    name: str
    rows: int
    size: int
    digest: bytes
    first: str
    last: str

    def holds(self, sks: Iterable[str]) -> bool:
        """Whether it may have events of one of these blocks."""
        return any(self.first <= sk <= self.last for sk in sks)


@dataclass(frozen=True)
class Manifest:
    """`through` is the commit up to which the objects are complete, erased events left out. `listed` names the list of
    them. `old` says that objects of JSON lines are still to be replaced; `compacted` is the day of the last compaction.
    """

    version: int = 0
    through: int = 0
    listed: str = ""
    old: bool = False
    compacted: str = ""


class Pointers(Protocol):
    def get(self, log: Log) -> Manifest: ...

    def put(self, log: Log, manifest: Manifest, before: Manifest) -> bool:
        """False if it is not `before` any more."""
        ...

    def forget(self, log: Log) -> None: ...


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> tuple[bytes, str] | None: ...

    def names(self, beginning: str, after: str = "") -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class Superseded(Exception):
    """What a manifest listed is no more: there is a newer manifest."""


class CorruptObject(ValueError):
    """An object is not what the manifest says: cut, or of somebody else's making."""


@dataclass(frozen=True)
class Packed:
    """An object's bytes, and what its reference says of them."""

    data: bytes
    rows: int
    first: str
    last: str


OBJECT = ".parquet"
_LIST = ".list"
_OLD = ".json.gz"


def prefix(client_id: str) -> str:
    """What the names of all objects of a client begin with."""
    return f"events/client_id={client_id}/"


def day_of(number: int) -> str:
    """Of days since 1970."""
    return datetime.fromtimestamp(number * 86_400, UTC).strftime("%Y-%m-%d")


class Lake:
    def __init__(self, pointers: Pointers, objects: Objects, unique: Callable[[], str]) -> None:
        """`unique` makes a part of a name that was never used before."""
        self._pointers = pointers
        self._objects = objects
        self._unique = unique

    def manifest(self, log: Log) -> Manifest:
        return self._pointers.get(log)

    def refs(self, manifest: Manifest) -> tuple[Ref, ...]:
        """Its objects, by day. Raises Superseded."""
        if not manifest.listed:
            return ()
        blob = self._objects.get(manifest.listed)
        if blob is None:
            raise Superseded(manifest.listed)
        return from_bytes(blob[0], tuple[Ref, ...])

    def state(self, log: Log) -> tuple[Manifest, tuple[Ref, ...]]:
        """The manifest and its objects, of one moment."""
        while True:
            manifest = self.manifest(log)
            with suppress(Superseded):
                return manifest, self.refs(manifest)

    def read(self, ref: Ref) -> bytes:
        """Raises Superseded or CorruptObject."""
        blob = self._objects.get(ref.name)
        if blob is None:
            raise Superseded(ref.name)
        if len(blob[0]) != ref.size or sha256(blob[0]).digest() != ref.digest:
            raise CorruptObject(ref.name)
        return blob[0]

    def put(self, log: Log, day: str, packed: Packed) -> Ref:
        name = f"{prefix(log.client_id)}day={day}/{log.shard}-{self._unique()}{OBJECT}"
        self._objects.put(name, packed.data)
        size, digest = len(packed.data), sha256(packed.data).digest()
        return Ref(day, name, packed.rows, size, digest, packed.first, packed.last)

    def swap(self, log: Log, before: Manifest, after: Manifest, old: Sequence[Ref], new: Sequence[Ref]) -> bool:
        """Take `new` in place of `old`: False, and nothing has changed, if the manifest is not `before` any more."""
        gone, names = [ref.name for ref in old], [ref.name for ref in new]
        try:
            refs = [ref for ref in self.refs(before) if ref.name not in gone]
        except Superseded:
            self._delete(names)
            return False
        listed = f"{prefix(log.client_id)}list/{log.shard}-{self._unique()}{_LIST}"
        self._objects.put(listed, to_bytes(sorted([*refs, *new], key=lambda ref: ref.day)))
        if not self._pointers.put(log, replace(after, version=before.version + 1, listed=listed), before):
            self._delete([listed, *names])
            return False
        self._delete([*gone, *filter(None, [before.listed])])
        return True

    def mark(self, log: Log, before: Manifest, after: Manifest) -> bool:
        """The same objects under a new version."""
        return self._pointers.put(log, replace(after, version=before.version + 1), before)

    def close(self, log: Log) -> None:
        """Whoever read the log or the manifest before this swaps it no more."""
        before = self.manifest(log)
        while not self.mark(log, before, before):
            before = self.manifest(log)

    def sweep(self, log: Log) -> None:
        """Delete what attempts left behind that died or lost. What is being written meanwhile is lost as well, and
        written again by whoever comes next."""
        beginning = prefix(log.client_id)
        there = [name for name in self._objects.names(beginning) if self._own(log, name)]
        before, refs = self.state(log)
        listed = {before.listed, *(ref.name for ref in refs)}
        left = [name for name in there if name not in listed]
        if left and self.mark(log, before, before):
            self._delete(left)

    def drop_old(self, log: Log) -> None:
        """The objects of JSON lines that this log's events lay in before."""
        names = self._objects.names(prefix(log.client_id))
        self._delete([name for name in names if _of(log, name) and name.endswith(_OLD)])

    def purge(self, log: Log, written: Sequence[Ref]) -> None:
        """Of a client who was purged while these were written."""
        self._pointers.forget(log)
        self._delete([ref.name for ref in written])

    def _delete(self, names: Sequence[str]) -> None:
        if names:
            self._objects.delete(names)

    @staticmethod
    def _own(log: Log, name: str) -> bool:
        return _of(log, name) and name.endswith((OBJECT, _LIST))


def _of(log: Log, name: str) -> bool:
    return name.rpartition("/")[2].partition("-")[0] == log.shard
