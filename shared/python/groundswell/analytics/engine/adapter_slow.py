"""What takes longer than the stage's limit: counted, and logged with its plan, without what it looks for."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from groundswell.analytics.engine.model import Files, Limits, Statement, Table
from groundswell.observability.log import log
from groundswell.observability.metrics import metric

_USUAL_MS = "3000"
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_LONGEST = 20_000


class Explains(Protocol):
    def run(self, statement: Statement, files: Files, limits: Limits) -> Table: ...

    def explain(self, statement: Statement, files: Files, limits: Limits) -> str:
        """Its plan, as JSON; empty where there is none to be had."""
        ...


def slow_ms() -> float:
    return float(os.environ.get("SLOW_QUESTION_MS", _USUAL_MS))


class Watched:
    """Runs statements, and tells of those that take long."""

    def __init__(self, runs: Explains, kind: str) -> None:
        self._runs = runs
        self._kind = kind

    def run(self, statement: Statement, files: Files, limits: Limits) -> Table:
        begun = monotonic()
        try:
            return self._runs.run(statement, files, limits)
        finally:
            took = _since(begun)
            if took > slow_ms():
                plan = without_values(self._runs.explain(statement, files, limits))
                facts = {"kind": self._kind, "ms": round(took), "events": files.rows, "plan": plan}
                log.warning("slow statement", extra=facts)


@contextmanager
def watched(name: str) -> Iterator[None]:
    """A question, a read or a step of a worker: `name` is the operation's."""
    begun = monotonic()
    try:
        yield
    finally:
        took = _since(begun)
        if took > slow_ms():
            metric("SlowQuestions", 1)
            log.warning("slow question", extra={"route": name, "ms": round(took)})


def without_values(plan: str) -> str:
    """Somebody's id or name may be among what is looked for."""
    return _LITERAL.sub("'…'", plan)[:_LONGEST]


def _since(begun: float) -> float:
    return (monotonic() - begun) * 1000
