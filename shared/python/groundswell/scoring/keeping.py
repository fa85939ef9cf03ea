"""Keeping scores: onto the lead, beside it with the reasons, and what follows from it, all in one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.leads.model import Lead
from groundswell.scoring.model import Event, RuleSet, Score, Subject
from groundswell.scoring.regression.model import LogisticModel
from groundswell.scoring.scorer import Scorer
from groundswell.scoring.standing import Standing
from groundswell.scoring.subjects import subject_of


class Configs(Protocol):
    def find(self, client_id: str, version: int | None = None) -> RuleSet | None: ...


class LeadEvents(Protocol):
    def of(self, client_id: str, leads: Sequence[Lead], names: Collection[str]) -> Mapping[str, tuple[Event, ...]]:
        """What the leads' persons did, by lead; who has no person is left out."""


class Standings(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> Mapping[str, Standing]: ...


class Scorers:
    """Scores of stored leads: with what they did, and what somebody gave them."""

    def __init__(
        self,
        configs: Configs,
        models: Callable[[str, str], LogisticModel | None],
        events: LeadEvents,
        standings: Standings,
        now: Callable[[], datetime],
    ) -> None:
        self._configs = configs
        self._models = models
        self._events = events
        self._standings = standings
        self._now = now

    def scorer(self, client_id: str) -> Scorer:
        return self.of_config(client_id, self._configs.find(client_id) or RuleSet())

    def of_config(self, client_id: str, config: RuleSet) -> Scorer:
        return Scorer(config, self._models(client_id, config.model_id) if config.model_id else None)

    def subjects(
        self, client_id: str, leads: Sequence[Lead], scorer: Scorer, events: LeadEvents | None = None
    ) -> tuple[list[Subject], Mapping[str, Standing]]:
        """In the order of the leads, and where they stand. `events` are read elsewhere where there are many leads."""
        standings = self._standings.find_many(client_id, [lead.id for lead in leads])
        names = scorer.event_names
        done = (events or self._events).of(client_id, leads, names) if names else {}
        subjects = [
            subject_of(lead, done.get(lead.id, ()), standings.get(lead.id, Standing()).adjustments) for lead in leads
        ]
        return subjects, standings

    def standing(self, client_id: str, lead_id: str) -> Standing:
        return self._standings.find_many(client_id, [lead_id]).get(lead_id, Standing())

    def score_as(self, lead: Lead, standing: Standing) -> tuple[Score, RuleSet]:
        """As of now, if that were where it stands."""
        scorer = self.scorer(lead.client_id)
        names = scorer.event_names
        done = self._events.of(lead.client_id, [lead], names).get(lead.id, ()) if names else ()
        return scorer.score(subject_of(lead, done, standing.adjustments), self._now()), scorer.config

    def score(
        self, client_id: str, leads: Sequence[Lead], events: LeadEvents | None = None
    ) -> tuple[list[Score], Mapping[str, Standing], RuleSet]:
        """In the order of the leads, as of now."""
        scorer, now = self.scorer(client_id), self._now()
        subjects, standings = self.subjects(client_id, leads, scorer, events)
        return [scorer.score(subject, now) for subject in subjects], standings, scorer.config
