"""The leads' side: what is scored is read from there, and the score is kept there."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Position
from groundswell.leads.items import LeadItem, lead_pk
from groundswell.leads.model import Filter, Lead, LeadNotFound
from groundswell.leads.store import DynamoLeadStore
from groundswell.scoring.items import score_item
from groundswell.scoring.model import Score, Subject
from groundswell.scoring.subjects import subject_of
from groundswell.storage.transaction import check, put_row, write

_PAGE = 80
_ATTEMPTS = 12  # of those that write at once one gets through each time


class StoredLeads:
    """Events of leads are nobody's to read yet: rules on events count those that a caller sends."""

    def __init__(self) -> None:
        self._store = DynamoLeadStore()

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Subject, ...]:
        found = self._store.find_many(client_id, lead_ids)
        return tuple(subject_of(lead) for lead in found if not lead.merged_into)

    def newest_first(self, client_id: str) -> Iterator[Subject]:
        position: Position | None = None
        while True:
            page = self._store.page(client_id, Filter(), None, _PAGE, position).page
            yield from map(subject_of, page.items)
            if (position := page.next) is None:
                return


class LeadScores:
    """Two writes a lead: the lead with its rows in lists, then the result with its reasons, while the lead is there.

    Whoever dies between them leaves a result that is older than the lead's score; scoring it again mends that.
    """

    def __init__(self) -> None:
        self._store = DynamoLeadStore()

    def save(self, client_id: str, scores: Sequence[Score]) -> None:
        leads = {lead.id: lead for lead in self._store.find_many(client_id, [each.lead_id or "" for each in scores])}
        for score in scores:
            if (lead := leads.get(score.lead_id or "")) is not None:
                self._save(lead, score)

    def _save(self, lead: Lead, score: Score) -> None:
        """Nothing where it is gone, was merged, or has a newer score."""
        for _ in range(_ATTEMPTS):
            if lead.merged_into or (lead.scored_at and lead.scored_at > score.scored_at):
                return None
            try:
                self._store.save(lead, _scored(lead, score))
            except PreconditionFailed:
                again = self._store.find(lead.client_id, lead.id)
                if again is None:
                    return None
                lead = again
            else:
                return _keep(lead, score)
        raise PreconditionFailed


def _scored(lead: Lead, score: Score) -> Lead:
    return replace(lead, score=score.score, grade=score.grade, scored_at=score.scored_at)


def _keep(lead: Lead, score: Score) -> None:
    exists = check(LeadItem(lead_pk(lead.client_id, lead.id), "LEAD"), LeadItem.pk.exists(), LeadNotFound())
    row = score_item(lead.client_id, score).serialize()
    try:
        write([exists, put_row("core", row)])
    except LeadNotFound:
        return
