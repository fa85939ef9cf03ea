"""zstd for blocks and records. Its contexts are costly to make and crash when two threads share one: one per thread."""

import threading

import zstandard

MOST = 64 * 1024 * 1024  # far more than a block or a record ever holds
MAGIC: bytes = zstandard.FRAME_HEADER
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
