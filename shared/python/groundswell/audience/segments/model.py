"""A segment: which leads are in it, by rules."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.kernel.errors import Conflict, NotFound

SEGMENTS_AT_MOST = 50
"""Of one client: each lead is asked for all of them whenever it changes."""
RULES_AT_MOST = 20
REFRESH = "segment_refresh"
"""The job that goes through all leads for one segment."""
_DURATION = re.compile(r"([1-9][0-9]{0,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=3650)


class SegmentNotFound(NotFound):
    code = "SEGMENT_NOT_FOUND"
    message = "No such segment"


class TooManySegments(Conflict):
    code = "TOO_MANY_SEGMENTS"
    message = f"A client has at most {SEGMENTS_AT_MOST} segments"


class Match(StrEnum):
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True)
class Rule:
    """About one of `field`, `event`, `score` (or `grade`) and `list` (an id). `within` is how long ago at most."""

    operator: str
    field: str | None = None
    event: str | None = None
    score: str | None = None
    list: str | None = None
    value: Any = None
    within: str | None = None

    @property
    def passes(self) -> bool:
        """Whether time alone changes what it says, or events, of which nobody tells the lead."""
        return self.event is not None or self.within is not None or self.operator == "within_days"


@dataclass(frozen=True)
class Segment:
    """`refreshed_at` is when all leads were last asked; since then each is asked when it changes. `deleted_at` is set
    while its members are taken out."""

    id: str
    client_id: str
    name: str
    match: Match
    rules: tuple[Rule, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    refreshed_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 0

    @property
    def passes(self) -> bool:
        """Whether it has to be refreshed from time to time."""
        return any(rule.passes for rule in self.rules)

    @property
    def about_events(self) -> bool:
        return any(rule.event for rule in self.rules)

    @property
    def lists(self) -> frozenset[str]:
        return frozenset(rule.list for rule in self.rules if rule.list)


def duration(text: str) -> timedelta:
    """`15m`, `6h`, `1d`, `2w`. Raises ValueError."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("a duration such as 15m, 6h, 30d")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > _LONGEST:
        raise ValueError(f"at most {_LONGEST.days} days")
    return length
