"""Query parameters that several readers take, and the envelope around what they answer."""

from typing import Annotated, Any

from fastapi import Query

Name = Annotated[str | None, Query(max_length=512)]


def enveloped(status: int, message: str, data: Any) -> dict[str, Any]:
    return {"status_code": status, "message": message, "data": data}
