"""Query parameters that several readers take, and the envelope around what they answer."""

from typing import Annotated, Any

from fastapi import Query

Name = Annotated[str | None, Query(max_length=512)]
TimeZone = Annotated[str, Query(max_length=64, description="IANA time zone of the buckets, e.g. `Europe/Berlin`")]


def enveloped(status: int, message: str, data: Any) -> dict[str, Any]:
    return {"status_code": status, "message": message, "data": data}
