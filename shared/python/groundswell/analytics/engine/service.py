"""SQL over one client's events and persons, and our own questions as SQL: at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from groundswell.analytics.engine.answering import Runs, answered
from groundswell.analytics.engine.jobs import Answering
from groundswell.analytics.engine.model import MOST_SQL, Files, Limits, SqlRefused, Statement, Table, TooMany
from groundswell.analytics.engine.questions import Question, Sql

JOB = "sql"
QUESTION = "question"
MOST_AT_ONCE = 1_000_000
"""Events that a request asks."""
type Members = Callable[[str, str], Sequence[str]]
"""Of a client's cohort, the persons. Raises NotFound."""


@dataclass(frozen=True)
class Running:
    """A tenant's SQL runs in the sandbox, our own in the engine."""

    sandbox: Runs
    engine: Runs
    members: Members
    limits: Limits

    def __call__(self, client_id: str, question: Question, files: Files) -> dict[str, Any]:
        runs = self.sandbox if isinstance(question, Sql) else _Bound(self.engine, client_id, self.members)
        return answered(runs, question, files, self.limits)


@dataclass(frozen=True)
class _Bound:
    """Statements with who is in their cohorts."""

    runs: Runs
    client_id: str
    members: Members

    def run(self, statement: Statement, files: Files, limits: Limits) -> Table:
        members = {name: self.members(self.client_id, cohort) for name, cohort in statement.cohorts.items()}
        if members:
            statement = Statement(statement.sql, {**statement.parameters, **members})  # type: ignore[dict-item]
        return self.runs.run(statement, files, limits)


class SqlService:
    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def ask(self, client_id: str, question: Question, text: str) -> dict[str, Any] | None:
        """`text` is the question as a worker would take it. None if there are more events than a request asks. Raises
        SqlRefused, SqlTooHeavy, TooHeavy, NotFound."""
        try:
            return self._answering.find(client_id, question, text, MOST_AT_ONCE).answer
        except TooMany:
            return None


def check(sql: str) -> None:
    """Raises SqlRefused."""
    if not sql.strip() or len(sql) > MOST_SQL or "\0" in sql:
        raise SqlRefused.on("sql", f"one SELECT statement of at most {MOST_SQL} characters")
