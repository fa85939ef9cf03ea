"""Leads that are saved with their score: whoever makes or changes one answers with it."""

from dataclasses import replace

from groundswell.leads.events import Telling, untold
from groundswell.leads.history import ChangeSet
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore, saved
from groundswell.scoring.adapter_leads import NOTHING, result_of, scored, tally
from groundswell.scoring.keeping import Scorers
from groundswell.scoring.standing import Standing
from groundswell.storage.transaction import write


class ScoredLeadStore(DynamoLeadStore):
    """Where rules count what its person did, the log of events is read as well."""

    def __init__(self, scorers: Scorers) -> None:
        self._scorers = scorers

    def save(self, before: Lead | None, after: Lead, done: ChangeSet | None = None, telling: Telling = untold) -> Lead:
        if after.merged_into:
            return super().save(before, after, done, telling)
        standing = self._scorers.standing(after.client_id, after.id) if before else Standing()
        score, config = self._scorers.score_as(after, standing)
        lead = scored(after, score)
        kept = result_of(lead, score, standing, config.actions) if config.version else NOTHING
        write(
            [*saved(before, lead, done), *kept.changes, *tally(lead.client_id, [kept])],
            [*telling(lead), *kept.messages],
        )
        return replace(lead, version=lead.version + 1)
