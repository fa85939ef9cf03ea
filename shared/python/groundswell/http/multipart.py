"""Forms with files (RFC 7578). They are in memory already when a Lambda function sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.kernel.errors import Invalid

MULTIPART = "multipart/form-data"
_PARTS_AT_MOST = 50
_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True)
class SentFile:
    filename: str
    content_type: str | None
    data: bytes


@dataclass(frozen=True)
class SentForm:
    """By the names of the fields; the last one of a name counts."""

    texts: Mapping[str, str]
    files: Mapping[str, SentFile]


def is_multipart(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == MULTIPART


def read_multipart(content_type: str, body: bytes) -> SentForm:
    """Raises Invalid for what is no such form, and for more than 50 parts."""
    from python_multipart import create_form_parser  # few requests are forms with files
    from python_multipart.exceptions import FormParserError

    fields: list[Any] = []
    files: list[Any] = []
    headers = {"Content-Type": content_type.encode("latin-1", "replace")}
    config = {"MAX_MEMORY_FILE_SIZE": _IN_MEMORY, "MAX_FIELDS": _PARTS_AT_MOST}
    try:
        parser = create_form_parser(headers, fields.append, files.append, config=config)
        parser.write(body)
        parser.finalize()
        texts = {_name(field): (field.value or b"").decode() for field in fields}
    except (FormParserError, UnicodeDecodeError, ValueError) as error:
        raise Invalid.on("body", "not a form of multipart/form-data", "form") from error
    return SentForm(texts, {_name(file): _file(file) for file in files})


def _name(part: Any) -> str:
    return str((part.field_name or b"").decode())


def _file(part: Any) -> SentFile:
    part.file_object.seek(0)
    name = (part.file_name or b"").decode("utf-8", "replace")
    return SentFile(name, part.content_type, part.file_object.read())
