"""A question's answer from one client's files: its statement, and once more where that met odd values."""

from typing import Any, Protocol, runtime_checkable

from groundswell.analytics.engine.emitter import Odd
from groundswell.analytics.engine.emitters.base import rows
from groundswell.analytics.engine.model import Files, Limits, OddValue, Statement, Table
from groundswell.analytics.engine.questions import Question


class Runs(Protocol):
    def run(self, statement: Statement, files: Files, limits: Limits) -> Table: ...


@runtime_checkable
class Judging(Question, Protocol):
    """Its statement may meet values that SQL does not read as we do."""

    def probes(self) -> dict[str, Statement]: ...

    def judged(self, odd: Odd) -> Question: ...


def answered(engine: Runs, question: Question, files: Files, limits: Limits) -> dict[str, Any]:
    """Raises Invalid."""
    try:
        table = engine.run(question.statement, files, limits)
    except OddValue:
        if not isinstance(question, Judging):
            raise
        odd = {path: _values(engine.run(probe, files, limits)) for path, probe in question.probes().items()}
        table = engine.run(question.judged(odd).statement, files, limits)
    return question.answer(table, files.as_of)


def _values(table: Table) -> list[str]:
    return [raw for (raw,) in rows(table, tuple[str]) if raw is not None]
