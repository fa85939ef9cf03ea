"""Leads that are saved with their score: whoever makes or changes one answers with it."""

from collections.abc import Sequence
from dataclasses import replace

from groundswell.kernel.message import Message
from groundswell.leads.history import ChangeSet
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore, saved
from groundswell.scoring.adapter_leads import NOTHING, result_of, scored, tally
from groundswell.scoring.keeping import Scorers
from groundswell.scoring.model import RuleSet, Score
from groundswell.scoring.standing import Standing
from groundswell.scoring.subjects import known_as
from groundswell.storage.transaction import write


class ScoredLeadStore(DynamoLeadStore):
    """A lead's person did something that rules count, or may have? Then its score waits for the stream's worker: the
    log of events takes longer than a request should."""

    def __init__(self, scorers: Scorers) -> None:
        self._scorers = scorers

    def save(
        self, before: Lead | None, after: Lead, done: ChangeSet | None = None, messages: Sequence[Message] = ()
    ) -> Lead:
        scorer = self._scorers.scorer(after.client_id)
        if after.merged_into or (scorer.event_names and known_as(after)):
            return super().save(before, after, done, messages)
        standing = self._scorers.standing(after.client_id, after.id) if before else Standing()
        score = self._scorers.at_once(after, scorer, standing)
        return self._with(score, standing, scorer.config, before, after, done, messages)

    def _with(
        self,
        score: Score,
        standing: Standing,
        config: RuleSet,
        before: Lead | None,
        after: Lead,
        done: ChangeSet | None,
        messages: Sequence[Message],
    ) -> Lead:
        lead = scored(after, score)
        kept = result_of(lead, score, standing, config.actions) if config.version else NOTHING
        write([*saved(before, lead, done), *kept.changes, *tally(lead.client_id, [kept])], [*messages, *kept.messages])
        return replace(lead, version=lead.version + 1)
