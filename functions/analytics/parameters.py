"""Query parameters that several readers take, and the envelope around what they answer."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query

from functions.analytics.schemas import Moment, milliseconds

From = Annotated[Moment | None, Query(alias="from", description="Inclusive; without an offset it is UTC")]
To = Annotated[Moment | None, Query(alias="to", description="Exclusive")]
Name = Annotated[str | None, Query(max_length=512)]
TimeZone = Annotated[str, Query(max_length=64, description="IANA time zone of the buckets, e.g. `Europe/Berlin`")]


def optional(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def enveloped(status: int, message: str, data: Any) -> dict[str, Any]:
    return {"status_code": status, "message": message, "data": data}
