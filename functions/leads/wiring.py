"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.leads.adapter_wiring import lead_service_on
from groundswell.leads.service import LeadService
from groundswell.scoring.adapter_saving import ScoredLeadStore
from groundswell.scoring.adapter_wiring import scorers


@cache
def leads() -> LeadService:
    """A lead is answered with its score."""
    return lead_service_on(ScoredLeadStore(scorers()))


Leads = Annotated[LeadService, provide(leads)]
