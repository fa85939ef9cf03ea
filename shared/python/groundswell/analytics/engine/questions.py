"""Questions that are one statement over `events`: what is asked of the engine, and what its rows mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from groundswell.analytics.engine.conversions import conversions_of
from groundswell.analytics.engine.journeys import journeys_of
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.returning import returning_of
from groundswell.analytics.engine.series import chart_of
from groundswell.analytics.engine.web import web_of
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled

_PERIODS = "periods AS (SELECT unnest($starts::BIGINT[]) AS start, unnest(range(len($starts::BIGINT[]))) AS number)"
_SEEN = """seen AS (
    SELECT person, number FROM events ASOF JOIN periods ON ts >= start
    WHERE person IS NOT NULL AND ts < $until AND ($name::VARCHAR IS NULL OR name = $name) GROUP BY ALL)"""
_LIFECYCLE = f"""
WITH {_PERIODS}, {_SEEN}, firsts AS (
    SELECT person, min(ts) AS first FROM events
    WHERE person IS NOT NULL AND ts < $until AND ($name::VARCHAR IS NULL OR name = $name) GROUP BY person),
marked AS (
    SELECT number, CASE WHEN first >= start THEN 'new' WHEN before = number - 1 THEN 'returning' ELSE 'resurrecting' END
        AS kind
    FROM (SELECT *, lag(number) OVER (PARTITION BY person ORDER BY number) AS before FROM seen)
        JOIN firsts USING (person) JOIN periods USING (number)
    UNION ALL
    SELECT number + 1, 'dormant'
    FROM (SELECT *, lead(number) OVER (PARTITION BY person ORDER BY number) AS after FROM seen)
    WHERE after IS DISTINCT FROM number + 1)
SELECT number, kind, count(*) FROM marked WHERE number BETWEEN 1 AND len($starts::BIGINT[]) - 1 GROUP BY ALL
"""
_STICKINESS = f"""
WITH {_PERIODS}, {_SEEN}
SELECT days, count(*) FROM (SELECT person, count(*) AS days FROM seen GROUP BY person) GROUP BY days ORDER BY days
"""


class Question(Protocol):
    @property
    def statement(self) -> Statement: ...

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        """As it goes over the wire."""
        ...


@dataclass(frozen=True)
class Sql:
    statement: Statement

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        return {"columns": table.columns, "rows": table.rows, "as_of": spelled(as_of)}


@dataclass(frozen=True)
class Periods:
    """Whole periods of local time that a window touches, and whose acts count: events of that name, or any."""

    window: Window
    calendar: Calendar
    name: str | None = None

    @property
    def starts(self) -> list[int]:
        """Raises Invalid."""
        return self.calendar.starts(self.window)

    def of(self, sql: str, starts: Sequence[int]) -> Statement:
        return Statement(sql, {"starts": list(starts), "until": self.window.end, "name": self.name})


class Lifecycle(Periods):
    """Who acts in each period: new (never before), returning (in the period before, too), resurrecting (earlier); and
    dormant, who acted in the period before and not in this one."""

    @property
    def statement(self) -> Statement:
        starts = self.starts
        before = self.calendar.floor(max(0, starts[0] - 1))
        return self.of(_LIFECYCLE, [min(before, starts[0] - 1), *starts])

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        counts = {(number, kind): persons for number, kind, persons in _rows(table, tuple[int, str, int])}
        kinds = ("new", "returning", "resurrecting", "dormant")
        series = [
            {"ts": self.calendar.spelled(start), **{kind: counts.get((number, kind), 0) for kind in kinds}}
            for number, start in enumerate(self.starts, 1)
        ]
        return {"series": series, "as_of": spelled(as_of)}


class Stickiness(Periods):
    """In how many of the periods a person acts."""

    @property
    def statement(self) -> Statement:
        return self.of(_STICKINESS, self.starts)

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        counts = dict(_rows(table, tuple[int, int]))
        intervals = [{"periods": number, "persons": counts.get(number, 0)} for number in range(1, len(self.starts) + 1)]
        return {"intervals": intervals, "persons": sum(counts.values()), "as_of": spelled(as_of)}


def _rows[T](table: Table, row: type[T]) -> list[T]:
    return msgspec.json.decode(table.rows, type=list[row])  # type: ignore[valid-type]


def question_of(document: Mapping[str, Any]) -> Question:
    """By its `kind`, as the job takes it. Raises Invalid."""
    return _KINDS[document["kind"]](document)


def _sql(document: Mapping[str, Any]) -> Question:
    return Sql(Statement(document["sql"], document["parameters"]))


def _periods(kind: Callable[[Window, Calendar, str | None], Question]) -> Callable[[Mapping[str, Any]], Question]:
    def read(document: Mapping[str, Any]) -> Question:
        calendar = Calendar(Granularity(document["granularity"]), document["timezone"])
        return kind(Window(document["from"], document["to"]), calendar, document["name"])

    return read


_KINDS: dict[str, Callable[[Mapping[str, Any]], Question]] = {
    "conversions": conversions_of,
    "journeys": journeys_of,
    "query": chart_of,
    "returning": returning_of,
    "web": web_of,
    "sql": _sql,
    "lifecycle": _periods(Lifecycle),
    "stickiness": _periods(Stickiness),
}
