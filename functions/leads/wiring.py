"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.context import origin
from groundswell.kernel.ids import new_id
from groundswell.kernel.network import near
from groundswell.leads.service import LeadService
from groundswell.leads.store import DynamoLeadStore
from groundswell.tenancy.members.store import DynamoTeam


def _callers_network() -> str | None:
    where = origin.get()
    return near(where.ip) if where else None


@cache
def lead_service() -> LeadService:
    return LeadService(DynamoLeadStore(), DynamoTeam(), utc_now, new_id, _callers_network)


Leads = Annotated[LeadService, provide(lead_service)]
