"""What the archive holds: one line an event, in objects named after what is in them."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import msgspec

from groundswell.events.eventlog.model import Event, EventHeader, Log

_LEVEL = 6
_GZIP = 31  # zlib writes gzip's frame, without a time


class Line(EventHeader, frozen=True, kw_only=True, omit_defaults=True):
    """The canonical event. Times are ms since 1970 (UTC); JSON parts are text, so that no reader rounds a number."""

    event_id: str
    received_at: int
    ts_quality: str
    properties: str = ""
    traits: str = ""
    context: str = ""
    web3: str = ""
    source: str = ""
    extra: str = ""


PARTS = ("properties", "traits", "context", "web3", "source", "extra")
_SAME = (*EventHeader.__struct_fields__, "ts_quality")
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def line_of(event: Event, received: int) -> bytes:
    same = {name: getattr(event, name) for name in _SAME}
    parts = {part: getattr(event, part).decode("utf-8", "replace") for part in PARTS}
    return _encoder.encode(Line(event_id=event.id, received_at=received, **same, **parts)) + b"\n"


def event_of(raw: bytes) -> tuple[Event, int]:
    """The event of a line, and when it was received. Raises msgspec.MsgspecError for what is no line."""
    line = _decoder.decode(raw)
    same = {name: getattr(line, name) for name in _SAME}
    parts = {part: getattr(line, part).encode() for part in PARTS}
    return Event(id=line.event_id, **same, **parts), line.received_at


@dataclass(frozen=True)
class Progress:
    """Commits up to `done` are in the archive; those up to `planned` may be, and will be under the same names."""

    done: int = 0
    planned: int = 0


def prefix(client_id: str) -> str:
    """What the names of all objects of a client begin with."""
    return f"events/client_id={client_id}/"


def object_name(log: Log, day: str, first: int, last: int) -> str:
    """Of the events of one day (`YYYY-MM-DD`, UTC) that the commits `first` to `last` counted."""
    return f"{prefix(log.client_id)}day={day}/{log.shard}-{first:012d}-{last:012d}.json.gz"


def day_of(ts: int) -> str:
    """Of a time in ms."""
    return datetime.fromtimestamp(ts / 1000, UTC).strftime("%Y-%m-%d")


class Packer:
    """Packs lines as they come, so that only what is packed is held in memory. The same lines make the same bytes."""

    def __init__(self) -> None:
        self.lines = 0
        self._parts: list[bytes] = []
        self._gzip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)

    def add(self, line: bytes) -> None:
        self._parts.append(self._gzip.compress(line))
        self.lines += 1

    def close(self) -> bytes:
        return b"".join((*self._parts, self._gzip.flush()))


def packed(lines: Iterable[bytes]) -> bytes:
    packer = Packer()
    for line in lines:
        packer.add(line)
    return packer.close()


class CorruptObject(ValueError):
    """An object that `packed` did not make."""


def lines_of(data: bytes) -> Iterator[bytes]:
    """Each with its line feed. Raises CorruptObject."""
    try:
        yield from BytesIO(gzip.decompress(data))
    except (OSError, EOFError, zlib.error) as error:
        raise CorruptObject(str(error)) from error
