"""Which CSV this is: its encoding, and by what its cells are separated."""

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import IO

from groundswell.audience.imports.model import NotImportable

_CHUNK = 1024 * 1024
_SEPARATORS = (",", ";", "\t", "|")
_LINES = 20
_ARCHIVES = {b"PK\x03\x04": "a ZIP file, or an Excel workbook", b"\x1f\x8b": "a gzip file", b"%PDF": "a PDF"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Dialect:
    encoding: str
    separator: str


def detect(file: IO[bytes]) -> Dialect:
    """Raises NotImportable for what is no text, or empty."""
    file.seek(0)
    head = file.read(_CHUNK)
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            raise NotImportable(f"This is {name}: save it as CSV first")
    encoding = _encoding(file, head)
    if not head.decode(encoding, "ignore").strip():
        raise NotImportable("The file is empty")
    return Dialect(encoding, _separator(file, encoding))


def _encoding(file: IO[bytes], head: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked is not None:
        return marked
    if wide := _without_mark(head):
        return wide
    if b"\0" in head:
        raise NotImportable("This is no text: save it as CSV first")
    return "utf-8" if _is_utf8(file) else "cp1252"


def _without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly Latin letters has a zero in every second place."""
    sample = head[: 2000 - len(head[:2000]) % 2]
    if not sample:
        return None
    zeros = [sample[at::2].count(0) / (len(sample) / 2) for at in (0, 1)]
    if zeros[1] > 0.5 > zeros[0]:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.5 > zeros[1] else None


def _is_utf8(file: IO[bytes]) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while data := file.read(_CHUNK):
            decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(file: IO[bytes], encoding: str) -> str:
    """The one that cuts the first lines into the same number of cells most often, and into the most cells."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        lines = text.read(_CHUNK)
    finally:
        text.detach()
    return max(_SEPARATORS, key=lambda separator: _fit(lines, separator))


def _fit(text: str, separator: str) -> tuple[float, int]:
    widths = list[int]()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            widths.append(len(cells))
            if len(widths) == _LINES:
                break
    except csv.Error:
        pass
    if not widths or widths[0] < 2:
        return (0.0, 0)
    [(width, often)] = Counter(widths).most_common(1)
    return (often / len(widths) if width > 1 else 0.0, width)
