"""zstd for blocks and records. Its contexts are costly to make and crash when two threads share one: one per thread."""

import threading

import msgspec
import zstandard

MOST = 64 * 1024 * 1024  # far more than a block or a record ever holds
MAGIC: bytes = zstandard.FRAME_HEADER
_VERSION = b"\x01"
_LEVEL = 6  # 12 takes three times as long for 2 % less


class _Contexts(threading.local):
    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_mine = _Contexts()


def compress(data: bytes) -> bytes:
    return _mine.compressor.compress(data)


def expand(data: bytes) -> bytes:
    """Raises ValueError for what is not zstd, and for a frame that claims more than `MOST`."""
    try:
        if not 0 <= zstandard.frame_content_size(data) <= MOST:
            raise ValueError("a zstd frame of no sensible size")
        return _mine.decompressor.decompress(data)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


def to_bytes(record: object) -> bytes:
    plain = msgspec.msgpack.encode(record)
    packed = compress(plain)
    return _VERSION + min(plain, packed, key=len)


def from_bytes[T](data: bytes, kind: type[T]) -> T:
    """Raises ValueError for bytes of another version or kind."""
    if data[:1] != _VERSION:
        raise ValueError(f"record of version {data[:1]!r}")
    body = data[1:]
    if body.startswith(MAGIC):
        body = expand(body)
    return msgspec.msgpack.decode(body, type=kind)
