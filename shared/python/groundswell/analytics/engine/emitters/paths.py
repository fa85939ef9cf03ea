"""What people did next."""

from dataclasses import dataclass
from typing import Any

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import EVERY, matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.questions.answers import Answer, paths_out
from groundswell.analytics.questions.paths import Path, PathQuestion, Paths
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class PathsQuestion(Emitted):
    window: Window
    wanted: PathQuestion

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        """Each row with the events that count after it; of the rows that are starts."""
        wanted = self.wanted
        starts, among = matches(emitter, wanted.start), matches(emitter, wanted.among)
        steps, within = range(1, wanted.steps + 1), emitter.bind(wanted.within)
        next_one = "lead({0}, {1})" if among == EVERY else "lead(CASE WHEN among THEN {0} END, {1} IGNORE NULLS)"
        later = ", ".join(
            f"{next_one.format(column, at)} OVER after AS {column}{at}" for at in steps for column in ("name", "ts")
        )
        names = ", ".join(f"CASE WHEN ts{at} - ts <= {within} THEN name{at} END" for at in steps)
        return emitter.statement(
            [
                f"told AS (SELECT who, ts, block, position, name, {starts} AS starts, {among} AS among FROM picked "
                "WHERE who IS NOT NULL)",
                f"followed AS (SELECT who, ts, starts, {later} FROM told WHERE starts OR among "
                "WINDOW after AS (PARTITION BY who ORDER BY ts, block, position))",
                f"gone AS (SELECT who, [each FOR each IN [{names}] IF each IS NOT NULL] AS names FROM followed "
                "WHERE starts)",
                "counted AS (SELECT names, count(*) AS starts, count(DISTINCT who) AS persons FROM gone "
                "GROUP BY names)",
            ],
            "SELECT NULL, coalesce(sum(starts), 0)::BIGINT, (SELECT count(DISTINCT who) FROM gone) FROM counted "
            f"UNION ALL (SELECT names, starts, persons FROM counted ORDER BY starts DESC, names "
            f"LIMIT {emitter.bind(wanted.top)})",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows = rows(table, tuple[list[str] | None, int, int])
        ((_, starts, persons),) = (row for row in table_rows if row[0] is None)
        listed = [Path(tuple(names), count, people) for names, count, people in table_rows if names is not None]
        other = starts - sum(path.count for path in listed)
        return paths_out(Answer(Paths(tuple(listed), other, starts, persons), as_of))
