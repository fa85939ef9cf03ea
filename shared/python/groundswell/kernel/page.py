"""One page of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

type Position = Mapping[str, str | int]
"""Where a list goes on: the last key read, in the store's own terms. Signed before it leaves as a cursor."""

REVERSED: Position = {"reversed": 1}
"""The first page of a list in the other direction. What follows it says so too."""


def is_reversed(position: Position | None) -> bool:
    return bool(position and position.get("reversed"))


def following(position: Position | None, **key: str | int) -> Position:
    """The page after the one at `position`, behind what has this key."""
    return {**key, **REVERSED} if is_reversed(position) else key


@dataclass(frozen=True)
class Page[T]:
    """Items in their stable order, and where the next page starts (None at the end)."""

    items: tuple[T, ...]
    next: Position | None = None

    def map[U](self, change: Callable[[T], U]) -> "Page[U]":
        return Page(tuple(map(change, self.items)), self.next)


@dataclass(frozen=True)
class CountedPage[T]:
    """A page, and how many there are on all of them; None where nothing counts that."""

    page: Page[T]
    total: int | None

    def map[U](self, change: Callable[[T], U]) -> "CountedPage[U]":
        return CountedPage(self.page.map(change), self.total)
