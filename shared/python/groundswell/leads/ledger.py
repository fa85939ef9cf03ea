"""The ledger of consents: all that a lead agreed to and withdrew."""

from collections.abc import Sequence
from typing import Protocol

from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Consent, Lead, consent_place


class Consents(Protocol):
    def consents(self, client_id: str, lead_id: str, limit: int, before: str | None) -> Sequence[Consent]:
        """Newest first, behind that place (time and channel)."""


class Leads(Protocol):
    def get(self, client_id: str, lead_id: str) -> Lead:
        """Raises LeadNotFound, LeadMerged."""
        ...


class Ledger:
    def __init__(self, leads: Leads, store: Consents) -> None:
        self._leads = leads
        self._store = store

    def page(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[Consent]:
        """Newest first, of leads that went into this one, too. Raises LeadNotFound, LeadMerged."""
        before = str(position["before"]) if position else None
        lead = self._leads.get(client_id, lead_id)
        leads = (lead.id, *lead.merged_ids)
        consents = [
            consent for lead_id in leads for consent in self._store.consents(client_id, lead_id, limit + 1, before)
        ]
        consents.sort(key=consent_place, reverse=True)
        shown = tuple(consents[:limit])
        return Page(shown, {"before": consent_place(shown[-1])} if len(consents) > limit else None)
