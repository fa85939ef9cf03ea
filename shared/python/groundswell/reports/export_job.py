"""The operation that makes a file of a large report."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.operations.model import Operation
from groundswell.reports.model import Question, Report

JOB = "report"


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...


class Ask(Protocol):
    def __call__(self, client_id: str, question: Question, *, compare: bool = False) -> Report: ...


class ReportJob:
    """`state` of its operations: the `question`, whether to `compare`, `format`, and where the file will be (`url`,
    `expires_at`), which was signed when it was asked for. One step, which may be done again."""

    def __init__(
        self,
        ask: Ask,
        render: Callable[[Report, Mapping[str, Any]], bytes],
        objects: Objects,
    ) -> None:
        self._ask = ask
        self._render = render
        self._objects = objects

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid."""
        state = operation.state
        report = self._ask(operation.client_id, question_of(state["question"]), compare=bool(state["compare"]))
        data = self._render(report, state)
        self._objects.put(file_name(operation.client_id, operation.id, state["format"]), data)
        made = {name: state[name] for name in ("format", "url", "expires_at")}
        return operation.succeeded({"rows": rows_of(report), "bytes": len(data), **made})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {"rows": str((operation.result or {}).get("rows", 0))}


def rows_of(report: Report) -> int:
    return len(report.answer.series) + len(report.answer.breakdown)


def file_name(client_id: str, operation_id: str, wanted: str) -> str:
    """In the bucket, below what is purged with the client, and deleted when somebody is erased."""
    return f"{client_id}/reports/{operation_id}.{wanted}"


def question_state(question: Question) -> dict[str, Any]:
    """A question as an operation keeps it."""
    return {
        "metrics": list(question.metrics),
        "window": [question.window.start, question.window.end],
        "granularity": question.granularity.value,
        "timezone": question.timezone,
        "dimensions": list(question.dimensions),
        "filters": {name: list(values) for name, values in question.filters.items()},
    }


def question_of(state: Mapping[str, Any]) -> Question:
    """What `question_state` kept."""
    start, end = map(int, state["window"])
    return Question(
        tuple(state["metrics"]),
        Window(start, end),
        Granularity(state["granularity"]),
        state["timezone"],
        tuple(state["dimensions"]),
        {name: tuple(values) for name, values in state["filters"].items()},
    )
