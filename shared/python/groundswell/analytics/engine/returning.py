"""Who comes back, in SQL: by period of any length, from the very one they began in, and by what the beginning says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Any

import msgspec

from groundswell.analytics.engine.columns import QueryContext
from groundswell.analytics.engine.conversions import Step, matches, shown_value
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.where import holds
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled

MOST_PERIODS = 60
type _Row = tuple[int, str | None, int, int]
"""The period they began in, what the beginning said, how many periods later, how many persons. -1 periods: all."""


@dataclass(frozen=True)
class Returning:
    """Of those who begin in a period, how many come back in it, later than they began, and in each of the `periods`
    after. With `first_time` a person begins once, ever."""

    window: Window
    calendar: Calendar
    begins: Step
    returns: Step
    periods: int
    first_time: bool = True
    by: str | None = None
    where: Sequence[Mapping[str, Any]] = ()

    @property
    def cohorts(self) -> list[int]:
        """Raises Invalid."""
        return self.calendar.starts(self.window)

    @property
    def starts(self) -> list[int]:
        """Of the cohorts, and of the periods after the last one, with the end of these."""
        later = accumulate(
            repeat(None, self.periods + 1), lambda at, _: self.calendar.after(at), initial=self.cohorts[-1]
        )
        return [*self.cohorts, *list(later)[1:]]

    @property
    def statement(self) -> Statement:
        context, starts = QueryContext(), self.starts
        context.parameters |= {
            "starts": starts[:-1],
            "from": self.window.start,
            "until": self.window.end,
            "end": starts[-1],
        }
        everyone, group = holds(self.where, context), context.column(self.by).json if self.by else "NULL::VARCHAR"
        begins, returns = matches(self.begins, context), matches(self.returns, context)
        history = "true" if self.first_time else "events.ts >= $from"
        first = "GROUP BY person HAVING min(ts) >= $from" if self.first_time else "GROUP BY person, number"
        sql = f"""
WITH periods AS (SELECT unnest($starts::BIGINT[]) AS start, unnest(range(len($starts::BIGINT[]))) AS number),
{context.people}began AS (
    SELECT person, arg_min(number, ts) AS number, min(ts) AS ts, arg_min(said, (ts, place)) AS said FROM (
        SELECT events.person, events.ts, coalesce(number, -1) AS number, {group} AS said,
            (events.received_at, events.id) AS place
        FROM events ASOF LEFT JOIN periods ON events.ts >= periods.start{context.join}
        WHERE events.person IS NOT NULL AND {history} AND events.ts < $until AND {everyone} AND {begins}) {first}),
returned AS (
    SELECT events.person, number, max(events.ts) AS last
    FROM events ASOF JOIN periods ON events.ts >= periods.start{context.join}
    WHERE events.person IS NOT NULL AND events.ts >= $from AND events.ts < $end AND {everyone} AND {returns}
    GROUP BY events.person, number)
SELECT number, said, -1, count(*) FROM began GROUP BY ALL
UNION ALL
SELECT began.number, said, returned.number - began.number, count(*)
FROM began JOIN returned ON returned.person = began.person AND returned.number >= began.number
    AND returned.number <= began.number + {self.periods} AND returned.last > began.ts GROUP BY ALL
"""
        return Statement(sql, context.parameters, context.cohorts)

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        counts: dict[str | None, dict[tuple[int, int], int]] = {}
        for number, value, later, persons in msgspec.json.decode(table.rows, type=list[_Row]):
            counts.setdefault(value, {})[number, later] = persons
        whole: dict[tuple[int, int], int] = {}
        for count in counts.values():
            for key, persons in count.items():
                whole[key] = whole.get(key, 0) + persons
        largest = sorted(counts.items(), key=lambda group: (-_size(group[1]), group[0] or ""))
        groups = [{"value": shown_value(value), "cohorts": self._cohorts(group, as_of)} for value, group in largest]
        return {"cohorts": self._cohorts(whole, as_of), "groups": groups if self.by else [], "as_of": spelled(as_of)}

    def _cohorts(self, counts: Mapping[tuple[int, int], int], as_of: int) -> list[dict[str, Any]]:
        """A period that has not begun is null."""
        starts = self.starts
        return [
            {
                "ts": self.calendar.spelled(start),
                "persons": counts.get((number, -1), 0),
                "returned": [
                    counts.get((number, later), 0) if starts[number + later] <= as_of else None
                    for later in range(self.periods + 1)
                ],
            }
            for number, start in enumerate(self.cohorts)
        ]


def _size(counts: Mapping[tuple[int, int], int]) -> int:
    return sum(persons for (_, later), persons in counts.items() if later < 0)


def returning_of(document: Mapping[str, Any]) -> Returning:
    """As the job takes it. Raises Invalid."""
    calendar = Calendar(Granularity(document["granularity"]), document["timezone"], document["week_start"])
    steps = document["begins"], document["returns"]
    more = {name: document[name] for name in ("periods", "first_time", "by", "where")}
    return Returning(Window(document["from"], document["to"]), calendar, *steps, **more)
