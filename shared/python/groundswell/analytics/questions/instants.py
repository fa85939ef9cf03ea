"""Texts that are times, as RFC 3339 and ISO 8601 spell them: `2026-03-01`, `2026-03-01T12:00:00.5+02:00`."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,18}))?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - offsets are taken off by hand: at the edges of time datetime cannot
_SECOND = timedelta(seconds=1)


@lru_cache(50_000)
def instant(text: str) -> Decimal | None:
    """Seconds since 1970, no digit lost. A date is its first moment, and what names no offset is UTC; None for what is
    no time."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    date, minute, second, fraction, offset = match.groups()
    leap = second == ":60"  # the last second of its minute, as ingestion reads it
    spelled = f"{date}T{minute or '00:00'}{':59' if leap else second or ''}{_offset(offset)}"
    try:
        moment = datetime.fromisoformat(spelled)
    except ValueError:
        return None
    since = moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or timedelta())
    return Decimal(since // _SECOND) + Decimal(f"0.{fraction or 0}")


def _offset(text: str | None) -> str:
    return "" if text in (None, "Z", "z") else str(text)
