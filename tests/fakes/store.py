"""What a store keeps of one kind of thing, in memory: for unit tests of services, whichever the feature."""

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from groundswell.kernel.errors import DomainError, PreconditionFailed
from groundswell.kernel.page import Page, Position

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class MemoryStore[M: DataclassInstance]:
    """Found by id, saved where `version` is the stored one's, paged in order of ids: as `storage.reading` and
    `storage.transaction` do. `stale` is what a save raises that comes second."""

    def __init__(self, stale: type[DomainError] = PreconditionFailed, id_of: str = "id") -> None:
        self.rows: dict[str, M] = {}
        self._stale = stale
        self._id: Callable[[Any], str] = attrgetter(id_of)

    def find(self, thing_id: str) -> M | None:
        return self.rows.get(thing_id)

    def save(self, *things: M) -> M:
        """All or none. Answers with the last one, of its new version."""
        for thing in things:
            self._need_newest(thing)
        for thing in things:
            version: Any = {"version": self._version(thing) + 1}
            self.rows[self._id(thing)] = replace(thing, **version)
        return self.rows[self._id(things[-1])]

    def remove(self, thing: M) -> None:
        self._need_newest(thing)
        self.rows.pop(self._id(thing), None)

    def page(
        self, limit: int, position: Position | None, where: Callable[[M], bool], *, newest_first: bool = False
    ) -> Page[M]:
        after = str(position["id"]) if position else None
        ids = sorted((key for key, row in self.rows.items() if where(row)), reverse=newest_first)
        left = [key for key in ids if after is None or (key < after if newest_first else key > after)]
        end = {"id": left[limit - 1]} if len(left) > limit else None
        return Page(tuple(self.rows[key] for key in left[:limit]), end)

    def _need_newest(self, thing: M) -> None:
        stored = self.rows.get(self._id(thing))
        if self._version(thing) != (self._version(stored) if stored else 0):
            raise self._stale

    @staticmethod
    def _version(thing: Any) -> int:
        version: int = thing.version
        return version
