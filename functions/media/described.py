"""How an upload is described: its body is read by hand."""

from typing import Any

from functions.media import examples
from functions.media.schemas import UploadAnnounce
from groundswell.http.multipart import MULTIPART


def both_ways(options: dict[str, Any]) -> dict[str, Any]:
    """The body is read by hand, so it is described by hand: a form with the file, or its announcement."""
    content = options["openapi_extra"]["requestBody"]["content"]
    content["application/json"]["schema"] = UploadAnnounce.model_json_schema()
    content[MULTIPART] = {"schema": examples.FORM_SCHEMA, "example": examples.FORM}
    options["openapi_extra"]["requestBody"]["required"] = True
    return options
