"""Who did one thing after another. To go on from the latest start is always best: what it misses, an earlier one
misses too. So each step is joined to the latest start from which the step before it was reached."""

from collections.abc import Callable, Iterator
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
        selects, ctes = list[str](), list[str]()
        for number, funnel in enumerate(self.funnels):
            ctes += _ways(emitter, funnel, number)
            selects.append(_counted(emitter, funnel, number))
        return emitter.statement(ctes, " UNION ALL ".join(selects))

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        conversions = [_conversion(rows(table, _Row), number) for number in range(len(self.funnels))]
        return (
            conversion_out(Answer(tuple(conversions), as_of))
            if self.conversion
            else funnel_out(Answer(conversions[0], as_of))
        )


def _ways(emitter: Emitter, funnel: Funnel, number: int) -> list[str]:
    """`best`: of each person the way on which they got farthest, soonest, by the times of its steps."""
    tests = [matches(emitter, step) for step in funnel.steps]
    name = f"{{}}_{number}".format
    steps = range(len(tests))
    held = ", ".join(f"{test} AS is{at}" for at, test in enumerate(tests))
    key = f", block, position, {emitter.key(funnel.by)} AS key" if funnel.by else ""
    rows = " UNION ALL ".join(_farthest(name(f"way{at}"), at, len(steps)) for at in steps)
    times = ", ".join(f"t{at} := t{at}" for at in steps)
    best = f"SELECT who, unnest(arg_min(struct_pack({times}), soonest)) FROM ({rows}) GROUP BY who"
    if funnel.by:
        first = "SELECT who, ts AS t0, arg_min(struct_pack(key := key), (block, position)) AS said"
        starts = f"{first} FROM {name('tested')} WHERE is0 GROUP BY who, ts"
        best = f"SELECT * FROM ({best}) JOIN ({starts}) USING (who, t0)"
    return [
        f"{name('tested')} AS MATERIALIZED (SELECT * FROM (SELECT ts, who{key}, {held} FROM picked "
        f"WHERE who IS NOT NULL) WHERE {' OR '.join(f'is{at}' for at in steps)})",
        *_chained(name, emitter.bind(funnel.window), len(steps)),
        f"{name('best')} AS ({best})",
    ]


def _chained(name: Callable[[str], str], window: str, steps: int) -> Iterator[str]:
    """`way0`, `way1` and so on: of each start that leads to a step, when the steps up to it were first taken. The
    later a step is first reached, the later its start; so what comes last before an event has the latest start."""
    yield f"{name('way0')} AS (SELECT DISTINCT who, ts AS t0 FROM {name('tested')} WHERE is0)"
    for at in range(1, steps):
        before, past = name(f"way{at - 1}"), ", ".join(f"t{step}" for step in range(at))
        yield (
            f"{name(f'way{at}')} AS (SELECT who, {past}, min(ts) AS t{at} FROM (SELECT later.who, {past}, ts "
            f"FROM (SELECT who, ts FROM {name('tested')} WHERE is{at}) AS later ASOF JOIN {before} AS earlier "
            f"ON later.who = earlier.who AND later.ts > t{at - 1}) WHERE ts - t0 <= {window} GROUP BY who, {past})"
        )


def _farthest(way: str, last: int, steps: int) -> str:
    times = ", ".join(f"t{at}" if at <= last else f"NULL::BIGINT AS t{at}" for at in range(steps))
    return f"SELECT who, {times}, t{last} - {last * _DEEPER} AS soonest FROM {way}"


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


def _conversion(table_rows: list[_Row], number: int) -> Conversion:
    mine = [row for row in table_rows if row.funnel == number]
    (whole,) = (row for row in mine if row.whole)
    branches = [Branch(value_of(row.key), row.steps) for row in mine if not row.whole]
    fit = fitting((branch.value for branch in branches), MOST_BRANCHES)
    return Conversion(whole.steps, tuple(branches[:fit]))
