"""Who was seen in a stretch of time, from rows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from groundswell.analytics.questions.rows import Row
from groundswell.kernel.clock import spelled


@dataclass(frozen=True)
class Visit:
    """A person's events within the time asked for. Times are ms since 1970."""

    person: str
    first_seen: int
    last_seen: int
    events: int


def visits(rows: Iterable[Row]) -> list[Visit]:
    """Whoever was seen last comes first. The rows come oldest first; those of nobody are left out."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    events: dict[str, int] = {}
    for row in rows:
        if row.person is not None:
            first.setdefault(row.person, row.ts)
            last[row.person] = row.ts
            events[row.person] = events.get(row.person, 0) + 1
    listed_visits = [Visit(person, first[person], ts, events[person]) for person, ts in last.items()]
    return sorted(listed_visits, key=last_first)


def last_first(visit: Visit) -> tuple[int, str]:
    return -visit.last_seen, visit.person


def persons_out(listed_visits: Iterable[Visit], total: int, as_of: int) -> dict[str, Any]:
    """Whoever was seen last comes first; `total` is how many there were."""
    persons = [
        {
            "id": visit.person,
            "first_seen": spelled(visit.first_seen),
            "last_seen": spelled(visit.last_seen),
            "events": visit.events,
        }
        for visit in listed_visits
    ]
    return {"persons": persons, "total": total, "as_of": spelled(as_of)}
