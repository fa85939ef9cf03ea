"""The endpoints of what a client sets for its leads."""

from typing import Annotated, Any

from fastapi import Response

from functions.leads.settings.schemas import SettingsIn, SettingsOut, settings_out
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Viewer
from groundswell.http.provide import provide
from groundswell.leads.adapter_wiring import settings_service
from groundswell.leads.settings.model import LeadSettings
from groundswell.leads.settings.service import SettingsService
from groundswell.tenancy.clients.model import Scope

router = create_router("Leads")
Settings = Annotated[SettingsService, provide(settings_service)]
_CHANGE: dict[str, Any] = {
    "custom_fields": [
        {"name": "seats", "type": "number"},
        {"name": "plan", "type": "choice", "options": ["free", "pro"]},
    ],
    "stages": [{"status": "new", "name": "Inbox"}, {"status": "qualified", "name": "Talking"}],
}
_SETTINGS: dict[str, Any] = {
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "custom_fields": [{"options": [], **field} for field in _CHANGE["custom_fields"]],
    "stages": [
        *_CHANGE["stages"],
        {"status": "contacted", "name": "Contacted"},
        {"status": "converted", "name": "Converted"},
        {"status": "lost", "name": "Lost"},
    ],
    "round_robin": [],
    "updated_at": "2026-11-22T11:00:00.000Z",
    "updated_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "version": 1,
}


@router.get(
    "/leads/settings",
    **operation("leads.settings", scope=Scope.LEADS_READ, errors=(401, 403, 404), response_example=_SETTINGS),
)
async def get_settings(who: Viewer, response: Response, settings: Settings) -> Envelope[SettingsOut]:
    """Types of custom fields, the pipeline's stages, and who takes turns as the owner of new leads."""
    return _answer(settings.get(who.client_id), response)


@router.update(
    "/leads/settings",
    **operation(
        "leads.change_settings",
        scope=Scope.LEADS_WRITE,
        request_example=_CHANGE,
        response_example=_SETTINGS,
        errors=(401, 403, 404, 412),
    ),
)
async def change_settings(
    body: SettingsIn, who: Admin, response: Response, expected: IfMatch, settings: Settings
) -> Envelope[SettingsOut]:
    """Change what is sent. From then on a custom field that is named takes values of its type alone (400 names the
    field), files' cells are read as that type, and rules have to fit it; values that leads have already stay. A new
    lead without `owner_id` is given to whose turn it is among `round_robin`."""
    return _answer(settings.change(who, body.values(), expected), response)


def _answer(settings: LeadSettings, response: Response) -> Envelope[SettingsOut]:
    tag(response, settings.version)
    return ok(settings_out(settings))
