"""Times on the wire, and in the milliseconds that the domain counts in."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""RFC 3339, or an epoch in seconds. Without an offset it is UTC."""
From = Annotated[Moment | None, Query(alias="from", description="Inclusive; without an offset it is UTC")]
To = Annotated[Moment | None, Query(alias="to", description="Exclusive")]


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def milliseconds_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def moment_of(time: int) -> datetime:
    """In UTC, of a time in ms."""
    return datetime.fromtimestamp(time / 1000, UTC)
