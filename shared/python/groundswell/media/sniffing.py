"""What a file is, by all of its content. Its name and what its sender says decide nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from groundswell.media.formats import IMAGES, Malformed, webp
from groundswell.media.model import LARGEST, MediaTooLarge, MediaTypeRefused, Mime
from groundswell.media.videos import Source, is_mp4, mp4

_HEAD = 64
_OFFICE = {"word/document.xml": Mime.DOCX, "xl/workbook.xml": Mime.XLSX, "ppt/presentation.xml": Mime.PPTX}
_ZIP_END = b"PK\x05\x06"
_ZIP_COMMENT = 65_535 + 22
_TEXTS = (
    (b"<svg", "SVG, which runs scripts"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<script", "HTML"),
    (b"<?xml", "XML"),
)


@dataclass(frozen=True)
class Content:
    mime: Mime
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Memory:
    """A file in memory, as a `Source`."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        return self.data[offset : offset + length]


def sniff(source: Source) -> Content:
    """Raises MediaTypeRefused for anything that is not exactly one of the types that are taken, and MediaTooLarge."""
    head = source.read(0, _HEAD)
    try:
        if is_mp4(head):
            video = mp4(source)
            return Content(Mime.MP4, video.width, video.height, video.seconds)
        if source.size > LARGEST:
            raise MediaTooLarge(f"At most {LARGEST // 1024 // 1024} MB, or 512 MB of a video")
        return _whole(head, source.read(0, source.size))
    except Malformed as error:
        raise MediaTypeRefused("The file is damaged, or more than one kind of file at once") from error


def _whole(head: bytes, data: bytes) -> Content:
    for first, mime, walk in IMAGES:
        if head.startswith(first):
            return _image(Mime(mime), data, walk)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _image(Mime.WEBP, data, webp)
    if head.startswith(b"%PDF-"):
        return Content(_pdf(data))
    if head.startswith(b"PK\x03\x04"):
        return Content(_office(data))
    raise MediaTypeRefused(_named(data))


def _image(mime: Mime, data: bytes, walk: Callable[[bytes], tuple[int, int]]) -> Content:
    width, height = walk(data)
    if _is_zip_too(data) or b"%PDF-" in data[:1024]:
        raise Malformed
    return Content(mime, width, height)


def _pdf(data: bytes) -> Mime:
    if b"%%EOF" not in data[-2048:] or _is_zip_too(data):
        raise Malformed
    return Mime.PDF


def _office(data: bytes) -> Mime:
    """An Office Open XML file (ECMA-376) without macros."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Malformed from error
    kinds = [mime for name, mime in _OFFICE.items() if name in names]
    if "[Content_Types].xml" not in names or len(kinds) != 1:
        raise MediaTypeRefused("The file is a zip archive")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".html", ".svg")) for name in names):
        raise MediaTypeRefused("The document has macros or programs in it")
    return kinds[0]


def _is_zip_too(data: bytes) -> bool:
    """Zip archives are read from their end."""
    end = data.rfind(_ZIP_END, max(0, len(data) - _ZIP_COMMENT))
    return end >= 0 and int.from_bytes(data[end + 20 : end + 22], "little") == len(data) - end - 22


def _named(data: bytes) -> str:
    beginning = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, name in _TEXTS:
        if mark in beginning:
            return f"The file is {name}"
    return MediaTypeRefused.message
