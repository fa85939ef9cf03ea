"""Use cases of what is kept: each noun is listed, made, changed under its version, and deleted, in one way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.analytics.saved.figures import USUAL
from groundswell.analytics.saved.model import (
    DASHBOARDS_AT_MOST,
    QUESTIONS_AT_MOST,
    Annotation,
    AnnotationNotFound,
    Dashboard,
    DashboardNotFound,
    QuestionInUse,
    SavedQuestion,
    SavedQuestionNotFound,
    Tile,
    TooManyDashboards,
    TooManyQuestions,
)
from groundswell.audit.model import Entry
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position


class Store[M](Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[M]: ...

    def find(self, client_id: str, item_id: str) -> M | None: ...

    def many(self, client_id: str, ids: Collection[str]) -> Sequence[M]:
        """Those that there are, in no order."""
        ...

    def save(self, model: M, entry: Entry) -> M:
        """Raises PreconditionFailed if somebody else wrote first."""
        ...

    def remove(self, model: M, entry: Entry) -> None: ...


@dataclass(frozen=True)
class Noun:
    """How it is called in the audit log, and what is said where there is none, or room for no other."""

    name: str
    missing: type[NotFound]
    full: type[Conflict] | None = None
    at_most: int = 0


QUESTION = Noun("saved_question", SavedQuestionNotFound, TooManyQuestions, QUESTIONS_AT_MOST)
DASHBOARD = Noun("dashboard", DashboardNotFound, TooManyDashboards, DASHBOARDS_AT_MOST)
ANNOTATION = Noun("annotation", AnnotationNotFound)


class Kept[M: SavedQuestion | Dashboard | Annotation]:
    def __init__(
        self, store: Store[M], noun: Noun, model: type[M], now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._noun = noun
        self._model = model
        self._now = now
        self._new_id = new_id

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[M]:
        return self._store.page(client_id, limit, position)

    def find(self, client_id: str, item_id: str) -> M | None:
        return self._store.find(client_id, item_id) if can_be_id(item_id) else None

    def get(self, client_id: str, item_id: str) -> M:
        """Raises NotFound."""
        present = self.find(client_id, item_id)
        if present is None:
            raise self._noun.missing
        return present

    def make(self, acting: ClientContext, values: Mapping[str, Any]) -> M:
        """Raises Conflict where there is no room."""
        noun, now = self._noun, self._now()
        if noun.full and len(self._store.page(acting.client_id, noun.at_most, None).items) >= noun.at_most:
            raise noun.full
        made = {"id": self._new_id(), "client_id": acting.client_id, "created_by": acting.actor_id}
        model = self._model(**{**values, **made, "created_at": now, "updated_at": now})
        return self._store.save(model, self._entry(acting, "created", model.id))

    def change(self, acting: ClientContext, item_id: str, values: Mapping[str, Any], expected: int | None) -> M:
        """Raises NotFound, PreconditionFailed."""
        present = self.get(acting.client_id, item_id)
        require_version(expected, present.version)
        changed = replace(present, **values, updated_at=self._now())
        return self._store.save(changed, self._entry(acting, "changed", item_id))

    def delete(self, acting: ClientContext, item_id: str, expected: int | None) -> None:
        """Raises NotFound, PreconditionFailed."""
        present = self.get(acting.client_id, item_id)
        require_version(expected, present.version)
        self._store.remove(present, self._entry(acting, "deleted", item_id))

    def _entry(self, acting: ClientContext, verb: str, item_id: str) -> Entry:
        noun = self._noun.name
        return Entry(
            acting.org_id, f"{noun}.{verb}", acting.actor_id, f"{noun}:{item_id}", {"client": acting.client_id}
        )


class Questions(Kept[SavedQuestion]):
    """Saved questions, which stay as long as a dashboard shows them."""

    def __init__(
        self,
        store: Store[SavedQuestion],
        dashboards: Store[Dashboard],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        super().__init__(store, QUESTION, SavedQuestion, now, new_id)
        self._dashboards = dashboards

    def delete(self, acting: ClientContext, item_id: str, expected: int | None) -> None:
        """Raises QuestionInUse."""
        self.get(acting.client_id, item_id)
        shown = self._dashboards.page(acting.client_id, DASHBOARDS_AT_MOST, None).items
        used = [board.id for board in shown if any(tile.question_id == item_id for tile in board.tiles)]
        if used:
            raise QuestionInUse(details={"where": [{"type": "dashboard", "id": board_id} for board_id in used]})
        super().delete(acting, item_id, expected)

    def has_figure(self, client_id: str, item_id: str) -> bool | None:
        """Whether one number stands for its answer; None where there is no such question."""
        question = self.find(client_id, item_id)
        return None if question is None else bool(question.figure or USUAL.get(question.question_kind))

    def of(self, client_id: str, tiles: Sequence[Tile]) -> Mapping[str, SavedQuestion]:
        """Those that the tiles show, by id."""
        ids = {tile.question_id for tile in tiles if can_be_id(tile.question_id)}
        return {question.id: question for question in self._store.many(client_id, ids)}


class Dashboards(Kept[Dashboard]):
    def __init__(
        self, store: Store[Dashboard], questions: Questions, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        super().__init__(store, DASHBOARD, Dashboard, now, new_id)
        self._questions = questions

    def make(self, acting: ClientContext, values: Mapping[str, Any]) -> Dashboard:
        """Raises Invalid for a tile of a question that there is not."""
        self._check(acting.client_id, values)
        return super().make(acting, values)

    def change(self, acting: ClientContext, item_id: str, values: Mapping[str, Any], expected: int | None) -> Dashboard:
        """Raises Invalid for a tile of a question that there is not."""
        self._check(acting.client_id, values)
        return super().change(acting, item_id, values, expected)

    def _check(self, client_id: str, values: Mapping[str, Any]) -> None:
        tiles = values.get("tiles", ())
        known = self._questions.of(client_id, tiles)
        missing = [at for at, tile in enumerate(tiles) if tile.question_id not in known]
        if missing:
            problems = (FieldProblem(f"tiles.{at}.question_id", "unknown", "no such saved question") for at in missing)
            raise Invalid(problems=tuple(problems))


class Spans(Store[Annotation], Protocol):
    def between(self, client_id: str, window: Window) -> Sequence[Annotation]:
        """By time; of many the newest."""
        ...


class Annotations(Kept[Annotation]):
    def __init__(self, store: Spans, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        super().__init__(store, ANNOTATION, Annotation, now, new_id)
        self._spans = store

    def within(self, client_id: str, window: Window, names: Collection[str]) -> list[Annotation]:
        """Beside series of events of these names, or of any; by time."""
        noted = self._spans.between(client_id, window)
        return [note for note in noted if not note.events or not names or not set(note.events).isdisjoint(names)]
