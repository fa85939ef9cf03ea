"""Personal data that lies in a bucket, below a name that begins with the client's."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Protocol

_PAGE = 500


class Objects(Protocol):
    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


def delete_objects(objects: Objects, beginning: str) -> Iterator[int]:
    """Delete them, page by page; how many each page had."""
    for page in batched(objects.names(beginning), _PAGE, strict=False):
        objects.delete(page)
        yield len(page)
