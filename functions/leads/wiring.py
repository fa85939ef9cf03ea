"""The services of this function."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.leads.adapter_wiring import lead_service
from groundswell.leads.service import LeadService

Leads = Annotated[LeadService, provide(lead_service)]
