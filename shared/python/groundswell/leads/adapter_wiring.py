"""Leads, put together for whoever needs them."""

from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.context import origin
from groundswell.kernel.ids import new_id
from groundswell.kernel.network import near
from groundswell.leads.adapter_activity import DynamoActivityStore
from groundswell.leads.capture import LeadCapture
from groundswell.leads.ledger import Ledger
from groundswell.leads.service import LeadService, LeadStore
from groundswell.leads.settings.service import Rota, SettingsService
from groundswell.leads.settings.store import DynamoSettingsStore
from groundswell.leads.store import DynamoLeadStore
from groundswell.tenancy.members.store import DynamoTeam


@cache
def lead_service() -> LeadService:
    return lead_service_on(DynamoLeadStore())


def lead_service_on(store: LeadStore) -> LeadService:
    return LeadService(store, DynamoTeam(), rota(), utc_now, new_id, _callers_network)


@cache
def lead_capture() -> LeadCapture:
    return LeadCapture(DynamoLeadStore(), rota(), utc_now, new_id, _callers_network)


@cache
def rota() -> Rota:
    return Rota(DynamoSettingsStore(), DynamoTeam())


@cache
def settings_service() -> SettingsService:
    return SettingsService(DynamoSettingsStore(), DynamoTeam(), utc_now)


@cache
def ledger() -> Ledger:
    return Ledger(lead_service(), DynamoActivityStore())


def _callers_network() -> str | None:
    where = origin.get()
    return near(where.ip) if where else None
