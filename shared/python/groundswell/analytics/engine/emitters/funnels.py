"""Who did one thing after another. To go on from the latest start is always best: what it misses, an earlier one
misses too. So each event carries the latest start from which its step is reached, step by step."""

from dataclasses import dataclass
from typing import Any

import msgspec

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.terms import value_of
from groundswell.analytics.questions.answers import Answer, conversion_out, funnel_out
from groundswell.analytics.questions.fields import fitting
from groundswell.analytics.questions.funnel import MOST_BRANCHES, Branch, Conversion, Funnel, Step
from groundswell.events.eventlog.window import Window

_BEFORE = "(PARTITION BY who ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"

_DEEPER = 10**15
"""More than any time (ms): who got farther comes first, then who got there sooner."""


class _Row(msgspec.Struct, array_like=True):
    """Of all (`whole`), or of a branch, of one funnel: those who reached each step, and medians in ms."""

    funnel: int
    whole: bool
    key: str | None
    persons: list[int]
    from_previous: list[float | None]
    from_first: list[float | None]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(map(Step, self.persons, [None, *self.from_previous], [None, *self.from_first]))


@dataclass(frozen=True)
class FunnelQuestion(Emitted):
    window: Window
    funnels: tuple[Funnel, ...]
    conversion: bool = False
    """From visit to transaction, which is several funnels; else there is one."""

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        said, ctes = list[str](), list[str]()
        for number, funnel in enumerate(self.funnels):
            ctes += _ways(emitter, funnel, number)
            said.append(_counted(emitter, funnel, number))
        return emitter.statement(ctes, " UNION ALL ".join(said))

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        found = [_conversion(rows(table, _Row), number) for number in range(len(self.funnels))]
        return conversion_out(Answer(tuple(found), as_of)) if self.conversion else funnel_out(Answer(found[0], as_of))


def _ways(emitter: Emitter, funnel: Funnel, number: int) -> list[str]:
    """`best`: of each person the way on which they got farthest, soonest, by the times of its steps."""
    tests = [matches(emitter, step) for step in funnel.steps]
    said = f", block, position, {emitter.key(funnel.by)} AS key" if funnel.by else ""
    held = ", ".join(f"{test} AS is{at}" for at, test in enumerate(tests))
    any_of = " OR ".join(f"is{at}" for at in range(len(tests)))
    last, name = len(tests) - 1, f"{{}}_{number}".format
    ctes = [
        f"{name('tested')} AS (SELECT ts, who{said}, {held} FROM picked WHERE who IS NOT NULL)",
        f"{name('carry0')} AS (SELECT *, CASE WHEN is0 THEN ts END AS from0 FROM {name('tested')} WHERE {any_of})",
    ]
    window = emitter.bind(funnel.window)
    for at in range(1, len(tests)):
        carried = f"max(from{at - 1}) OVER {_BEFORE}"
        ctes.append(
            f"{name(f'carry{at}')} AS (SELECT * EXCLUDE (start), CASE WHEN is{at} AND ts - start <= {window} "
            f"THEN start END AS from{at} FROM (SELECT *, {carried} AS start FROM {name(f'carry{at - 1}')}))"
        )
    depth = " ".join(f"WHEN from{at} IS NOT NULL THEN {at}" for at in range(last, -1, -1))
    start = " ".join(f"WHEN {at} THEN from{at}" for at in range(len(tests)))
    times = ", ".join(f"min(ts) FILTER (from{at} = start AND {at} <= depth) AS t{at}" for at in range(len(tests)))
    best = f"arg_min(struct_pack(depth := depth, start := CASE depth {start} END), ts - depth * {_DEEPER})"
    first = "arg_min(struct_pack(key := key), (block, position)) FILTER (is0 AND ts = start)" if funnel.by else "NULL"
    return [
        *ctes,
        f"{name('reached')} AS (SELECT *, CASE {depth} END AS depth FROM {name(f'carry{last}')})",
        f"{name('farthest')} AS (SELECT who, unnest({best}) FROM {name('reached')} WHERE depth IS NOT NULL "
        "GROUP BY who)",
        f"{name('best')} AS (SELECT who, {first} AS said, {times} FROM {name('farthest')} "
        f"JOIN (SELECT * EXCLUDE (depth) FROM {name('reached')}) USING (who) GROUP BY who)",
    ]


def _counted(emitter: Emitter, funnel: Funnel, number: int) -> str:
    steps = range(len(funnel.steps))
    persons = ", ".join(f"count(t{at})" for at in steps)
    previous = ", ".join(f"median(t{at} - t{at - 1})" for at in steps[1:])
    first = ", ".join(f"median(t{at} - t0)" for at in steps[1:])
    figures = f"[{persons}] AS persons, [{previous}] AS previous, [{first}] AS first"
    whole = f"SELECT {number}, true, NULL::VARCHAR, {figures} FROM best_{number}"
    if funnel.by is None:
        return whole
    text = emitter.order(funnel.by, "said.key")
    return (
        f"{whole} UNION ALL (SELECT {number}, false, said.key AS key, {figures} FROM best_{number} GROUP BY said.key "
        f"ORDER BY persons[1] DESC, {text}, key LIMIT {MOST_BRANCHES})"
    )


def _conversion(found: list[_Row], number: int) -> Conversion:
    mine = [row for row in found if row.funnel == number]
    (whole,) = (row for row in mine if row.whole)
    branches = [Branch(value_of(row.key), row.steps) for row in mine if not row.whole]
    fit = fitting((each.value for each in branches), MOST_BRANCHES)
    return Conversion(whole.steps, tuple(branches[:fit]))
