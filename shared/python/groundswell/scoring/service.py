"""What can be done with scores."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Conflict, PreconditionFailed, require_version
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead, LeadNotFound
from groundswell.leads.settings.types import CustomField
from groundswell.operations.model import Operation
from groundswell.scoring.checks import check
from groundswell.scoring.keeping import Scorers
from groundswell.scoring.model import (
    Action,
    Adjustment,
    Axis,
    ConfigNotFound,
    Effect,
    Method,
    RuleSet,
    Score,
    Subject,
)
from groundswell.scoring.rescoring import RESCORE, Writer
from groundswell.scoring.standing import Standing
from groundswell.scoring.tallies import Performance, performance
from groundswell.scoring.typed import check_types

PREVIEWED = 200
"""Leads that a preview scores: the newest."""
ADJUSTMENTS_AT_MOST = 50
_PAGE = 100
_ATTEMPTS = 8


class TooManyAdjustments(Conflict):
    code = "TOO_MANY_ADJUSTMENTS"
    message = f"A lead has at most {ADJUSTMENTS_AT_MOST} adjustments"


@dataclass(frozen=True)
class Preview:
    """How many leads were looked at, and those that would change."""

    leads: int
    changed: tuple[Effect, ...]


class LeadReader(Protocol):
    """Leads that went into another one are not there."""

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        """Those that exist, in any order."""

    def page(
        self, client_id: str, limit: int, position: Position | None, *, newest_first: bool = True
    ) -> Page[Lead]: ...

    def types(self, client_id: str) -> Mapping[str, CustomField]:
        """Of custom fields, by name: those that the client gave one."""


class ConfigStore(Protocol):
    def find(self, client_id: str, version: int | None = None) -> RuleSet | None:
        """The newest, or a version that was."""

    def save(self, client_id: str, config: RuleSet, org_id: str) -> RuleSet:
        """As the next version. Raises PreconditionFailed if someone else wrote first."""


class ResultReader(Protocol):
    def page(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """Highest first, as of their `scored_at`."""

    def tallies(self, client_id: str) -> Mapping[str, int]:
        """Closed leads by `Standing.counted`."""


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any]) -> Operation: ...


class ActionChecks(Protocol):
    def check(self, who: ClientContext, stage: str, action: Action) -> None:
        """Raises Invalid for somebody who is no member, and for a list that is none."""


class ScoringService:
    def __init__(
        self,
        configs: ConfigStore,
        leads: LeadReader,
        scorers: Scorers,
        writer: Writer,
        results: ResultReader,
        operations: Operations,
        actions: ActionChecks,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._configs = configs
        self._leads = leads
        self._scorers = scorers
        self._writer = writer
        self._results = results
        self._operations = operations
        self._actions = actions
        self._now = now
        self._new_id = new_id

    def config(self, client_id: str, version: int | None = None) -> RuleSet:
        """The newest, or a version that was. Raises ConfigNotFound."""
        config = self._configs.find(client_id, version or None)
        if config is None and version:
            raise ConfigNotFound
        return RuleSet() if config is None or version == 0 else config

    def change(self, who: ClientContext, values: Mapping[str, Any], expected: int | None) -> RuleSet:
        """The next version; what is absent stays. Raises Invalid, PreconditionFailed."""
        present = self.config(who.client_id)
        require_version(expected, present.version)
        changed = self._checked(who.client_id, present, values)
        for stage in ("mql", "sql"):
            action: Action | None = getattr(changed.actions, stage)
            if action is not None and action != getattr(present.actions, stage):
                self._actions.check(who, stage, action)
        return self._save(who, changed)

    def activate(self, who: ClientContext, model_id: str) -> RuleSet:
        """Score by this model from now on: alone, unless the config combines it with rules. A repeat changes nothing.

        The model is looked up by whoever calls. Raises PreconditionFailed while others go on changing the config.
        """
        for _ in range(_ATTEMPTS):
            present = self.config(who.client_id)
            method = Method.LOGISTIC if present.model is Method.RULES else present.model
            changed = replace(present, model_id=model_id, model=method)
            if changed == present:
                return present
            try:
                return self._save(who, changed)
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _checked(self, client_id: str, present: RuleSet, values: Mapping[str, Any]) -> RuleSet:
        config = _checked(present, values)
        if "rules" in values:
            check_types(config, self._leads.types(client_id))
        return config

    def preview(self, client_id: str, values: Mapping[str, Any]) -> Preview:
        """What these values would make of the newest leads. Raises Invalid."""
        present = self.config(client_id)
        before = self._scorers.of_config(client_id, present)
        after = self._scorers.of_config(client_id, self._checked(client_id, present, values))
        leads, now = self._newest(client_id), self._now()
        names = before if before.event_names >= after.event_names else after
        subjects, _ = self._scorers.subjects(client_id, leads, names)
        effects = (
            Effect(subject.lead_id or "", before.score(subject, now), after.score(subject, now)) for subject in subjects
        )
        return Preview(len(leads), tuple(effect for effect in effects if effect.changes))

    def score(self, client_id: str, subjects: Sequence[Subject]) -> tuple[Score, ...]:
        """Leads that are stored nowhere; nothing is kept."""
        scorer, now = self._scorers.scorer(client_id), self._now()
        return tuple(scorer.score(subject, now) for subject in subjects)

    def score_stored(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Score, ...]:
        """In the order of the ids; kept. Raises LeadNotFound with the ids that are none, and keeps nothing then."""
        leads = self._stored(client_id, lead_ids)
        scores, standings, config = self._scorers.score(client_id, leads)
        self._writer.save(leads, scores, standings, config.actions)
        return tuple(scores)

    def score_all(self, who: ClientContext) -> Operation:
        """All leads, as an operation."""
        return self._operations.start(who, RESCORE, {})

    def live(self, client_id: str, lead_id: str) -> Score:
        """One lead's, as of now. Raises LeadNotFound."""
        [score] = self._scorers.score(client_id, self._stored(client_id, [lead_id]))[0]
        return score

    def adjust(self, who: ClientContext, lead_id: str, axis: Axis, points: float, reason: str) -> Score:
        """Give or take points by hand, for a reason. Raises LeadNotFound, TooManyAdjustments."""
        now = self._now()
        new = Adjustment(self._new_id(), axis, points, reason, who.actor_id, now)
        return self._adjusted(who.client_id, lead_id, lambda known: (*known, new))

    def take_back(self, who: ClientContext, lead_id: str, adjustment_id: str) -> Score:
        """As if it had never been; one that is not there changes nothing. Raises LeadNotFound."""
        return self._adjusted(
            who.client_id,
            lead_id,
            lambda known: tuple(adjustment for adjustment in known if adjustment.id != adjustment_id),
        )

    def adjustments(self, client_id: str, lead_id: str) -> tuple[Adjustment, ...]:
        """Oldest first. Raises LeadNotFound."""
        leads = self._stored(client_id, [lead_id])
        _, standings, _ = self._scorers.score(client_id, leads)
        return standings.get(lead_id, Standing()).adjustments

    def results(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """What was kept, highest first."""
        return self._results.page(client_id, min_score, grade, limit, position)

    def performance(self, client_id: str, version: int | None) -> Performance:
        """What became of leads, by the last score that they had while they were open."""
        return performance(self._results.tallies(client_id), version)

    def _adjusted(
        self, client_id: str, lead_id: str, change: Callable[[tuple[Adjustment, ...]], tuple[Adjustment, ...]]
    ) -> Score:
        """Kept with the score that it makes, or not at all."""
        leads = self._stored(client_id, [lead_id])
        for _ in range(_ATTEMPTS):
            standing = self._scorers.standing(client_id, lead_id)
            after = replace(standing, adjustments=change(standing.adjustments))
            if len(after.adjustments) > ADJUSTMENTS_AT_MOST:
                raise TooManyAdjustments
            score, config = self._scorers.score_as(leads[0], after)
            try:
                self._writer.save_one(leads[0], score, after, config.actions)
            except PreconditionFailed:
                leads = self._stored(client_id, [lead_id])
            else:
                return score
        raise PreconditionFailed

    def _save(self, who: ClientContext, config: RuleSet) -> RuleSet:
        revision = replace(config, updated_at=self._now(), updated_by=who.actor_id)
        return self._configs.save(who.client_id, revision, who.org_id)

    def _newest(self, client_id: str) -> list[Lead]:
        leads, position = list[Lead](), None
        while len(leads) < PREVIEWED:
            page = self._leads.page(client_id, _PAGE, position)
            leads += page.items
            if (position := page.next) is None:
                break
        return leads[:PREVIEWED]

    def _stored(self, client_id: str, lead_ids: Sequence[str]) -> list[Lead]:
        leads = {lead.id: lead for lead in self._leads.find_many(client_id, lead_ids)}
        missing = [lead_id for lead_id in lead_ids if lead_id not in leads]
        if missing:
            raise LeadNotFound(details={"ids": missing})
        return [leads[lead_id] for lead_id in dict.fromkeys(lead_ids)]


def _checked(present: RuleSet, values: Mapping[str, Any]) -> RuleSet:
    """Thresholds, caps, weights and actions are changed one by one, the rules as a whole."""
    parts = {
        name: replace(getattr(present, name), **values[name])
        for name in ("thresholds", "caps", "weights", "actions")
        if name in values
    }
    whole = {name: values[name] for name in ("rules", "model") if name in values}
    config = replace(present, **whole, **parts)
    check(config)
    return config
