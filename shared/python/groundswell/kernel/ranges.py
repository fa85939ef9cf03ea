"""The ends of a range of time, as people write them: the one parser of `from` and `to`."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from groundswell.kernel.errors import Invalid
from groundswell.kernel.zones import find_zone

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""No end lies outside: what is asked of a millennium is a slip, and days are counted one by one."""
FORMS = "a time (2026-11-01T09:30:00Z), a date (2026-11-01), a month (2026-11), today, -7d, -6h or -15m"
# Of which 2026 and 20261101 are none: they would mean the first year.
_EPOCH = re.compile(r"(?!(?:\d{4}|\d{6}|\d{8})$)\d{1,14}(?:\.\d{1,9})?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?", re.ASCII)
_OFFSETLESS = re.compile(r"\d{4}-\d\d-\d\d[Tt ][\d:.,]+", re.ASCII)
_AGO = re.compile(r"-(\d{1,6})([mhdw])", re.ASCII)
_STEPS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
_MILLISECONDS = 20_000_000_000  # no second of an epoch has such a number before 2600


@cache
def zone(name: str, field: str = "timezone") -> ZoneInfo:
    """An IANA time zone. Raises Invalid on the field that named it."""
    try:
        return find_zone(name)
    except ValueError as error:
        raise Invalid.on(field, "not an IANA time zone such as Europe/Berlin") from error


def instant(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Which moment is meant, in UTC. Raises ValueError for what is none, or before 1970 or after 2099.

    Dates and months are local to `zone`; a day begins when its date first shows on local clocks. Times have an offset.
    `today` is the beginning of this day, `-7d` and `-1w` that of the day so long ago; `-6h` and `-15m` are exact.
    Whole numbers are epochs in seconds, or in milliseconds where seconds would be far away.
    """
    if _OFFSETLESS.fullmatch(text.strip()):
        raise ValueError("a time needs an offset: 2026-11-01T09:30:00Z")
    try:
        moment = _moment(text.strip(), zone, now).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"write {FORMS}") from error
    if not FIRST <= moment <= LAST:
        raise ValueError("must be between 1970 and 2099")
    return moment


def _moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    if text == "today":
        return _begin(now.astimezone(zone).date(), zone)
    if match := _AGO.fullmatch(text):
        return _ago(int(match[1]), match[2], zone, now)
    if _EPOCH.fullmatch(text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)
    if _MONTH.fullmatch(text):
        return _begin(date.fromisoformat(f"{text}-01"), zone)
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text.upper())  # or a date
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _ago(number: int, unit: str, zone: tzinfo, now: datetime) -> datetime:
    if unit in _STEPS:
        return now - number * _STEPS[unit]
    return _begin(now.astimezone(zone).date() - timedelta(days=number * (7 if unit == "w" else 1)), zone)


def _begin(day: date, zone: tzinfo) -> datetime:
    """Where the clocks skip midnight, the offset before the change leads to the moment of it."""
    return datetime.combine(day, time(), zone)


def span(start: str | None, end: str | None, zone: tzinfo, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Both ends, None where open. Raises Invalid, on `from` or `to`."""
    return named_span("from", start, "to", end, zone, now)


def named_span(
    first: str, start: str | None, last: str, end: str | None, zone: tzinfo, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """A span whose ends are called otherwise. Raises Invalid, on `first` or `last`."""
    ends = range_end(first, start, zone, now), range_end(last, end, zone, now)
    if ends[0] and ends[1] and ends[0] >= ends[1]:
        raise Invalid.on(last, f"must be after `{first}`")
    return ends


def range_end(name: str, text: str | None, zone: tzinfo, now: datetime) -> datetime | None:
    """One end, None where open. Raises Invalid on `name`."""
    try:
        return None if text is None else instant(text, zone, now)
    except ValueError as error:
        raise Invalid.on(name, str(error)) from error
