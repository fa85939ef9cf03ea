"""Leads keep the verdict on their address."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.identities import Identity, IdentityKind
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.validation.model import Checked

_ATTEMPTS = 5


def keep_on_leads(client_id: str, checked: Sequence[Checked]) -> None:
    """On those whose own address it is: one read for all, and a write for each lead that there is."""
    store = DynamoLeadStore()
    by_key = {Identity(IdentityKind.EMAIL, check.email).key: check for check in checked}
    holders = store.holders(client_id, list(by_key)) if by_key else {}
    for key, lead_id in holders.items():
        _keep(store, client_id, lead_id, by_key[key])


def _keep(store: DynamoLeadStore, client_id: str, lead_id: str, checked: Checked) -> None:
    for _ in range(_ATTEMPTS):
        lead = store.find(client_id, lead_id)
        if lead is None or lead.email != checked.email or not _is_newer(checked, lead):
            return
        with suppress(PreconditionFailed):
            store.save(lead, replace(lead, email_verdict=checked.verdict.value, email_checked_at=checked.checked_at))
            return


def _is_newer(checked: Checked, lead: Lead) -> bool:
    return lead.email_checked_at is None or lead.email_checked_at < checked.checked_at
