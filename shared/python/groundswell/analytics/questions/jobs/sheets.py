"""Rows set aside: what a question needs of them, by the part that their key falls into."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from gzip import compress, decompress
from itertools import repeat
from typing import Any
from weakref import WeakKeyDictionary
from zlib import crc32

import msgspec

from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.block import Block

_OWN = 8  # of a row's fields, those that are no place


class _Written(msgspec.Struct, array_like=True):
    """`own` are a row's fields and its currency, `raw` the columns asked for."""

    own: list[list[Any]]
    raw: dict[str, list[bytes]]


class Sheet(Block):
    """What questions ask of a block, for rows of many."""

    def __init__(self, data: bytes) -> None:
        self._written = msgspec.msgpack.decode(decompress(data), type=_Written)

    def __len__(self) -> int:
        return len(self._written.own[0])

    def column(self, path: str) -> list[bytes]:
        return self._written.raw[path]

    @cached_property
    def currencies(self) -> Mapping[int, str]:
        return {at: each for at, each in enumerate(self._written.own[_OWN]) if each is not None}

    def rows(self) -> Iterator[Row]:
        """In the order they were set aside."""
        return map(Row._make, zip(*self._written.own[:_OWN], repeat(self), range(len(self)), strict=False))


class Spill:
    """Rows on their way into parts. Holds all of them, but not their blocks."""

    def __init__(self, paths: Iterable[str], parts: int) -> None:
        self._paths = sorted(paths)
        self._parts: list[list[tuple[Any, ...]]] = [[] for _ in range(parts)]
        self._columns: WeakKeyDictionary[Block, list[list[bytes]]] = WeakKeyDictionary()

    def add(self, key: str | None, row: Row) -> None:
        """Rows of one key meet in one part; those without one go anywhere."""
        part = crc32(key.encode("utf-8", "surrogatepass")) if key is not None else row.ts
        raws: Iterable[bytes] = ()
        if self._paths:
            columns = self._columns.get(row.block)
            if columns is None:
                columns = self._columns[row.block] = [row.block.column(path) for path in self._paths]
            raws = [column[row.position] for column in columns]
        currency = row.block.currencies.get(row.position)
        self._parts[part % len(self._parts)].append((*row[:_OWN], currency, *raws))

    def sheets(self) -> Iterator[bytes]:
        """One a part, as `Sheet` reads them."""
        width = _OWN + 1
        for part in self._parts:
            columns = list(map(list, zip(*part, strict=True))) or [[] for _ in range(width + len(self._paths))]
            raw = dict(zip(self._paths, columns[width:], strict=True))
            yield compress(msgspec.msgpack.encode(_Written(columns[:width], raw)), 1, mtime=0)
