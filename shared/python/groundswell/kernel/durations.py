"""Lengths of time as callers write them: `15m`, `6h`, `1d`."""

import re
from datetime import timedelta

_FORM = re.compile(r"(\d{1,7})([smhdw])", re.ASCII)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
FORMS = "a length of time such as 15m, 6h or 1d"


def parse_duration(text: str) -> timedelta:
    """Raises ValueError."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"write {FORMS}")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def spell_duration(length: timedelta) -> str:
    """In the largest unit of which it is a whole number; weeks as days."""
    seconds = int(length.total_seconds())
    if seconds == 0:
        return "0m"
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"
