"""Who came back: cohorts by the period of their first (or any) start, and the periods after."""

from dataclasses import dataclass
from typing import Any

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.periods import periods
from groundswell.analytics.questions import retention
from groundswell.analytics.questions.answers import Answer, retention_out
from groundswell.analytics.questions.retention import Cohort, Retention, completed
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class RetentionQuestion(Emitted):
    """`now` (ms) tells which periods are over."""

    wanted: Retention
    now: int

    @property
    def read(self) -> Window:
        return self.wanted.read

    def emit(self, emitter: Emitter) -> Statement:
        wanted = self.wanted
        starts, back = matches(emitter, wanted.starts), matches(emitter, wanted.comes_back)
        begins, until = emitter.bind(wanted.window.start), emitter.bind(wanted.window.end)
        numbers = retention.periods(wanted)
        bucket, first = periods(emitter, numbers, self.read.end), emitter.bind(numbers[0])
        inside = f"ts >= {begins} AND ts < {until}"
        started = f"SELECT who, ts FROM told WHERE starts AND {inside}"
        if wanted.first_time:
            firsts = "SELECT who, min(ts) AS ts FROM told WHERE starts GROUP BY who"
            started = f"SELECT who, ts FROM ({firsts}) WHERE {inside}"
        seen = f"SELECT who, ts FROM told WHERE back AND ts >= {first}"
        return emitter.statement(
            [
                *bucket.ctes,
                f"told AS (SELECT who, ts, {starts} AS starts, {back} AS back FROM picked WHERE who IS NOT NULL)",
                f"members AS (SELECT DISTINCT who, {bucket.number} AS cohort FROM ({started}) {bucket.join})",
                f"active AS (SELECT DISTINCT who, {bucket.number} AS seen FROM ({seen}) {bucket.join})",
            ],
            "SELECT cohort, 0, count(*) FROM members GROUP BY ALL UNION ALL "
            "SELECT cohort, seen - cohort, count(*) FROM members JOIN active USING (who) "
            f"WHERE seen - cohort BETWEEN 1 AND {wanted.periods} GROUP BY ALL",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        counts = {(cohort, later): count for cohort, later, count in rows(table, tuple[int, int, int])}
        wanted = self.wanted
        passed = completed(wanted, self.now)
        cohorts = tuple(
            Cohort(
                start,
                counts.get((at, 0), 0),
                tuple(counts.get((at, later), 0) for later in range(1, wanted.periods + 1)),
                passed[start],
            )
            for at, start in enumerate(wanted.calendar.starts(wanted.window))
        )
        return retention_out(Answer(cohorts, as_of), wanted.calendar)
