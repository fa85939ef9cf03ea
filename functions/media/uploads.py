"""What comes in: a form with the file, or JSON that announces one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from functions.media.schemas import AltIn, UploadAnnounce
from groundswell.http.body import is_json
from groundswell.http.multipart import MULTIPART, is_multipart, read_multipart
from groundswell.kernel.errors import Invalid, UnsupportedMediaType
from groundswell.media.model import LARGEST_DIRECT, MEGABYTE, MediaTooLarge

_KNOWN = frozenset({"alt", "client_id"})


@dataclass(frozen=True)
class DirectUpload:
    filename: str
    content_type: str | None
    data: bytes
    alt: Mapping[str, str]


async def read_upload(request: Request) -> DirectUpload | UploadAnnounce:
    """Raises Invalid, RequestValidationError, MediaTooLarge, UnsupportedMediaType."""
    content_type = request.headers.get("content-type", "")
    body = await request.body()
    if is_multipart(content_type):
        return _direct(content_type, body)
    if is_json(content_type):
        return _announced(body)
    raise UnsupportedMediaType(f"Send the file as {MULTIPART}, or announce it as application/json")


def _direct(content_type: str, body: bytes) -> DirectUpload:
    form = read_multipart(content_type, body)
    unknown = sorted((form.texts.keys() - _KNOWN) | (form.files.keys() - {"file"}))
    if unknown:
        raise Invalid.on(unknown[0], "there is no such field", "extra_forbidden")
    file = form.files.get("file")
    if file is None or not file.data:
        raise Invalid.on("file", "is required, and not empty", "missing")
    if len(file.data) > LARGEST_DIRECT:
        raise MediaTooLarge(f"At most {LARGEST_DIRECT // MEGABYTE} MB in a form: announce larger files as JSON")
    alt = _checked(AltIn, {"alt": _spelled_alt(form.texts.get("alt", ""))}).alt
    return DirectUpload(file.filename, file.content_type, file.data, alt)


def _spelled_alt(text: str) -> Any:
    """`{"en": "…"}`, or English text alone."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    return {"en": text} if text.strip() else {}


def _announced(body: bytes) -> UploadAnnounce:
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Invalid.on("body", "not JSON", "json") from error
    return _checked(UploadAnnounce, content)


def _checked[M: BaseModel](model: type[M], content: Any) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise RequestValidationError([{**error, "loc": ("body", *error["loc"])} for error in error.errors()]) from error
