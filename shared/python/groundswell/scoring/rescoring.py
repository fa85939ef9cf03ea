"""All leads of a client scored again, as an operation: some a step, in the order in which they were made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead
from groundswell.operations.model import Operation
from groundswell.scoring.keeping import LeadEvents, Scorers
from groundswell.scoring.model import Actions, Score
from groundswell.scoring.standing import Standing

RESCORE = "scoring_rescore"
TOGETHER = 100


class Leads(Protocol):
    def page(
        self, client_id: str, limit: int, position: Position | None, *, newest_first: bool = True
    ) -> Page[Lead]: ...

    def total(self, client_id: str) -> int: ...


class Writer(Protocol):
    def save(
        self, leads: Sequence[Lead], scores: Sequence[Score], standings: Mapping[str, Standing], actions: Actions
    ) -> None:
        """A lead that is gone by now is left out."""

    def save_one(self, lead: Lead, score: Score, standing: Standing, actions: Actions) -> None:
        """Raises PreconditionFailed where somebody else was faster."""


class RescoreJob:
    """A step is safe to repeat: a score that is kept already is not written again. `events` makes the reader of one
    operation's events, which go through the log once for all of its leads."""

    def __init__(
        self,
        leads: Leads,
        scorers: Scorers,
        writer: Writer,
        events: Callable[[datetime], LeadEvents],
        now: Callable[[], datetime],
    ) -> None:
        self._leads = leads
        self._scorers = scorers
        self._writer = writer
        self._events = events
        self._now = now
        self._read: tuple[str, LeadEvents] | None = None

    def step(self, operation: Operation) -> Operation:
        state = operation.state
        position = state.get("position")
        total = int(state.get("total") or self._leads.total(operation.client_id))
        page = self._leads.page(operation.client_id, TOGETHER, position or None, newest_first=False)
        changed = int(state.get("changed", 0)) + self._scored(operation, page.items)
        done = int(state.get("leads", 0)) + len(page.items)
        if page.next is None:
            return operation.succeeded({"leads": done, "changed": changed})
        at = 100 * done // max(total, done, 1)
        return operation.at(at, position=dict(page.next), leads=done, changed=changed, total=total)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items()}

    def _scored(self, operation: Operation, leads: Sequence[Lead]) -> int:
        """How many have another score than before."""
        scores, standings, config = self._scorers.score(operation.client_id, leads, self._reader(operation))
        pairs = [
            (lead, score)
            for lead, score in zip(leads, scores, strict=True)
            if needs_keeping(lead, score, standings.get(lead.id, Standing()))
        ]
        self._writer.save([lead for lead, _ in pairs], [score for _, score in pairs], standings, config.actions)
        return sum((lead.score, lead.grade) != (score.score, score.grade) for lead, score in pairs)

    def _reader(self, operation: Operation) -> LeadEvents:
        if self._read is None or self._read[0] != operation.id:
            self._read = (operation.id, self._events(self._now()))
        return self._read[1]


def needs_keeping(lead: Lead, score: Score, standing: Standing) -> bool:
    """Whether the score that is kept is another one, or by another config."""
    same = (lead.score, lead.grade, standing.stage) == (score.score, score.grade, score.stage)
    return not (same and standing.model_version == score.model_version)
