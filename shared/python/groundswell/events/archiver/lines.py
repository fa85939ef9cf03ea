"""Gzipped lines: what exports are made of, and what the archive was before it was Parquet."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

_LEVEL = 6
_GZIP = 31  # zlib writes gzip's frame, without a time


def packed(lines: Iterable[bytes]) -> bytes:
    """Packed as they come, so that only what is packed is held in memory. The same lines make the same bytes."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return b"".join([*map(packer.compress, lines), packer.flush()])


class CorruptLines(ValueError):
    """Bytes that `packed` did not make."""


def lines_of(data: bytes) -> Iterator[bytes]:
    """Each with its line feed. Raises CorruptLines."""
    try:
        yield from BytesIO(gzip.decompress(data))
    except (OSError, EOFError, zlib.error) as error:
        raise CorruptLines(str(error)) from error
