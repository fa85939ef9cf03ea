"""Times on the wire, and in the milliseconds that the domain counts in."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from annotated_types import Ge, Lt
from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

from groundswell.kernel.clock import utc_now, whole_millis
from groundswell.kernel.ranges import FIRST, FORMS, LAST, instant, span, zone


def _in_utc(moment: datetime) -> datetime:
    """Raises ValueError for what is not between 1970 and 2099."""
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("outside of time") from error
    if not FIRST <= moment <= LAST:
        raise ValueError("must be between 1970 and 2099")
    return whole_millis(moment)


Timestamp = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""RFC 3339, or an epoch in seconds; between 1970 and 2099, in whole milliseconds. Without an offset it is refused."""
RecordedAt = Annotated[datetime, AfterValidator(_in_utc)]
"""When something was measured, as a program says it: without an offset it is UTC, which costs no point."""

Day = Annotated[date, Ge(FIRST.date()), Lt(LAST.date())]
"""A date of those that times are within."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _due(text: str) -> str:
    """A date, or a time with an offset."""
    try:
        moment = date.fromisoformat(text) if _DATE.fullmatch(text) else datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError("a date (2026-11-01) or a time with an offset (2026-11-01T09:30:00Z)") from error
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ValueError("a time needs an offset: 2026-11-01T09:30:00Z")
    if not FIRST.year <= moment.year < LAST.year:
        raise ValueError("must be between 1970 and 2099")
    return moment.isoformat()


DueDate = Annotated[str, StringConstraints(max_length=40), AfterValidator(_due)]
"""A date, or a time with an offset, as ISO 8601 writes it."""


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
