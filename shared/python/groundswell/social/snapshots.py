"""How a post did, as its network said at one time; and when it is asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from groundswell.social.networks.port import Engagement

_NAMES = tuple(field.name for field in fields(Engagement))
_EVERY = ((timedelta(days=3), timedelta(hours=6)), (timedelta(days=30), timedelta(days=1)))
"""Until which age of a post it is asked for how often; not after."""


@dataclass(frozen=True)
class Snapshot:
    """The sum over a post's parts."""

    client_id: str
    post_id: str
    at: datetime
    engagement: Engagement


def next_look(published_at: datetime, now: datetime) -> datetime | None:
    """When to ask again, always at the same distances from its publication; None when it is too old."""
    age = now - published_at
    for until, every in _EVERY:
        if age < until:
            return published_at + (age // every + 1) * every
    return None


def total(parts: Iterable[Engagement]) -> Engagement:
    """The sum of what is known; None where nothing is."""
    known = list(parts)
    return Engagement(**{name: _sum(getattr(engagement, name) for engagement in known) for name in _NAMES})


def by_name(engagement: Engagement) -> Mapping[str, int | None]:
    return {name: getattr(engagement, name) for name in _NAMES}


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
