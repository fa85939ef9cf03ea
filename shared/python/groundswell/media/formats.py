"""Images walked from their first to their last byte: how large the picture is, and that nothing else is in the file.

A file that two programs take for two different things always has something before, between or behind what its format
says. So what is no exact chain of its format's parts is refused, whatever its first bytes are.
"""

from collections.abc import Callable
from zlib import crc32

type Size = tuple[int, int]
"""(width, height) in pixels."""
_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF_TURNED = frozenset({5, 6, 7, 8})


class Malformed(ValueError):
    """Not an exact file of its format."""


def png(data: bytes) -> Size:
    """PNG (W3C, third edition): chunks with right checksums, IHDR first, IEND last. Raises Malformed."""
    at, first, seen_data = 8, True, False
    size = (0, 0)
    while True:
        length, kind = _number(data, at, 4), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or crc32(data[at + 4 : end - 4]) != _number(data, end - 4, 4):
            raise Malformed
        if first != (kind == b"IHDR"):
            raise Malformed
        if first:
            size = _number(data, at + 8, 4), _number(data, at + 12, 4)
        seen_data |= kind == b"IDAT"
        if kind == b"IEND":
            return _whole(size, end == len(data) and seen_data)
        at, first = end, False


def gif(data: bytes) -> Size:
    """GIF89a: blocks up to the trailer. Raises Malformed."""
    size = _number(data, 6, 2, "little"), _number(data, 8, 2, "little")
    at = 13 + _colours(data, 10)
    while True:
        introducer = _number(data, at, 1)
        if introducer == 0x3B:
            return _whole(size, at + 1 == len(data))
        if introducer == 0x21:
            at = _sub_blocks(data, at + 2)
        elif introducer == 0x2C:
            at = _sub_blocks(data, at + 10 + _colours(data, at + 9) + 1)
        else:
            raise Malformed


def jpeg(data: bytes) -> Size:
    """JPEG (ITU T.81): segments and scans up to the end marker, and those of more JPEGs, which phones put behind it.

    The size is as it is shown: a picture that its EXIF turns has width and height exchanged. Raises Malformed.
    """
    size, at = _jpeg_at(data, 0)
    while following := data[at:].lstrip(b"\0"):
        _, at = _jpeg_at(data, len(data) - len(following))
    return size


def _jpeg_at(data: bytes, start: int) -> tuple[Size, int]:
    """(its size as it is shown, where it ends). Raises Malformed."""
    if data[start : start + 3] != b"\xff\xd8\xff":
        raise Malformed
    at, size, turned = start + 2, None, False
    while True:
        marker = _marker(data, at)
        at += 2
        if marker == 0xD9:
            break
        if marker in _ALONE:
            continue
        end = at + _number(data, at, 2)
        if marker in _START_OF_FRAME:
            size = _number(data, at + 5, 2), _number(data, at + 3, 2)
        elif marker == 0xE1:
            turned |= _is_turned(data[at + 2 : end])
        at = _end_of_scan(data, end) if marker == 0xDA else end
    if size is None:
        raise Malformed
    return _whole(size[::-1] if turned else size, whole=True), at


def webp(data: bytes) -> Size:
    """WebP (RFC 9649): one RIFF container, exactly as long as it says. Raises Malformed."""
    if _number(data, 4, 4, "little") + 8 != len(data):
        raise Malformed
    kind = data[12:16]
    if kind == b"VP8X":
        return _number(data, 24, 3, "little") + 1, _number(data, 27, 3, "little") + 1
    if kind == b"VP8L":
        bits = _number(data, 21, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return _number(data, 26, 2, "little") & 0x3FFF, _number(data, 28, 2, "little") & 0x3FFF
    raise Malformed


def _number(data: bytes, at: int, length: int, order: str = "big") -> int:
    if at < 0 or at + length > len(data):
        raise Malformed
    return int.from_bytes(data[at : at + length], "little" if order == "little" else "big")


def _whole(size: Size, whole: bool) -> Size:
    if not whole or not all(size):
        raise Malformed
    return size


def _colours(data: bytes, at: int) -> int:
    """Bytes of the colour table that the flags there announce."""
    flags = _number(data, at, 1)
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int) -> int:
    while length := _number(data, at, 1):
        at += 1 + length
    return at + 1


def _marker(data: bytes, at: int) -> int:
    if _number(data, at, 1) != 0xFF:
        raise Malformed
    return _number(data, at + 1, 1)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker is: in a scan, 0xFF is followed by 0 or by a restart marker."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise Malformed
        following = _number(data, at + 1, 1)
        if following and following not in _ALONE and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _is_turned(segment: bytes) -> bool:
    """Whether EXIF's tag 0x0112 (orientation) says a quarter turn. What cannot be read turns nothing."""
    if not segment.startswith(b"Exif\0\0"):
        return False
    tiff = segment[6:]
    order = "little" if tiff[:2] == b"II" else "big"
    try:
        start = _number(tiff, 4, 4, order)
        for entry in range(start + 2, start + 2 + 12 * _number(tiff, start, 2, order), 12):
            if _number(tiff, entry, 2, order) == 0x0112:
                return _number(tiff, entry + 8, 2, order) in _EXIF_TURNED
    except Malformed:
        return False
    return False


IMAGES: tuple[tuple[bytes, str, Callable[[bytes], Size]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", png),
    (b"GIF87a", "image/gif", gif),
    (b"GIF89a", "image/gif", gif),
    (b"\xff\xd8\xff", "image/jpeg", jpeg),
)
"""(first bytes, media type, the walk)."""
