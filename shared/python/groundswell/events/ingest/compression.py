"""Compression sniffed whatever the headers say, and sizes bounded before memory is spent."""

import zlib

import zstandard

from groundswell.events.ingest.body import Malformed
from groundswell.kernel.errors import TooLarge, UnsupportedMediaType

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate", "zstd")
_ZSTD_WINDOW = 8 * 1024 * 1024
WINDOW = 16 * 1024
"""Of a body that is given to zlib at once."""
MOST_MEMBERS = 100
"""A body of gzip is one member; RFC 1952 allows more, and what appends to a file writes some."""


def plain(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its compression, at most `limit` bytes. Raises Malformed, TooLarge, UnsupportedMediaType."""
    if encoding not in _ENCODINGS:
        raise UnsupportedMediaType(f"Content-Encoding {encoding[:40]} is not supported: send gzip or none")
    if body.startswith(_GZIP):
        return _inflate(body, limit, "gzip")
    if body.startswith(_ZSTD):
        return _unzstd(body, limit)
    if encoding == "deflate":
        return _inflate(body, limit, "deflate")
    if encoding not in ("", "identity"):
        raise Malformed(f"Content-Encoding says {encoding}, but the body is not {encoding}")
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _inflate(body: bytes, limit: int, name: str) -> bytes:
    """Fed in windows: a member hands back what lies behind it, and of the whole body that would be copied each time."""
    parts, left, at, members = list[bytes](), limit + 1, 0, 0
    while at < len(body):
        if (members := members + 1) > MOST_MEMBERS:
            raise Malformed(f"The {name} body has more than {MOST_MEMBERS} members: compress a batch as one")
        read, at = _member(body, at, left, name)
        parts += read
        left -= sum(map(len, read))
        if not left:
            raise _too_large(limit)
    return b"".join(parts)


def _member(body: bytes, at: int, left: int, name: str) -> tuple[list[bytes], int]:
    """At most `left` bytes of the member that begins there, and where the next one does."""
    member = zlib.decompressobj(31 if name == "gzip" else 15 if _is_zlib(body[at : at + 2]) else -15)
    parts = list[bytes]()
    while left and not member.eof:
        window = body[at : at + WINDOW]
        if not window:
            raise Malformed(f"The {name} body is cut short")
        try:
            parts.append(member.decompress(window, left))
        except zlib.error as error:
            raise Malformed(f"The {name} body is damaged: {error}") from error
        left -= len(parts[-1])
        at += len(window) - len(member.unused_data)
    return parts, at


def _is_zlib(body: bytes) -> bool:
    """Whether it has the header of RFC 1950, which some leave out of what they call deflate."""
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0


def _unzstd(body: bytes, limit: int) -> bytes:
    """One cut short is found by the JSON in it."""
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(body, read_across_frames=True)
    try:
        read = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise Malformed(f"The zstd body is damaged: {error}") from error
    if len(read) > limit:
        raise _too_large(limit)
    return read


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is larger than {limit // 1024} KB: send smaller batches")
