"""Times on the wire, and in the milliseconds that the domain counts in."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import FIRST, FORMS, LAST, instant, span, zone


def in_utc(moment: datetime) -> datetime:
    """Raises ValueError for what is not between 1970 and 2099."""
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("outside of time") from error
    if not FIRST <= moment <= LAST:
        raise ValueError("must be between 1970 and 2099")
    return moment


Timestamp = Annotated[datetime, AfterValidator(in_utc)]
"""RFC 3339, or an epoch in seconds; between 1970 and 2099. Without an offset it is UTC."""


def _text(value: Any) -> Any:
    """JSON may write an epoch as a number."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _end(text: str) -> str:
    instant(text, UTC, utc_now())
    return text


RangeEnd = Annotated[
    str, BeforeValidator(_text), StringConstraints(max_length=40, strip_whitespace=True), AfterValidator(_end)
]
"""One end of a range as it is written, and well-formed; which moment it is, `range_of` says."""
_FORMS = f"{FORMS}; in the zone of the question where it names none"
From = Annotated[RangeEnd | None, Query(alias="from", description=f"Inclusive: {_FORMS}")]
To = Annotated[RangeEnd | None, Query(alias="to", description=f"Exclusive: {_FORMS}")]


def range_of(start: str | None, end: str | None, tz: str = "UTC") -> tuple[int | None, int | None]:
    """Both ends in ms, None where open. `tz` is what dates and `today` are local to. Raises Invalid on `from` or `to`
    (which must be after `from`), and on `timezone`."""
    ends = span(start, end, zone(tz), utc_now())
    return milliseconds_or_none(ends[0]), milliseconds_or_none(ends[1])


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def milliseconds_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def timestamp_of(time: int) -> datetime:
    """In UTC, of a time in ms."""
    return datetime.fromtimestamp(time / 1000, UTC)
