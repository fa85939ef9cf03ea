"""The endpoints of bots."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Response

from functions.bots import examples, intake
from functions.bots.schemas import (
    BotCreate,
    BotCreated,
    BotOut,
    BotUpdate,
    LogOut,
    StatusOut,
    bot_created,
    bot_out,
    bot_status,
)
from functions.bots.wiring import Bots, Log, webhook_url
from groundswell.access.model import Role
from groundswell.bots.adapter_log import DynamoUpdateLog
from groundswell.bots.model import Bot
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly, OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, MaybeUser, Viewer, access, named_client
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.clients.model import Scope

router = create_router("Bots")
router.include_router(intake.router)


@router.post(
    "/bots",
    **operation(
        "bots.create",
        scope=Scope.BOTS_WRITE,
        limit=(60, HOUR, "user"),
        request_example=examples.CREATE,
        response_example=examples.CREATED,
        status=201,
        location="/bots/{id}",
        errors=(401, 403, 404, 409),
        shown_once=True,
    ),
)
async def create_bot(body: BotCreate, who: Admin, bots: Bots) -> Envelope[BotCreated]:
    """Connect a Telegram bot: its token is tried, kept sealed, and its webhook set. The secret is shown this once."""
    bot, secret = await bots.create(who, body.token, body.name)
    return created(bot_created(bot, webhook_url(bot.id), secret))


@router.get(
    "/bots",
    **operation("bots.list", scope=Scope.BOTS_READ, response_example=[examples.BOT], errors=(401, 403, 404)),
)
async def list_bots(who: Viewer, page: OldestFirst, bots: Bots) -> Listed[BotOut]:
    """All bots of the client, oldest first: 20 at most."""
    return page.answer_whole(who.client_id, [bot_out(bot, webhook_url(bot.id)) for bot in bots.list(who.client_id)])


@router.get(
    "/bots/{bot_id}",
    **operation("bots.get", scope=Scope.BOTS_READ, response_example=examples.BOT, errors=(401, 403, 404)),
)
async def get_bot(bot_id: str, who: Viewer, response: Response, bots: Bots) -> Envelope[BotOut]:
    """One bot. Its version is the ETag."""
    return ok(_tagged(bots.get(who.client_id, bot_id), response))


@router.update(
    "/bots/{bot_id}",
    **operation(
        "bots.update",
        scope=Scope.BOTS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_bot(
    bot_id: str, body: BotUpdate, who: Admin, expected: IfMatch, response: Response, bots: Bots
) -> Envelope[BotOut]:
    """Change what is sent and keep the rest: its commands, whether the model answers, when people take over."""
    return ok(_tagged(await bots.change(who, bot_id, body.changes(), expected), response))


@router.post(
    "/bots/{bot_id}/reconnect",
    **operation(
        "bots.reconnect",
        scope=Scope.BOTS_WRITE,
        limit=(60, HOUR, "user"),
        response_example=examples.CREATED,
        errors=(401, 403, 404, 412),
        shown_once=True,
    ),
)
async def reconnect_bot(bot_id: str, who: Admin, bots: Bots) -> Envelope[BotCreated]:
    """Set the webhook anew, with a new secret that is shown this once. Updates with the old one are refused."""
    bot, secret = await bots.reconnect(who, bot_id)
    return ok(bot_created(bot, webhook_url(bot.id), secret))


@router.delete(
    "/bots/{bot_id}",
    **operation("bots.delete", scope=Scope.BOTS_WRITE, response_example={}, errors=(401, 403, 404, 412)),
)
async def delete_bot(bot_id: str, who: Admin, expected: IfMatch, bots: Bots) -> Envelope[Empty]:
    """Disconnect it: its webhook is removed, and its updates are refused. Conversations stay."""
    await bots.delete(who, bot_id, expected)
    return ok(Empty())


@router.get(
    "/bots/{bot_id}/logs",
    **operation("bots.logs", scope=Scope.BOTS_READ, response_example=[examples.LOG], errors=(401, 403, 404)),
)
async def list_logs(bot_id: str, who: Viewer, paging: NewestOnly, bots: Bots, log: Log) -> Listed[LogOut]:
    """What became of the bot's updates, newest first. Kept for 14 days."""
    bots.get(who.client_id, bot_id)
    page = log.page(who.client_id, bot_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(LogOut.model_validate))


@router.get("/bot/status", **operation("bots.status", response_example=examples.STATUS, errors=(401, 404)))
async def get_status(
    caller: MaybeUser, named: Annotated[str | None, Depends(named_client)], bots: Bots, log: Log
) -> Envelope[StatusOut]:
    """How the client's bots are, as Telegram tells it now. Who is not signed in learns that bots are taken care of."""
    if caller is None:
        return ok(StatusOut(status="ok"))
    acting = access().act(caller, named)
    acting.need(Role.VIEWER)
    conditions = await asyncio.gather(*map(bots.condition, bots.list(acting.client_id)))
    shown = [bot_status(condition, _last_update(log, condition.bot)) for condition in conditions]
    return ok(StatusOut(status="ok" if all(condition.well for condition in conditions) else "degraded", bots=shown))


def _last_update(log: DynamoUpdateLog, bot: Bot) -> datetime | None:
    newest = log.page(bot.client_id, bot.id, 1, None).items
    return newest[0].at if newest else None


def _tagged(bot: Bot, response: Response) -> BotOut:
    tag(response, bot.version)
    return bot_out(bot, webhook_url(bot.id))
