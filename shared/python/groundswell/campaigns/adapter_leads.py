"""Leads as campaigns see them."""

from collections.abc import Mapping
from typing import Any

from groundswell.campaigns.recipients import lead_values
from groundswell.kernel.ids import can_be_id
from groundswell.leads.model import LeadNotFound
from groundswell.leads.store import DynamoLeadStore


class LeadRecipients:
    def values(self, client_id: str, lead_id: str) -> Mapping[str, Any]:
        """Raises LeadNotFound."""
        lead = DynamoLeadStore().find(client_id, lead_id) if can_be_id(lead_id) else None
        if lead is None or lead.merged_into:
            raise LeadNotFound
        return lead_values(lead)
