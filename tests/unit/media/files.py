"""Small files of every kind that is taken, and of kinds that are not."""

import struct
import zipfile
from io import BytesIO
from zlib import compress, crc32

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIF = (
    b"GIF89a\x02\x00\x03\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    b",\x00\x00\x00\x00\x02\x00\x03\x00\x00\x02\x03\x44\x02\x05\x00;"
)


def png(width: int = 2, height: int = 3, colour: int = 0) -> bytes:
    rows = b"".join(b"\0" + bytes([colour % 256, colour // 256 % 256, 0]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def jpeg(width: int = 2, height: int = 3, *, turned: bool = False) -> bytes:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    segments = [b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif] if turned else []
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    segments.append(b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(segments) + scan + b"\xff\xd9"


def webp(width: int = 2, height: int = 3) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def office(kind: str = "word/document.xml", *more: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", kind, *more):
            archive.writestr(name, "<x/>")
    return file.getvalue()


def mp4(seconds: int = 12, width: int = 1080, height: int = 1920, media: bytes = b"frames") -> bytes:
    movie_header = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80))
    track_header = _box(b"tkhd", bytes(76) + struct.pack(">HHHH", width, 0, height, 0))
    movie = _box(b"moov", movie_header + _box(b"trak", track_header))
    return _box(b"ftyp", b"isom\0\0\0\0isommp42") + movie + _box(b"mdat", media)


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data
