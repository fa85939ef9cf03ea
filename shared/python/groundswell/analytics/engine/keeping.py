"""Which answers may be kept: those over days that are over, for a day, while nothing they depend on has moved."""

from datetime import timedelta
from typing import Any, Protocol

import msgspec

from groundswell.analytics.engine.questions import Lifecycle, Question, Stickiness
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window

KEPT_FOR = timedelta(hours=24)
_BETWEEN = (Lifecycle, Stickiness)
"""Questions that read all that happened until the end of their window."""


class Kept(msgspec.Struct, frozen=True):
    """An answer, by members of JSON, as of `at` (ms), when `state` was what it depends on."""

    state: str
    at: int
    answer: dict[str, msgspec.Raw]


class KeptAnswers(Protocol):
    def find(self, client_id: str, question: str) -> Kept | None:
        """Not older than `KEPT_FOR`."""
        ...

    def put(self, client_id: str, question: str, state: str, answer: dict[str, Any]) -> None: ...

    def drop(self, client_id: str, question: str) -> None: ...

    def used(self, kept: Kept) -> dict[str, Any]:
        """The answer, which says since when it is kept; and a hit is counted."""
        ...

    def missed(self, kept: Kept | None) -> None:
        """A miss is counted; and what was kept in vain, as an eviction."""
        ...


class _Ranged(msgspec.Struct):
    to: int
    timezone: str = "UTC"


_ranged = msgspec.json.Decoder(_Ranged)


def depends_on(question: Question, text: str, now: int) -> Window | None:
    """Which time an answer depends on, if it can be kept: its local days are over, and it knows no list of people that
    is taken anew, and no trait as it is now. `text` is the question as the engine takes it, `now` in ms."""
    read: Window | None = getattr(question, "read", None)
    if read is None and isinstance(question, _BETWEEN):
        read = Window(0, question.window.end)
    if read is None or question.statement.cohorts:
        return None
    decode = _ranged.decode(text)
    today = Calendar(Granularity.DAY, decode.timezone).floor(now)
    return read if decode.to <= today and read.end <= now else None
