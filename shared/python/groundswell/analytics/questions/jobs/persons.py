"""Who was seen, in pieces: all that one person did is in one part."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from groundswell.analytics.questions.listing import Visit, last_first, visits
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled


@dataclass(frozen=True)
class PersonsPlan:
    """Those seen last, `limit` of them, and how many there were."""

    window: Window
    limit: int
    paths = frozenset[str]()

    def wants(self, row: Row) -> bool:
        return row.person is not None

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        found = visits(rows)
        return [(each.person, each.first_seen, each.last_seen, each.events) for each in found[: self.limit]], len(found)

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        newest, total = list[Visit](), 0
        for some, count in tallies:
            total += count
            newest = nsmallest(self.limit, [*newest, *(Visit(*each) for each in some)], key=last_first)
        return persons_out(newest, total, as_of)


def persons_out(found: Iterable[Visit], total: int, as_of: int) -> dict[str, Any]:
    """Whoever was seen last comes first; `total` is how many there were."""
    persons = [
        {
            "id": each.person,
            "first_seen": spelled(each.first_seen),
            "last_seen": spelled(each.last_seen),
            "events": each.events,
        }
        for each in found
    ]
    return {"persons": persons, "total": total, "as_of": spelled(as_of)}
