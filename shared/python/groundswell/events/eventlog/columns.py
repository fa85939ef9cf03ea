"""Columns of JSON values as bytes: the table inside an event block.

A column is a sequence of raw JSON values and comes back byte for byte, so a decimal keeps its digits. What costs space
is randomness: repeated values become one byte that indexes a pool, UUIDs become 16 bytes, and text, indexes and random
bytes are kept apart, because one Huffman table for all three fits none of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from groundswell.events.eventlog.zstd import compress, expand

_SEPARATOR = b"\x00"  # a raw control character is never part of valid JSON (RFC 8259 section 7)
_UUID = 39  # bytes, with quotation marks and a separator
_DASHES = (9, 14, 19, 24)

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


def pack(columns: Mapping[str, Sequence[bytes]]) -> bytes:
    """The columns, of any lengths, as one byte string."""
    layout = _Layout([], [], [], [], b"")
    texts: list[bytes] = []
    indexes, uuids = bytearray(), bytearray()
    for name, values in columns.items():
        pool = _distinct(values)
        pooled = len(pool) <= 255 and len(pool) * 2 <= len(values)
        if pooled and len(pool) > 1:
            places = dict(zip(pool, range(len(pool)), strict=True))
            indexes += bytes(map(places.__getitem__, values))
        written = pool if pooled else values
        mode, data = _write(written)
        if mode == _UUIDS:
            uuids += data
        elif written:
            texts.append(data)
        layout.names.append(name)
        layout.modes.append(mode | (_POOLED if pooled else 0))
        layout.counts.append(len(values))
        layout.written.append(len(written))
    layout.text = _SEPARATOR.join(texts)
    packed = _Packed(compress(msgspec.msgpack.encode(layout)), compress(bytes(indexes)), bytes(uuids))
    return msgspec.msgpack.encode(packed)


def _distinct(values: Sequence[bytes]) -> Sequence[bytes]:
    """In the order in which they come first. A column of one value is common, and seen without hashing."""
    if values and values[0] == values[-1] and values.count(values[0]) == len(values):
        return values[:1]
    return list(dict.fromkeys(values))


def _write(values: Sequence[bytes]) -> tuple[int, bytes]:
    """How the values are written, and they, separated; strings without their quotes. Bytes are gone through at once,
    not value by value: every event passes here."""
    data = _SEPARATOR.join(values)
    if data[:1] != b'"' or data.count(_SEPARATOR + b'"') != len(values) - 1:
        return (_PLAIN if values else _STRINGS), data
    uuids = _uuids(data, len(values)) if len(data) + 1 == _UUID * len(values) else None
    if uuids is not None:
        return _UUIDS, uuids
    return _STRINGS, data[1:-1].replace(b'"' + _SEPARATOR + b'"', _SEPARATOR)


def _uuids(data: bytes, count: int) -> bytes | None:
    """Of separated JSON strings the bytes that they spell; None unless each is a UUID in lower case."""
    digits = data.translate(None, _SEPARATOR + b'"-')
    aligned = all(data[at::_UUID] == b"-" * count for at in _DASHES) and data[38::_UUID] == _SEPARATOR * (count - 1)
    if not aligned or len(digits) != 32 * count or digits != digits.lower():
        return None
    try:
        spelled = bytes.fromhex(digits.decode())
    except ValueError:
        return None
    return spelled if len(spelled) == 16 * count else None  # it skips spaces


def unpack(data: bytes) -> "Columns":
    """What `pack` was given. Raises ValueError for anything it did not write."""
    try:
        packed = msgspec.msgpack.decode(data, type=_Packed)
        layout = msgspec.msgpack.decode(expand(packed.text), type=_Layout)
        indexes = expand(packed.indexes)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ValueError(f"not packed columns: {error}") from error
    return Columns(layout, indexes, packed.uuids)


class _Place(NamedTuple):
    """Where a column's parts begin: its written values (among texts or UUIDs) and its indexes."""

    mode: int
    values: int
    written: int
    first: int
    first_index: int


class Columns(Mapping[str, list[bytes]]):
    """Packed columns. One is decoded when it is asked for: a reader pays for what it reads."""

    def __init__(self, layout: _Layout, indexes: bytes, uuids: bytes) -> None:
        """Raises ValueError."""
        self._texts = layout.text.split(_SEPARATOR)
        self._indexes = indexes
        self._uuids = uuids
        self._places: dict[str, _Place] = {}
        text = index = uuid = 0
        for name, mode, count, written in zip(layout.names, layout.modes, layout.counts, layout.written, strict=True):
            coded = mode & ~_POOLED == _UUIDS
            self._places[name] = _Place(mode, count, written, uuid if coded else text, index)
            uuid, text = (uuid + written, text) if coded else (uuid, text + written)
            index += count if mode & _POOLED and written != 1 else 0
        if text > len(self._texts) or index > len(indexes) or uuid * 16 > len(uuids):
            raise ValueError("packed columns are cut short")

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, name: object) -> bool:
        """Mapping's own would decode the column to find out."""
        return name in self._places

    def __getitem__(self, name: str) -> list[bytes]:
        """Raises KeyError, and ValueError for a column that was not written by `pack`."""
        place, written = self._places[name], self.written(name)
        if not place.mode & _POOLED:
            return written
        try:
            return [written[at] for at in self.indexes(name) or ()]
        except IndexError as error:
            raise ValueError("packed columns are cut short") from error

    def count(self, name: str) -> int:
        """How many values the column has; 0 if there is none."""
        return self._places[name].values if name in self._places else 0

    def written(self, name: str) -> list[bytes]:
        """The values as they are written: of a pooled column each distinct one once."""
        mode, _, written, value, _ = self._places[name]
        if mode & ~_POOLED == _UUIDS:
            uuids = (self._uuids[16 * at : 16 * at + 16].hex() for at in range(value, value + written))
            return [f'"{hx[:8]}-{hx[8:12]}-{hx[12:16]}-{hx[16:20]}-{hx[20:]}"'.encode() for hx in uuids]
        values = self._texts[value : value + written]
        return [b'"%s"' % text for text in values] if mode & ~_POOLED == _STRINGS else values

    def indexes(self, name: str) -> Sequence[int] | None:
        """Which written value each value is; None if they are written one by one."""
        mode, count, written, _, index = self._places[name]
        if not mode & _POOLED:
            return None
        return bytes(count) if written == 1 else self._indexes[index : index + count]
