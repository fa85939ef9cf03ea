"""Columns of JSON values as bytes: the table inside an event block.

A column is a sequence of raw JSON values and comes back byte for byte, so a decimal keeps its digits. What costs space
is randomness: repeated values become one byte that indexes a pool, UUIDs become 16 bytes, and text, indexes and random
bytes are kept apart, because one Huffman table for all three fits none of them.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from groundswell.eventlog.zstd import compress, expand

_SEPARATOR = b"\x00"  # a raw control character is never part of valid JSON (RFC 8259 section 7)
_UUID = re.compile(rb'"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"')

# How a column's distinct values are written. `_POOLED` is a flag on top: one index byte per value follows.
_PLAIN, _STRINGS, _UUIDS = 0, 1, 2
_POOLED = 4


class _Layout(msgspec.Struct, array_like=True):
    """What the bytes mean: per column its name, mode, how many values it has and how many of them are written."""

    names: list[str]
    modes: list[int]
    counts: list[int]
    written: list[int]
    text: bytes


class _Packed(msgspec.Struct, array_like=True):
    text: bytes
    indexes: bytes
    uuids: bytes


def _mode(values: Sequence[bytes]) -> int:
    if all(value[:1] == b'"' for value in values):
        return _UUIDS if values and all(map(_UUID.fullmatch, values)) else _STRINGS
    return _PLAIN


def pack(columns: Mapping[str, Sequence[bytes]]) -> bytes:
    """The columns, of any lengths, as one byte string."""
    layout = _Layout([], [], [], [], b"")
    texts: list[bytes] = []
    indexes = bytearray()
    uuids = bytearray()
    for name, values in columns.items():
        pool = {value: index for index, value in enumerate(dict.fromkeys(values))}
        pooled = len(pool) <= 255 and len(pool) * 2 <= len(values)
        if pooled and len(pool) > 1:
            indexes += bytes(map(pool.__getitem__, values))
        written = list(pool) if pooled else values
        mode = _mode(written)
        if mode == _UUIDS:
            uuids += b"".join([UUID(value[1:-1].decode()).bytes for value in written])
        else:
            texts += [value[1:-1] for value in written] if mode == _STRINGS else written
        layout.names.append(name)
        layout.modes.append(mode | (_POOLED if pooled else 0))
        layout.counts.append(len(values))
        layout.written.append(len(written))
    layout.text = _SEPARATOR.join(texts)
    packed = _Packed(compress(msgspec.msgpack.encode(layout)), compress(bytes(indexes)), bytes(uuids))
    return msgspec.msgpack.encode(packed)


def unpack(data: bytes) -> dict[str, list[bytes]]:
    """What `pack` was given. Raises ValueError for anything it did not write."""
    try:
        packed = msgspec.msgpack.decode(data, type=_Packed)
        layout = msgspec.msgpack.decode(expand(packed.text), type=_Layout)
        indexes = expand(packed.indexes)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ValueError(f"not packed columns: {error}") from error
    return _Reader(layout.text.split(_SEPARATOR), indexes, packed.uuids).columns(layout)


class _Reader:
    def __init__(self, texts: list[bytes], indexes: bytes, uuids: bytes) -> None:
        self._texts = iter(texts)
        self._indexes = iter(indexes)
        self._uuids = memoryview(uuids)

    def columns(self, layout: _Layout) -> dict[str, list[bytes]]:
        described = zip(layout.names, layout.modes, layout.counts, layout.written, strict=True)
        try:
            return {name: self._column(mode, count, written) for name, mode, count, written in described}
        except (StopIteration, IndexError) as error:
            raise ValueError("packed columns are cut short") from error

    def _column(self, mode: int, count: int, written: int) -> list[bytes]:
        values = self._values(mode & ~_POOLED, written)
        if not mode & _POOLED:
            return values
        if written == 1:
            return values * count
        return [values[next(self._indexes)] for _ in range(count)]

    def _values(self, mode: int, written: int) -> list[bytes]:
        if mode == _UUIDS:
            taken, self._uuids = self._uuids[: 16 * written], self._uuids[16 * written :]
            return [b'"%s"' % str(UUID(bytes=bytes(taken[at : at + 16]))).encode() for at in range(0, 16 * written, 16)]
        values = [next(self._texts) for _ in range(written)]
        return [b'"%s"' % value for value in values] if mode == _STRINGS else values
