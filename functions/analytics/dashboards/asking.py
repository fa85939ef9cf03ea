"""All tiles of a dashboard, asked in one call."""

from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from functions.analytics.jobs.schemas import question_out
from functions.analytics.saved.asking import Asking
from groundswell.access.model import ClientContext
from groundswell.analytics.saved.model import Dashboard, SavedQuestion, Tile
from groundswell.kernel.errors import Invalid, NotFound
from groundswell.operations.model import Operation

_AT_ONCE = 10.0
"""Seconds after which no further question is begun: one takes 15 at most, and a request 29."""
_NOTHING: Mapping[str, Any] = {"answer": None, "figure": None, "annotations": [], "operation": None, "error": None}


def answers_of(
    asking: Asking,
    who: ClientContext,
    dashboard: Dashboard,
    questions: Mapping[str, SavedQuestion],
    moved: dict[str, str],
) -> Iterator[dict[str, Any]]:
    """What `TileAnswerOut` describes. What there is no time left for is asked of the worker."""
    begun = monotonic()
    for tile in dashboard.tiles:
        at_once = monotonic() - begun < _AT_ONCE
        saved = questions.get(tile.question_id)
        outcome = {"state": "gone"} if saved is None else _answer(asking, who, saved, moved, at_once=at_once)
        yield {**_NOTHING, **_named(tile, saved), **outcome}


def _named(tile: Tile, saved: SavedQuestion | None) -> dict[str, Any]:
    title, kind = (saved.name, saved.question_kind) if saved else (None, None)
    return {"question_id": tile.question_id, "title": tile.title or title, "kind": kind}


def _answer(
    asking: Asking, who: ClientContext, saved: SavedQuestion, moved: dict[str, str], *, at_once: bool
) -> dict[str, Any]:
    """One that is refused (too heavy, a cohort that there is no more) costs the others nothing."""
    try:
        answered = asking.ask(who, saved, moved, at_once=at_once)
    except Invalid as refused:
        problems = "; ".join(f"{problem.field}: {problem.message}" for problem in refused.problems)
        return {"state": "failed", "error": problems or refused.text}
    except NotFound as refused:
        return {"state": "failed", "error": refused.text}
    if isinstance(answered, Operation):
        return {"state": "later", "operation": question_out(answered, None)}
    return {"state": "answered", **vars(answered)}
