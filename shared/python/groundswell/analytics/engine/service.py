"""SQL over one client's events and persons: at once, or as a job."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from groundswell.analytics.questions.jobs.job import answer_name
from groundswell.kernel.clock import spelled
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


@dataclass(frozen=True)
class Answered:
    table: Table
    as_of: int

    @property
    def said(self) -> dict[str, Any]:
        return {"columns": self.table.columns, "rows": self.table.rows, "as_of": spelled(self.as_of)}


class SqlService:
    def __init__(self, clients: Clients, sandbox: Runs) -> None:
        self._clients = clients
        self._sandbox = sandbox

    def ask(self, client_id: str, statement: Statement) -> Answered | None:
        """None if there are more events than a request asks. Raises SqlRefused or SqlTooHeavy."""
        check(statement)
        try:
            files = self._clients.files(client_id, MOST_AT_ONCE)
        except TooMany:
            return None
        return Answered(self._sandbox.run(statement, files, AT_ONCE), files.as_of)


def check(statement: Statement) -> None:
    """Raises SqlRefused."""
    if not statement.sql.strip() or len(statement.sql) > MOST_SQL or "\0" in statement.sql:
        raise SqlRefused.on("sql", f"one SELECT statement of at most {MOST_SQL} characters")


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...

    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class SqlJob:
    """`state` of its operations: `question`, as JSON with `sql` and `parameters`. One step, which may be done again."""

    def __init__(self, clients: Clients, sandbox: Runs, objects: Objects) -> None:
        self._clients = clients
        self._sandbox = sandbox
        self._objects = objects

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid."""
        question = operation.state["question"]
        asked = msgspec.json.decode(question)
        files = self._clients.files(operation.client_id)
        table = self._sandbox.run(Statement(asked["sql"], asked["parameters"]), files, AS_A_JOB)
        name = answer_name(operation.client_id, operation.id)
        self._objects.put(name, compress(_wire.encode(Answered(table, files.as_of).said), 6, mtime=0))
        return operation.succeeded({"question": question, "events": files.rows, "as_of": spelled(files.as_of)})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if isinstance(value, int)}


_wire = msgspec.json.Encoder(decimal_format="number")
