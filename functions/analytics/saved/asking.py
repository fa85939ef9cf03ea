"""Saved questions asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.analytics.annotations.beside import annotations_in
from functions.analytics.jobs.schemas import scope_of
from functions.analytics.saved.kinds import prepared_now
from functions.analytics.saved.schemas import figure_at
from groundswell.access.model import ClientContext
from groundswell.analytics.engine.service import SqlService
from groundswell.analytics.saved.figures import figure_of
from groundswell.analytics.saved.model import SavedQuestion
from groundswell.kernel.clock import utc_now
from groundswell.operations.model import Operation
from groundswell.operations.service import OperationService


@dataclass(frozen=True)
class Answered:
    """`answer` is what the question's own endpoint answers."""

    answer: dict[str, Any]
    annotations: Sequence[dict[str, Any]]
    figure: Any


@dataclass(frozen=True)
class Asking:
    engine: SqlService
    operations: OperationService

    def ask(
        self, who: ClientContext, saved: SavedQuestion, moved: dict[str, str], *, at_once: bool = True
    ) -> Answered | Operation:
        """The operation of the worker where there is too much for a request. Raises Forbidden, Invalid, NotFound."""
        ready = prepared_now(saved.question, who.timezone, utc_now(), moved)
        who.need_scope(scope_of(ready.text))
        answer = self.engine.ask(who.client_id, ready.question, ready.text) if at_once else None
        if answer is None:
            return self.operations.start(who, ready.job, {"question": ready.text})
        path = figure_at(saved)
        notes = annotations_in(who.client_id, ready.window, ready.names) if ready.window else []
        return Answered(answer, notes, figure_of(answer, path) if path else None)
