"""Who was seen."""

from dataclasses import dataclass
from typing import Any

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.questions.listing import Visit, persons_out
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class PersonsQuestion(Emitted):
    """Those seen last, `limit` of them, and how many there were."""

    window: Window
    limit: int

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        emitter.columns("person")
        seen = "SELECT person, min(ts) AS first, max(ts) AS last, count(*) AS events FROM picked"
        return emitter.statement(
            [f"seen AS ({seen} WHERE person IS NOT NULL GROUP BY person)"],
            "SELECT NULL, 0, 0, count(*) FROM seen UNION ALL "
            f"(SELECT * FROM seen ORDER BY last DESC, person LIMIT {emitter.bind(self.limit)})",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows = rows(table, tuple[str | None, int, int, int])
        (total,) = (events for person, _, _, events in table_rows if person is None)
        visits = [Visit(person, *seen) for person, *seen in table_rows if person is not None]
        return persons_out(sorted(visits, key=lambda visit: (-visit.last_seen, visit.person)), total, as_of)
