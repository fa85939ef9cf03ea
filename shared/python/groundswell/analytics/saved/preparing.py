"""A saved question, ready to be asked: of the engine at once, or of its worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from groundswell.analytics.engine.questions import Question, question_of
from groundswell.analytics.engine.service import JOB as SQL
from groundswell.analytics.engine.service import QUESTION
from groundswell.analytics.engine.stored_question import KINDS, emitted_of
from groundswell.events.eventlog.window import Window

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class Prepared:
    """`job` is the worker that answers where there is too much for a request, and `text` what it takes. SQL has no
    `window`; `names` are of the events that it is about, empty for any."""

    question: Question
    job: str
    text: str
    window: Window | None
    names: frozenset[str]


def prepared(text: str, now: int) -> Prepared:
    """`text` is the question as the engine takes it, `now` (ms) when it is asked. Raises Invalid."""
    stored = json.loads(text, parse_float=Decimal)
    emitted = stored["kind"] in KINDS
    question: Any = emitted_of(text, now) if emitted else question_of(stored)
    window = Window(stored["from"], stored["to"]) if "from" in stored else None
    return Prepared(question, QUESTION if emitted else SQL, text, window, names_in(stored))


def moved(text: str, window: Window) -> str:
    """The same over another range, if it has one; no number loses a digit."""
    members = _members.decode(text)
    if "from" in members:
        members |= {"from": msgspec.Raw(b"%d" % window.start), "to": msgspec.Raw(b"%d" % window.end)}
    return msgspec.json.encode(members).decode()


def names_in(stored: Mapping[str, Any]) -> frozenset[str]:
    """Of the events that a question is about; empty for any."""
    names = [series["name"] for series in stored.get("series", ())] or [stored.get("name")]
    return frozenset() if None in names else frozenset(names)
