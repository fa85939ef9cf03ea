"""SQL over one client's events and persons: at once, or as a job."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from gzip import compress
from typing import Any, Protocol

import msgspec

from groundswell.analytics.engine.model import (
    AS_A_JOB,
    AT_ONCE,
    MOST_SQL,
    Files,
    Limits,
    SqlRefused,
    Statement,
    Table,
)
from groundswell.analytics.engine.questions import Question, question_of
from groundswell.analytics.questions.jobs.job import answer_name
from groundswell.operations.model import Operation

JOB = "sql"
MOST_AT_ONCE = 1_000_000
"""Events that a request asks."""


class TooMany(Exception):
    """More events than `Client.files` was to prepare."""


class Clients(Protocol):
    def files(self, client_id: str, most: int | None = None) -> Files:
        """What the client's views are made of. Raises TooMany, or Invalid for more than the disk holds."""
        ...


class Runs(Protocol):
    def run(self, statement: Statement, files: Files, limits: Limits) -> Table: ...


type Members = Callable[[str, str], Sequence[str]]
"""Of a client's cohort, the persons. Raises NotFound."""


class SqlService:
    def __init__(self, clients: Clients, sandbox: Runs, members: Members) -> None:
        self._clients = clients
        self._sandbox = sandbox
        self._members = members

    def ask(self, client_id: str, question: Question) -> dict[str, Any] | None:
        """None if there are more events than a request asks. Raises SqlRefused, SqlTooHeavy, NotFound."""
        statement = bound(question.statement, client_id, self._members)
        try:
            files = self._clients.files(client_id, MOST_AT_ONCE)
        except TooMany:
            return None
        return question.answer(self._sandbox.run(statement, files, AT_ONCE), files.as_of)


def bound(statement: Statement, client_id: str, members: Members) -> Statement:
    """With who is in its cohorts."""
    if not statement.cohorts:
        return statement
    found = {name: members(client_id, cohort) for name, cohort in statement.cohorts.items()}
    return Statement(statement.sql, {**statement.parameters, **found})  # type: ignore[dict-item]


def check(sql: str) -> None:
    """Raises SqlRefused."""
    if not sql.strip() or len(sql) > MOST_SQL or "\0" in sql:
        raise SqlRefused.on("sql", f"one SELECT statement of at most {MOST_SQL} characters")


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...

    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class SqlJob:
    """`state` of its operations: `question`, as JSON that `question_of` reads. One step, which may be done again."""

    def __init__(self, clients: Clients, sandbox: Runs, objects: Objects, members: Members) -> None:
        self._clients = clients
        self._sandbox = sandbox
        self._objects = objects
        self._members = members

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid."""
        said = operation.state["question"]
        question = question_of(json.loads(said, parse_float=Decimal))
        statement = bound(question.statement, operation.client_id, self._members)
        files = self._clients.files(operation.client_id)
        answer = question.answer(self._sandbox.run(statement, files, AS_A_JOB), files.as_of)
        self._objects.put(answer_name(operation.client_id, operation.id), compress(_wire.encode(answer), 6, mtime=0))
        return operation.succeeded({"question": said, "events": files.rows, "as_of": answer["as_of"]})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if isinstance(value, int)}


_wire = msgspec.json.Encoder(decimal_format="number")
