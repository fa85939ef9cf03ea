"""The block codec: events received together, packed so that a thousand of them cost less than a hundred write units.

A block is msgpack `[version, dictionary, received ms, count, head, body]`. The head holds what consumers and filters
need (ids, times, names, people), the body the JSON parts. `dictionary` names a compression dictionary; 0 is none.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from typing import Any

import msgspec

from groundswell.events.eventlog import columns
from groundswell.events.eventlog.model import Event
from groundswell.events.eventlog.shapes import Shape, pick, rebuild, shred

VERSION = 1
_PARTS = ("properties", "traits", "context", "web3", "source", "extra")
_TEXTS = ("id", "kind", "name", "user_id", "anonymous_id", "session_id", "ts_quality", "value")
_RARE = ("currency", "fact")  # columns of the events that have one, and of where these stand
_OFFSETS = ("client_ts", "sent_at")
_AMOUNT = re.compile(r"-?[0-9]{1,78}(\.[0-9]{1,30})?")
_NULL = b"null"
_NEVER = 1 << 48  # ms: what remembers ids has six bytes for a time
_encoder = msgspec.json.Encoder()
_string = msgspec.json.Decoder(str | None)
_shapes = msgspec.json.Decoder(tuple[Shape, ...])


def is_amount(text: str) -> bool:
    """A decimal that sums keep exactly: a uint256 has 78 digits, wei 18 decimals."""
    return _AMOUNT.fullmatch(text) is not None


class CorruptBlock(ValueError):
    """The bytes are no block that this version can read; the message says why."""


class _Frame(msgspec.Struct, array_like=True):
    version: int
    dictionary: int
    received: int
    count: int
    head: bytes
    body: bytes


def encode(
    events: Sequence[Event],
    received: int,
    erased: Mapping[int, bytes] | None = None,
    changed: Mapping[int, bytes] | None = None,
) -> bytes:
    """Pack events that were received at that millisecond, in their order.

    `erased` are the positions of events that are no more, and the marks by which their repeats are still recognised;
    `changed` the same of events that say less than when they came.
    """
    values = _columns(events)
    head = _head(values, received)
    for name, marks in (("erased", erased), ("changed", changed)):
        if marks:
            head[name] = _lines([mark.hex() for mark in marks.values()])
            head[f"{name}#at"] = _lines(list(marks))
    frame = _Frame(VERSION, 0, received, len(events), columns.pack(head), columns.pack(_body(values)))
    return msgspec.msgpack.encode(frame)


BLANK = Event(id="", kind="erased", name="", ts=0, ts_quality="received")
"""What stands where an event was erased, but for its time: the block's."""


def _head(values: Mapping[str, Sequence[Any]], received: int) -> dict[str, list[bytes]]:
    head = {name: _lines(values[name]) for name in _TEXTS}
    times = values["ts"]
    head["ts"] = _lines([later - earlier for earlier, later in zip([received, *times], times, strict=False)])
    for name in _OFFSETS:
        base = times if name == "client_ts" else repeat(received)
        head[name] = _lines([None if at is None else at - start for at, start in zip(values[name], base, strict=False)])
    for name in _RARE:
        having = [(at, text) for at, text in enumerate(values[name]) if text is not None]
        if having:
            head[name] = _lines([text for _, text in having])
            head[f"{name}#at"] = _lines([at for at, _ in having])
    return head


def _columns(events: Sequence[Event]) -> dict[str, Sequence[Any]]:
    if not events:
        return dict.fromkeys(Event.__struct_fields__, ())
    return dict(zip(Event.__struct_fields__, zip(*map(msgspec.structs.astuple, events), strict=True), strict=True))


def _lines(values: Sequence[str | int | None]) -> list[bytes]:
    """Each as JSON, in which a line never ends."""
    return _encoder.encode_lines(values).splitlines() if values else []


def _body(values: Mapping[str, Sequence[Any]]) -> dict[str, list[bytes]]:
    body: dict[str, list[bytes]] = {}
    for part in _PARTS:
        raws = values[part]
        distinct = {raw: row for row, raw in enumerate(filter(None, dict.fromkeys(raws)))}
        if not distinct:
            continue
        shapes, numbers, leaves = shred(part, list(distinct))
        body[f"{part}#shapes"] = [_encoder.encode(shapes)]
        body[f"{part}#shape"] = _lines(numbers)
        if len(distinct) < len(raws):
            rows = {raw: b"%d" % row for raw, row in distinct.items()} | {b"": b"-"}
            body[f"{part}#row"] = [rows[raw] for raw in raws]
        body.update(leaves)
    return body


class Block:
    """A packed block, read lazily: the head first, the body only when whole events are asked for."""

    def __init__(self, data: bytes) -> None:
        """Raises CorruptBlock."""
        try:
            self._frame = msgspec.msgpack.decode(data, type=_Frame)
        except msgspec.MsgspecError as error:
            raise CorruptBlock(f"not a block: {error}") from error
        if self._frame.version != VERSION or self._frame.dictionary:
            raise CorruptBlock(f"version {self._frame.version}, dictionary {self._frame.dictionary}: unknown")
        self._head = self._unpack(self._frame.head)
        if any(self._head.count(name) != len(self) for name in (*_TEXTS, "ts", *_OFFSETS)):
            raise CorruptBlock("columns and count disagree")

    def __len__(self) -> int:
        return self._frame.count

    @property
    def received(self) -> int:
        return self._frame.received

    @cached_property
    def ids(self) -> list[str]:
        return [text or "" for text in self._texts("id")]

    @cached_property
    def names(self) -> list[str]:
        return [text or "" for text in self._texts("name")]

    @cached_property
    def kinds(self) -> list[str]:
        return [text or "" for text in self._texts("kind")]

    @cached_property
    def user_ids(self) -> list[str | None]:
        return self._texts("user_id")

    @cached_property
    def anonymous_ids(self) -> list[str | None]:
        return self._texts("anonymous_id")

    @cached_property
    def session_ids(self) -> list[str | None]:
        return self._texts("session_id")

    @cached_property
    def values(self) -> list[str | None]:
        return self._texts("value")

    @cached_property
    def erased(self) -> Mapping[int, bytes]:
        """The positions of events that are no more, and the marks by which their repeats are still recognised."""
        return self._marks("erased")

    @cached_property
    def changed(self) -> Mapping[int, bytes]:
        """The same of events that say less than when they came."""
        return self._marks("changed")

    @cached_property
    def currencies(self) -> Mapping[int, str]:
        """Of the positions whose value is money."""
        return self._rare("currency")

    @cached_property
    def facts(self) -> Mapping[int, str]:
        """Of the positions that report what happened on a chain."""
        return self._rare("fact")

    @cached_property
    def times(self) -> list[int]:
        return list(accumulate(map(int, self._head["ts"]), initial=self.received))[1:]

    @cached_property
    def in_order(self) -> Sequence[int]:
        """Positions by time, those of the same time as they came."""
        times, positions = self.times, range(len(self))
        return positions if times == sorted(times) else sorted(positions, key=times.__getitem__)

    @cached_property
    def events(self) -> list[Event]:
        """Every event whole. Raises CorruptBlock."""
        try:
            return self._events()
        except (msgspec.MsgspecError, LookupError, StopIteration, ValueError) as error:
            raise CorruptBlock(f"the body does not fit its head: {error}") from error

    def check(self) -> None:
        """Read all that counting needs. Raises CorruptBlock."""
        try:
            _ = self.ids, self.names, self.kinds, self.user_ids, self.anonymous_ids
            _ = self.times, self.currencies, self.facts
            values = [value for value in self.values if value is not None]
        except (msgspec.MsgspecError, ValueError) as error:
            raise CorruptBlock(f"the head cannot be read: {error}") from error
        if not all(map(is_amount, values)) or min(self.times, default=0) < 0 or not 0 <= self.received < _NEVER:
            raise CorruptBlock("a value or a time is out of range")

    def column(self, path: str) -> list[bytes]:
        """One raw JSON value per event, empty where the event has none, without rebuilding events.

        A path is a field of the head (`name`, `session_id`, `ts`), a whole part (`properties`) or what it leads to in
        one (`context.page.url`). Raises CorruptBlock.
        """
        try:
            return self._head_column(path) if path in self._head else self._body_column(path)
        except (msgspec.MsgspecError, LookupError, StopIteration, ValueError) as error:
            raise CorruptBlock(f"the column {path[:100]} cannot be read: {error}") from error

    def _head_column(self, name: str) -> list[bytes]:
        if name == "ts":
            return [b"%d" % time for time in self.times]
        if name in _RARE:
            rare = self._rare(name)
            return [_encoder.encode(rare[at]) if at in rare else b"" for at in range(len(self))]
        if name in _OFFSETS:
            return [_NULL if time is None else b"%d" % time for time in self._offsets(name, self._base(name))]
        return self._head[name]

    def _body_column(self, path: str) -> list[bytes]:
        part, _, inner = path.partition(".")
        if not inner or f"{part}#shape" not in self._body:
            return self._part(part, self._body)
        shapes = _shapes.decode(self._body[f"{part}#shapes"][0])
        distinct = pick(shapes, list(map(int, self._body[f"{part}#shape"])), self._body, path)
        return self._spread(part, distinct)

    def _base(self, name: str) -> list[int]:
        return self.times if name == "client_ts" else [self.received] * len(self)

    @cached_property
    def _body(self) -> columns.Columns:
        return self._unpack(self._frame.body)

    def _unpack(self, data: bytes) -> columns.Columns:
        try:
            return columns.unpack(data)
        except ValueError as error:
            raise CorruptBlock(str(error)) from error

    def _texts(self, name: str) -> list[str | None]:
        indexes = self._head.indexes(name)
        texts = [None if raw == _NULL else _string.decode(raw) for raw in self._head.written(name)]
        try:
            return texts if indexes is None else [texts[at] for at in indexes]
        except IndexError as error:
            raise ValueError(f"the column {name} is cut short") from error

    def _marks(self, name: str) -> dict[int, bytes]:
        places = map(int, self._head.get(f"{name}#at", ()))
        marks = [bytes.fromhex(_string.decode(raw) or "") for raw in self._head.get(name, ())]
        return dict(zip(places, marks, strict=True))

    def _rare(self, name: str) -> dict[int, str]:
        texts, places = self._head.get(name, ()), map(int, self._head.get(f"{name}#at", ()))
        return {at: _string.decode(raw) or "" for at, raw in zip(places, texts, strict=True)}

    def _offsets(self, name: str, base: list[int]) -> list[int | None]:
        return [None if raw == _NULL else start + int(raw) for raw, start in zip(self._head[name], base, strict=True)]

    def _events(self) -> list[Event]:
        body = self._body
        fields: dict[str, Sequence[object]] = {name: self._texts(name) for name in _TEXTS}
        fields |= {name: [self._rare(name).get(at) for at in range(len(self))] for name in _RARE}
        fields |= {part: self._part(part, body) for part in _PARTS}
        fields["ts"] = self.times
        fields |= {name: self._offsets(name, self._base(name)) for name in _OFFSETS}
        rows = zip(*fields.values(), strict=True)
        return [Event(**dict(zip(fields, row, strict=True))) for row in rows]

    def _part(self, part: str, body: Mapping[str, list[bytes]]) -> list[bytes]:
        if f"{part}#shape" not in body:
            return [b""] * len(self)
        shapes = _shapes.decode(body[f"{part}#shapes"][0])
        return self._spread(part, rebuild(shapes, map(int, body[f"{part}#shape"]), body))

    def _spread(self, part: str, distinct: list[bytes]) -> list[bytes]:
        """For each event the value of its row of the part."""
        if f"{part}#row" not in self._body:
            return distinct
        return [b"" if row == b"-" else distinct[int(row)] for row in self._body[f"{part}#row"]]
