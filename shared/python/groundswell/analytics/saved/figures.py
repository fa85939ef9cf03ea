"""The one number of an answer that stands for it: what alerts watch."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

USUAL: Mapping[str, str] = {
    "query": "total.figures.A.total",
    "web": "totals.visitors",
    "conversions": "steps.-1.of_first",
    "journeys": "persons",
    "stickiness": "persons",
    "sql": "rows.0.0",
    "breakdown": "total.value",
    "uniques": "total",
    "funnel": "steps.-1.conversion_rate",
    "paths": "persons",
    "sessions": "total.sessions",
    "transactions": "total",
    "conversion": "confirmed.rate",
    "persons": "total",
}
"""By kind of question. Others have none that everybody would mean."""


def figure_of(answer: Any, path: str) -> Decimal | None:
    """The number at that place: names of members, and places in lists (`-1` is the last). None where there is none."""
    value = answer
    for step in path.split("."):
        value = _within(value, step)
    return _number(value)


def _within(value: Any, step: str) -> Any:
    if isinstance(value, msgspec.Raw):
        value = msgspec.json.decode(value)
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, Sequence) and not isinstance(value, str) and step.lstrip("-").isdecimal():
        at = int(step)
        return value[at] if -len(value) <= at < len(value) else None
    return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
