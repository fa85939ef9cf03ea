"""Different persons of each bucket, and in all."""

from dataclasses import dataclass
from typing import Any

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.periods import periods
from groundswell.analytics.questions.answers import Answer, uniques_out
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.uniques import EXACTLY, Uniques
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class UniquesQuestion(Emitted):
    window: Window
    calendar: Calendar
    match: Match

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        where = matches(emitter, self.match)
        bucket = periods(emitter, self.calendar.starts(self.window), self.window.end)
        query = f"SELECT {bucket.number} AS number, who, count(*) AS events FROM picked {bucket.join}"
        return emitter.statement(
            [*bucket.ctes, f"pairs AS MATERIALIZED ({query} WHERE {where} GROUP BY ALL)"],
            "SELECT number, count(who), sum(events)::BIGINT FROM pairs GROUP BY number UNION ALL "
            "SELECT NULL, count(DISTINCT who), 0 FROM pairs",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        starts, total = self.calendar.starts(self.window), 0
        persons, events = dict.fromkeys(starts, 0), dict.fromkeys(starts, 0)
        for number, people, count in rows(table, tuple[int | None, int, int]):
            if number is None:
                total = people
            else:
                persons[starts[number]], events[starts[number]] = people, count
        return uniques_out([Answer(Uniques(persons, events, total, EXACTLY), as_of)], self.calendar)
