"""What can be done with scores."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import require_version
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import LeadNotFound
from groundswell.scoring.checks import check
from groundswell.scoring.model import ConfigNotFound, Effect, RuleSet, Score, Subject
from groundswell.scoring.rules import RuleScorer

PREVIEWED = 200
"""Leads that a preview scores: the newest."""


@dataclass(frozen=True)
class Preview:
    """How many leads were looked at, and those that would change."""

    leads: int
    changed: tuple[Effect, ...]


class LeadReader(Protocol):
    """Leads as subjects, with the events that are known of them. Leads that went into another one are not there."""

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Subject, ...]:
        """Those that exist, in any order."""

    def newest_first(self, client_id: str) -> Iterator[Subject]:
        """All of a client."""


class ScoreWriter(Protocol):
    def save(self, client_id: str, scores: Sequence[Score]) -> None:
        """Onto the leads, and into the list of results. Safe to repeat; a lead that is gone by now is left out."""


class ConfigStore(Protocol):
    def find(self, client_id: str, version: int | None = None) -> RuleSet | None:
        """The newest, or a version that was."""

    def save(self, client_id: str, config: RuleSet) -> RuleSet:
        """As the next version. Raises PreconditionFailed if someone else wrote first."""


class ResultReader(Protocol):
    def page(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """Highest first, as of their `scored_at`."""


class ScoringService:
    def __init__(
        self,
        configs: ConfigStore,
        leads: LeadReader,
        writer: ScoreWriter,
        results: ResultReader,
        now: Callable[[], datetime],
    ) -> None:
        self._configs = configs
        self._leads = leads
        self._writer = writer
        self._results = results
        self._now = now

    def config(self, client_id: str, version: int | None = None) -> RuleSet:
        """The newest, or a version that was. Raises ConfigNotFound."""
        found = self._configs.find(client_id, version or None)
        if found is None and version:
            raise ConfigNotFound
        return RuleSet() if found is None or version == 0 else found

    def change(self, who: ClientContext, values: Mapping[str, Any], expected: int | None) -> RuleSet:
        """The next version; what is absent stays. Raises Invalid, PreconditionFailed."""
        present = self.config(who.client_id)
        require_version(expected, present.version)
        changed = _checked(present, values)
        return self._configs.save(who.client_id, replace(changed, updated_at=self._now(), updated_by=who.actor_id))

    def preview(self, client_id: str, values: Mapping[str, Any]) -> Preview:
        """What these values would make of the newest leads. Raises Invalid."""
        present = self.config(client_id)
        before, after, now = RuleScorer(present), RuleScorer(_checked(present, values)), self._now()
        some = list(islice(self._leads.newest_first(client_id), PREVIEWED))
        effects = (Effect(each.lead_id or "", before.score(each, now), after.score(each, now)) for each in some)
        return Preview(len(some), tuple(each for each in effects if each.changes))

    def score(self, client_id: str, subjects: Sequence[Subject]) -> tuple[Score, ...]:
        """Leads that are stored nowhere; nothing is kept."""
        scorer, now = RuleScorer(self.config(client_id)), self._now()
        return tuple(scorer.score(each, now) for each in subjects)

    def score_stored(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Score, ...]:
        """In the order of the ids; kept. Raises LeadNotFound with the ids that are none, and keeps nothing then."""
        scores = self.score(client_id, self._stored(client_id, lead_ids))
        self._writer.save(client_id, scores)
        return scores

    def live(self, client_id: str, lead_id: str) -> Score:
        """One lead's, as of now. Raises LeadNotFound."""
        [score] = self.score(client_id, self._stored(client_id, [lead_id]))
        return score

    def results(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """What was kept, highest first."""
        return self._results.page(client_id, min_score, grade, limit, position)

    def _stored(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Subject, ...]:
        found = {each.lead_id: each for each in self._leads.find_many(client_id, lead_ids)}
        missing = [each for each in lead_ids if each not in found]
        if missing:
            raise LeadNotFound(details={"ids": missing})
        return tuple(found[each] for each in dict.fromkeys(lead_ids))


def _checked(present: RuleSet, values: Mapping[str, Any]) -> RuleSet:
    """Thresholds and caps are changed one by one, the rules as a whole."""
    parts = {name: replace(getattr(present, name), **values[name]) for name in ("thresholds", "caps") if name in values}
    config = replace(present, rules=values.get("rules", present.rules), **parts)
    check(config)
    return config
