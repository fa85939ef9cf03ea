"""Figures of saved questions: the one number that stands for each, over the alert's period."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from groundswell.alerts.evaluation import TOO_MANY, Figures
from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import Alert
from groundswell.alerts.sources import Period
from groundswell.analytics.engine.questions import Question
from groundswell.analytics.saved.figures import USUAL, figure_of
from groundswell.analytics.saved.model import SavedQuestion
from groundswell.analytics.saved.preparing import moved, prepared
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid, NotFound

GONE, REFUSED, NO_FIGURE = "question_gone", "question_refused", "no_figure"


class Saved(Protocol):
    def find(self, client_id: str, item_id: str) -> SavedQuestion | None: ...


class Engine(Protocol):
    def ask(self, client_id: str, question: Question, text: str) -> dict[str, Any] | None:
        """None where more events are to be read than is allowed at once. Raises Invalid, NotFound."""
        ...


class QuestionSource:
    """What is not known fires nothing, and the result says why: the question was deleted, is refused (two currencies, a
    cohort that there is no more, too heavy), reads too many events, or its answer has no such number."""

    def __init__(self, saved: Saved, engine: Engine, now: Callable[[], datetime]) -> None:
        self._saved = saved
        self._engine = engine
        self._now = now

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        question = self._saved.find(alert.client_id, alert.condition.question or "")
        if question is None:
            return [{(): Figure(None, GONE)} for _ in periods]
        return [{(): self._figure(question, period)} for period in periods]

    def _figure(self, saved: SavedQuestion, period: Period) -> Figure:
        text = moved(saved.stored, Window(millis(period.start), millis(period.end)))
        try:
            ready = prepared(text, millis(self._now()))
            answer = self._engine.ask(saved.client_id, ready.question, ready.text)
        except (Invalid, NotFound):
            return Figure(None, REFUSED)
        if answer is None:
            return Figure(None, TOO_MANY)
        number = figure_of(answer, saved.figure or USUAL.get(saved.question_kind, ""))
        return Figure(number) if number is not None else Figure(None, NO_FIGURE)
