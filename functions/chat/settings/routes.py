"""The endpoints of a client's settings for its conversations."""

from fastapi import Response

from functions.chat import examples
from functions.chat.schemas import SettingsIn, SettingsOut, settings_out
from functions.chat.wiring import Chat
from groundswell.chat.model import Participant
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Chat")


@router.get(
    "/chat/settings",
    **operation("chat.settings.get", scope=Scope.BOTS_READ, response_example=examples.SETTINGS, errors=(401, 403, 404)),
)
async def get_settings(who: Viewer, chat: Chat, response: Response) -> Envelope[SettingsOut]:
    """Tags with what they do, canned replies, who is told, and what the assistant knows."""
    settings = chat.settings(who.client_id)
    tag(response, settings.version)
    return ok(settings_out(settings))


@router.update(
    "/chat/settings",
    **operation(
        "chat.settings.update",
        scope=Scope.BOTS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.SETTINGS,
        errors=(401, 403, 404, 412),
    ),
)
async def update_settings(
    body: SettingsIn, who: Admin, chat: Chat, expected: IfMatch, response: Response
) -> Envelope[SettingsOut]:
    """Change what is sent and keep the rest."""
    acting = Participant(who.client_id, who.org_id, who.actor_id, is_agent=True)
    settings = chat.change_settings(acting, body.changes(), expected)
    tag(response, settings.version)
    return ok(settings_out(settings))
