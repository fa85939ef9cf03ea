"""What the archive keeps of a client, and how it goes."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Protocol

from groundswell.events.archiver.model import prefix

_PAGE = 500


class Objects(Protocol):
    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class ArchivePurger:
    """The client's archived events. It comes after the log: what nobody reads any more, nobody archives."""

    kind = "archived_objects"

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def erase(self, client_id: str) -> Iterator[int]:
        for page in batched(self._objects.names(prefix(client_id)), _PAGE, strict=False):
            self._objects.delete(page)
            yield len(page)
