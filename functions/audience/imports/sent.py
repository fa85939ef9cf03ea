"""What comes in: a form with the file, or JSON that announces one; and how it is to be read."""

import json
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError

from functions.audience.imports.schemas import AnnounceIn, Mapping
from groundswell.audience.adapter_wiring import public_address
from groundswell.audience.imports.model import LARGEST_DIRECT, MEGABYTE
from groundswell.audience.imports.service import Wanted
from groundswell.http.body import is_json
from groundswell.http.multipart import MULTIPART, is_multipart, read_multipart
from groundswell.kernel.errors import Invalid, TooLarge, UnsupportedMediaType

_FORM = frozenset({"client_id"})


async def _import_options(
    mapping: Annotated[
        str, Query(max_length=20_000, description="`auto`, or JSON: fields of leads by the titles of columns")
    ] = "auto",
    dry_run: Annotated[bool, Query(description="Say what would come of it, and write nothing")] = False,
) -> Wanted:
    return Wanted(read_mapping(mapping), dry_run, public_address())


ImportQuery = Annotated[Wanted, Depends(_import_options)]


def read_mapping(text: str) -> Any:
    """Raises Invalid."""
    if text.strip() == "auto":
        return "auto"
    try:
        return TypeAdapter(Mapping).validate_python(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Invalid.on("mapping", "auto, or a JSON object of fields by the titles of columns") from error


async def read_file(request: Request) -> bytes | None:
    """The file of a form; None for the announcement of one. Raises Invalid, TooLarge, UnsupportedMediaType."""
    content_type, body = request.headers.get("content-type", ""), await request.body()
    if is_json(content_type):
        _checked(AnnounceIn, body)
        return None
    if not is_multipart(content_type):
        raise UnsupportedMediaType(f"Send the file as {MULTIPART}, or announce it as application/json")
    form = read_multipart(content_type, body)
    unknown = sorted((form.texts.keys() - _FORM) | (form.files.keys() - {"file"}))
    if unknown:
        raise Invalid.on(unknown[0], "there is no such field", "extra_forbidden")
    file = form.files.get("file")
    if file is None or not file.data:
        raise Invalid.on("file", "is required, and not empty", "missing")
    if len(file.data) > LARGEST_DIRECT:
        raise TooLarge(f"At most {LARGEST_DIRECT // MEGABYTE} MB in a form: upload larger files (`upload`)")
    return file.data


def _checked(model: type[BaseModel], body: bytes) -> None:
    try:
        model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise RequestValidationError([{**error, "loc": ("body", *error["loc"])} for error in error.errors()]) from error
