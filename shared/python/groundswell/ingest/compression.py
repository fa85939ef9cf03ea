"""Compression sniffed whatever the headers say, and sizes bounded before memory is spent."""

import zlib

import zstandard

from groundswell.ingest.body import Malformed
from groundswell.kernel.errors import TooLarge, UnsupportedMediaType

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate", "zstd")
_ZSTD_WINDOW = 8 * 1024 * 1024


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
    parts, left, rest = [], limit + 1, body
    while rest and left:
        member = zlib.decompressobj(31 if name == "gzip" else 15 if _is_zlib(rest) else -15)
        try:
            parts.append(member.decompress(rest, left))
        except zlib.error as error:
            raise Malformed(f"The {name} body is damaged: {error}") from error
        left -= len(parts[-1])
        if not member.eof and left:
            raise Malformed(f"The {name} body is cut short")
        rest = member.unused_data
    if not left:
        raise _too_large(limit)
    return b"".join(parts)


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
