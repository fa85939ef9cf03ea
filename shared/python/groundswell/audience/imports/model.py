"""An import: what it may hold, how far it is, and what became of its rows."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from groundswell.kernel.errors import Conflict, Invalid, NotFound

JOB = "lead_import"
MEGABYTE = 1024 * 1024
LARGEST_DIRECT = 4 * MEGABYTE
"""In a form: Lambda takes 6 MB of a request, and files are a third longer on the way."""
LARGEST = 200 * MEGABYTE
ROWS_AT_MOST = 500_000
COLUMNS_AT_MOST = 250
TITLE_AT_MOST = 100
ERRORS_SHOWN = 1000
AUTO = "auto"


class ImportUnknown(NotFound):
    code = "IMPORT_NOT_FOUND"
    message = "No such import: announce it by `POST /leads/import` with `upload`"


class UploadMissing(Conflict):
    code = "UPLOAD_MISSING"
    message = "Its file has not arrived: post it to `upload.url` first"


class NotImportable(Invalid):
    code = "NOT_IMPORTABLE"
    message = "This file cannot be imported"


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class RowError:
    """`row` counts from 1 below the header, `line` is where it begins in the file."""

    row: int
    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Row:
    """`values` are a lead's (`edits.Values`): None of a row that says nothing. `error` is why it cannot be read."""

    number: int
    line: int
    values: dict[str, Any] | None
    error: RowError | None = None


def folder(client_id: str, import_id: str = "") -> str:
    """Where an import's files lie."""
    return f"leads/{client_id}/" + (f"{import_id}/" if import_id else "")


def lead_id_of(import_id: str, row: int) -> str:
    """Of a lead that this row makes: the same whenever it is tried, so that who finds it knows whose it is. As a new
    id, it is time-ordered: it has the import's time."""
    digest = int.from_bytes(sha256(f"{import_id}#{row}".encode()).digest()[:10])
    time = int(import_id.replace("-", "")[:12], 16)
    value = time << 80 | 0x7 << 76 | (digest >> 68) << 64 | 0b10 << 62 | digest & (1 << 62) - 1
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
