"""What happened meanwhile, beside answers over time."""

from collections.abc import Collection, Mapping
from typing import Any

from functions.analytics.annotations.schemas import annotation_out
from functions.analytics.saved.wiring import annotations
from groundswell.analytics.saved.preparing import names_in
from groundswell.events.eventlog.window import Window

_OVER_TIME = frozenset({"query", "web", "lifecycle", "returning", "uniques", "sessions"})


def annotations_in(client_id: str, window: Window, names: Collection[str] = frozenset()) -> list[dict[str, Any]]:
    """What is noted of that time; with names of events, what is about all or about one of these."""
    return [annotation_out(note) for note in annotations().within(client_id, window, names)]


def noted(client_id: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """Further members of an answer, if the question is one over time."""
    if question["kind"] not in _OVER_TIME or question.get("granularity") is None:
        return {}
    return {"annotations": annotations_in(client_id, Window(question["from"], question["to"]), names_in(question))}
