"""MP4 (ISO/IEC 14496-12): boxes to the last byte, how long it runs and how large it is. Only boxes' heads are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from groundswell.media.formats import Malformed

_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"})
_BOXES_AT_MOST = 10_000
_LARGEST_MOVIE_HEADER = 16 * 1024 * 1024


class Source(Protocol):
    """A file, wherever it lies."""

    @property
    def size(self) -> int: ...

    def read(self, offset: int, length: int) -> bytes:
        """Fewer bytes where it ends."""
        ...


@dataclass(frozen=True)
class Video:
    seconds: float
    width: int
    height: int


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    end: int


def is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and (
        head[8:12] in _BRANDS or bool(_BRANDS & {head[at : at + 4] for at in (16, 20, 24)})
    )


def mp4(source: Source) -> Video:
    """Raises Malformed."""
    boxes = list(_boxes(source, 0, source.size))
    movies = [box for box in boxes if box.kind == b"moov"]
    if not boxes or boxes[0].kind != b"ftyp" or len(movies) != 1 or not any(box.kind == b"mdat" for box in boxes):
        raise Malformed
    movie = movies[0]
    if movie.end - movie.start > _LARGEST_MOVIE_HEADER:
        raise Malformed
    return _movie(_Bytes(source.read(movie.start, movie.end - movie.start)))


@dataclass(frozen=True)
class _Bytes:
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        return self.data[offset : offset + length]


def _movie(movie: _Bytes) -> Video:
    seconds, size = 0.0, (0, 0)
    for box in _boxes(movie, 0, movie.size):
        if box.kind == b"mvhd":
            seconds = _seconds(movie.data[box.start : box.end])
        elif box.kind == b"trak":
            for inner in _boxes(movie, box.start, box.end):
                if inner.kind == b"tkhd":
                    size = max(size, _picture(movie.data[inner.start : inner.end]))
    if not seconds or not all(size):
        raise Malformed
    return Video(round(seconds, 3), *size)


def _seconds(header: bytes) -> float:
    long = header[:1] == b"\x01"
    scale, duration = (header[20:24], header[24:32]) if long else (header[12:16], header[16:20])
    ticks = int.from_bytes(scale)
    if not ticks:
        raise Malformed
    return int.from_bytes(duration) / ticks


def _picture(header: bytes) -> tuple[int, int]:
    """Whole pixels of a track; (0, 0) is sound."""
    return int.from_bytes(header[-8:-6]), int.from_bytes(header[-4:-2])


def _boxes(source: Source, at: int, end: int) -> Iterator[_Box]:
    for _ in range(_BOXES_AT_MOST):
        if at == end:
            return
        head = source.read(at, 16)
        length, start = int.from_bytes(head[:4]), at + 8
        if length == 1:
            length, start = int.from_bytes(head[8:16]), at + 16
        elif length == 0:
            length = end - at
        if len(head) < 8 or at + length > end or length < start - at:
            raise Malformed
        yield _Box(head[4:8], start, at + length)
        at += length
    raise Malformed
