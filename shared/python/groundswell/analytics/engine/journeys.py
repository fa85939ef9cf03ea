"""What people do after something, or before it, in SQL. The same thing several times in a row is one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from groundswell.analytics.engine.columns import PEOPLE, QueryContext
from groundswell.analytics.engine.conversions import Step, matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.where import holds
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled

MOST_STEPS = 10


@dataclass(frozen=True)
class Journeys:
    """From each person's first event that matches `anchor` onwards, or from the last one backwards. `within` is in ms,
    from the anchor. Steps are events that match `among`, called by what `by` says of them (their name if None)."""

    window: Window
    anchor: Step
    steps: int
    within: int
    backwards: bool = False
    among: Step | None = None
    by: str | None = None
    where: Sequence[Mapping[str, Any]] = ()
    top: int = 20

    @property
    def read(self) -> Window | None:
        """Which events have to be there; all, where traits are asked for."""
        return None if PEOPLE in self.statement.sql else self.window

    @property
    def statement(self) -> Statement:
        context = QueryContext({"from": self.window.start, "until": self.window.end})
        called = context.column(self.by).json if self.by else "events.name"
        anchor, everyone = matches(self.anchor, context), holds(self.where, context)
        among = matches(self.among or {}, context)
        end = "max_by(place, (ts, place))" if self.backwards else "min_by(place, (ts, place))"
        ahead = "lag" if self.backwards else "lead"
        side = "place <= chosen" if self.backwards else "place >= chosen"
        steps = ", ".join(
            f"CASE WHEN abs({ahead}(ts, {n}) OVER (PARTITION BY person ORDER BY place) - ts) <= {self.within} "
            f"THEN {ahead}(called, {n}) OVER (PARTITION BY person ORDER BY place) END"
            for n in range(1, self.steps + 1)
        )
        sql = f"""
WITH {context.people}picked AS (
    SELECT events.person, events.ts, coalesce({called}, '(none)') AS called, {anchor} AS anchors,
        row_number() OVER (ORDER BY events.ts, events.received_at, events.id) AS place
    FROM events{context.join} WHERE events.person IS NOT NULL AND events.ts >= $from AND events.ts < $until
        AND {everyone} AND ({anchor} OR {among})),
anchored AS (SELECT person, {end} AS chosen FROM picked WHERE anchors GROUP BY person),
sided AS (SELECT picked.*, (place = chosen) AS here FROM picked JOIN anchored USING (person) WHERE {side}),
cleaned AS (SELECT * FROM (
    SELECT *, lag(called) OVER (PARTITION BY person ORDER BY abs(place - first_place)) AS before FROM (
        SELECT *, max(CASE WHEN here THEN place END) OVER (PARTITION BY person) AS first_place FROM sided))
    WHERE here OR before IS DISTINCT FROM called),
ways AS (SELECT here, list_filter([{steps}], lambda step: step IS NOT NULL) AS way FROM cleaned)
SELECT way, count(*), sum(count(*)) OVER ()::BIGINT FROM ways WHERE here GROUP BY way
ORDER BY 2 DESC, 1 LIMIT {self.top}
"""
        return Statement(sql, context.parameters, context.cohorts)

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        rows = msgspec.json.decode(table.rows, type=list[tuple[list[str], int, int]])
        ways = [{"steps": way[::-1] if self.backwards else way, "persons": persons} for way, persons, _ in rows]
        return {"journeys": ways, "persons": rows[0][2] if rows else 0, "as_of": spelled(as_of)}


def journeys_of(document: Mapping[str, Any]) -> Journeys:
    """As the job takes it."""
    more = {name: document[name] for name in ("steps", "within", "backwards", "among", "by", "where", "top")}
    return Journeys(Window(document["from"], document["to"]), document["anchor"], **more)
