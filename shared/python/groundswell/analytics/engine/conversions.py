"""Funnels of any kind, in SQL: in order, strictly one after the other, or in any order; of persons, or of whatever a
field names; with events that must not come between; with the times it takes, and with who got where.

The latest start is carried from step to step: what it misses, an earlier one misses too. So each step is one window
function, exact for any number of starts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from groundswell.analytics.engine.columns import PEOPLE, QueryContext
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.where import holds
from groundswell.analytics.questions.values import decoded, shown
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled

ORDERS = ("ordered", "strict", "unordered")
MOST_STEPS = 20
MOST_LISTED = 1_000
EDGES = (
    *(1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200),
    *(86_400, 172_800, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_000),
)
"""Of the histogram, in seconds."""
_BEFORE = "PARTITION BY actor ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"

type Step = Mapping[str, Any]
"""`name` and `where`: which events take it."""
type _Row = tuple[bool, str | None, list[int], list[float | None], list[float | None], list[int]]
"""Whether it is of all, the value, actors by step, median and mean ms from the start, actors faster than each edge."""


@dataclass(frozen=True)
class Conversions:
    """`within` is in ms, from the first step to the last. `per` is a field that names who converts; the person if None.
    `exclude` are events after whose coming, between first step and last, an attempt has failed."""

    window: Window
    steps: Sequence[Step]
    within: int
    order: str = "ordered"
    exclude: Sequence[Step] = ()
    per: str | None = None
    by: str | None = None
    where: Sequence[Mapping[str, Any]] = ()
    top: int = 10
    listed: Mapping[str, Any] | None = None
    """Who is listed instead: `step`, whether `converted` or dropped out before it, `limit`, and `after` whom."""

    @property
    def read(self) -> Window | None:
        """Which events have to be there; all, where traits are asked for."""
        return None if PEOPLE in self.statement.sql else self.window

    @property
    def statement(self) -> Statement:
        context = QueryContext({"from": self.window.start, "until": self.window.end})
        sql = f"WITH {self._reached(context)} {self._list(context) if self.listed else self._figures()}"
        return Statement(sql, context.parameters, context.cohorts)

    def _reached(self, context: QueryContext) -> str:
        """Of each actor and step: `t`, when it was first reached, and `b`, the start that led there."""
        chained = list(self._unordered() if self.order == "unordered" else self._chained())
        last = len(chained) - 1
        reached = ", ".join(
            f"min(ts) FILTER (s{at} IS NOT NULL) AS t{at}, "
            f"arg_min(s{at}, (ts, place)) FILTER (s{at} IS NOT NULL) AS b{at}"
            for at in range(len(self.steps))
        )
        if self.order == "unordered":
            reached = ", ".join(
                f"arg_min(ts, s{at} - ts) FILTER (level > {at}) AS b{at}, "
                f"arg_min(s{at}, s{at} - ts) FILTER (level > {at}) AS t{at}"
                for at in range(len(self.steps))
            )
        begins = " OR ".join(f"m{at}" for at in range(len(self.steps))) if self.order == "unordered" else "m0"
        level = " + ".join(f"(t{at} IS NOT NULL)::INT" for at in range(len(self.steps)))
        best = ", ".join(f"b{at}" for at in reversed(range(len(self.steps))))
        return f"""{context.people}picked AS ({self._picked(context)}),
{", ".join(f"c{number} AS ({query})" for number, query in enumerate(chained))},
reached AS (SELECT actor, {reached} FROM c{last} GROUP BY actor),
ways AS (SELECT *, {level} AS level, coalesce({best}) AS start FROM reached WHERE t0 IS NOT NULL),
starts AS (SELECT actor, ts, arg_min(said, place) AS said FROM picked WHERE {begins} GROUP BY actor, ts),
said AS MATERIALIZED (
    SELECT ways.*, starts.said FROM ways JOIN starts ON starts.actor = ways.actor AND starts.ts = start)
"""

    def _picked(self, context: QueryContext) -> str:
        actor = context.column(self.per).json if self.per else "events.person"
        group = context.column(self.by).json if self.by else "NULL::VARCHAR"
        steps = [matches(step, context) for step in self.steps]
        excluded = " OR ".join(matches(step, context) for step in self.exclude) or "false"
        marks = ", ".join(f"{step} AS m{at}" for at, step in enumerate(steps))
        wanted = "true" if self.order == "strict" else " OR ".join([*steps, f"({excluded})"])
        return (
            f"SELECT {actor} AS actor, events.ts, {group} AS said, {marks}, ({excluded}) AS x, "
            f"row_number() OVER (ORDER BY events.ts, events.received_at, events.id) AS place FROM events{context.join} "
            f"WHERE events.ts >= $from AND events.ts < $until AND {actor} IS NOT NULL AND {holds(self.where, context)} "
            f"AND ({wanted})"
        )

    def _chained(self) -> Iterator[str]:
        """Step by step, the latest start of all ways that lead to an event: `s0`, `s1`, …"""
        last_excluded = f"max(CASE WHEN x THEN ts END) OVER ({_BEFORE})"
        yield f"SELECT *, {last_excluded} AS gone, CASE WHEN m0 THEN ts END AS s0 FROM picked"
        for at in range(1, len(self.steps)):
            before = f"max(s{at - 1}) OVER ({_BEFORE})"
            if self.order == "strict":
                own = "PARTITION BY actor ORDER BY place"
                before = f"CASE WHEN ts > lag(ts) OVER ({own}) THEN lag(s{at - 1}) OVER ({own}) END"
            good = f"m{at} AND ts - start <= {self.within} AND coalesce(gone <= start, true)"
            inner = f"SELECT *, {before} AS start FROM c{at - 1}"
            yield f"SELECT * EXCLUDE (start), CASE WHEN {good} THEN start END AS s{at} FROM ({inner})"

    def _unordered(self) -> Iterator[str]:
        """From each event on, when the so-manieth different step was first taken within the time: `s0`, `s1`, …"""
        ahead = f"PARTITION BY actor ORDER BY ts RANGE BETWEEN CURRENT ROW AND {self.within} FOLLOWING"
        firsts = ", ".join(f"min(CASE WHEN m{at} THEN ts END) OVER ({ahead})" for at in range(len(self.steps)))
        any_step = " OR ".join(f"m{at}" for at in range(len(self.steps)))
        yield f"SELECT *, list_sort(list_filter([{firsts}], lambda t: t IS NOT NULL)) AS times FROM picked"
        ordered = ", ".join(f"times[{at + 1}] AS s{at}" for at in range(len(self.steps)))
        yield f"SELECT *, len(times) AS level, {ordered} FROM c0 WHERE {any_step}"

    def _figures(self) -> str:
        steps = range(len(self.steps))
        actors = ", ".join(f"count(*) FILTER (level > {at})" for at in steps)
        middle = ", ".join(f"median((t{at} - b{at})::DOUBLE)" for at in steps)
        mean = ", ".join(f"avg(t{at} - b{at})" for at in steps)
        last = len(self.steps) - 1
        faster = ", ".join(f"count(*) FILTER (t{last} - b{last} < {edge * 1000})" for edge in EDGES)
        sets = "GROUP BY GROUPING SETS ((said), ())" if self.by else ""
        whole = "grouping(said) = 1" if self.by else "true"
        group = "said" if self.by else "NULL::VARCHAR"
        most = self.top + 1 if self.by else 1
        return (
            f"SELECT {whole} AS whole, {group}, [{actors}], [{middle}], [{mean}], [{faster}] FROM said {sets} "
            f"ORDER BY whole DESC, ([{actors}])[1] DESC, 2 LIMIT {most}"
        )

    def _list(self, context: QueryContext) -> str:
        wanted = self.listed or {}
        step = int(wanted["step"])
        reached = f"level > {step}" if wanted["converted"] else f"level = {step}"
        after = context.bind(wanted["after"] or "")
        return (
            f"SELECT actor, start, greatest_ FROM (SELECT *, greatest("
            f"{', '.join(f't{at}' for at in range(len(self.steps)))}) AS greatest_ FROM said) "
            f"WHERE {reached} AND actor > {after} ORDER BY actor LIMIT {int(wanted['limit']) + 1}"
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        if self.listed:
            return self._listed(table, as_of)
        rows = msgspec.json.decode(table.rows, type=list[_Row])
        nobody, unknown = [0] * len(self.steps), list[float | None]([None] * len(self.steps))
        nothing: _Row = (True, None, nobody, unknown, unknown, [0] * len(EDGES))
        whole = next((row for row in rows if row[0]), nothing)
        groups = [{"value": shown_value(row[1]), "steps": _steps(row)} for row in rows if not row[0]]
        counts = [after - before for before, after in pairwise((0, *whole[5]))]
        bins = [{"below_seconds": edge, "count": count} for edge, count in zip(EDGES, counts, strict=True)]
        more = whole[2][-1] - whole[5][-1]
        histogram = [*bins, {"below_seconds": None, "count": more}] if more else bins
        return {"steps": _steps(whole), "groups": groups, "histogram": histogram, "as_of": spelled(as_of)}

    def _listed(self, table: Table, as_of: int) -> dict[str, Any]:
        rows = msgspec.json.decode(table.rows, type=list[tuple[str, int, int]])
        limit = int((self.listed or {})["limit"])
        plain = self.per is None or QueryContext().column(self.per).is_text
        listed = [
            {"id": actor if plain else shown_value(actor), "started_at": start, "last_step_at": last}
            for actor, start, last in rows[:limit]
        ]
        after = rows[limit - 1][0] if len(rows) > limit else None
        return {"listed": listed, "after": after, "as_of": spelled(as_of)}


def matches(step: Step, context: QueryContext) -> str:
    name = step.get("name")
    named = f"events.name = {context.bind(name)} AND " if name is not None else ""
    return f"({named}{holds(step.get('where', ()), context)})"


def _steps(row: _Row) -> list[dict[str, Any]]:
    counts = row[2]
    return [
        {
            "count": count,
            "of_first": _share(count, counts[0]),
            "of_previous": _share(count, counts[max(0, at - 1)]),
            "median_ms": row[3][at] if at and count else None,
            "mean_ms": row[4][at] if at and count else None,
        }
        for at, count in enumerate(counts)
    ]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def shown_value(value: str | None) -> Any:
    """What the field says: text of its own, or JSON."""
    try:
        return None if value is None else shown(decoded(value.encode()))
    except ValueError:
        return value


_SAID = frozenset({"steps", "within", "order", "exclude", "per", "by", "where", "top", "listed"})


def conversions_of(document: Mapping[str, Any]) -> Conversions:
    """As the job takes it."""
    more = {
        name: document[name] for name in ("steps", "within", "order", "exclude", "per", "by", "where", "top", "listed")
    }
    return Conversions(Window(document["from"], document["to"]), **more)
