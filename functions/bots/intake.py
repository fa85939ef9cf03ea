"""Where Telegram posts: answered at once, with the work left to the queue."""

import json
import re
from typing import Annotated

from fastapi import Header, Request, Response

from functions.bots.wiring import BotKeys
from groundswell.bots.jobs import update_body
from groundswell.bots.model import WrongSecret
from groundswell.bots.service import BotKeys as Keys
from groundswell.chat.jobs import QUEUE
from groundswell.http.app import create_router
from groundswell.http.operation import operation
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

router = create_router("Bots")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 2,
        "from": {"id": 1, "is_bot": False, "first_name": "Ada", "language_code": "en"},
        "chat": {"id": 1, "type": "private"},
        "date": 1796040000,
        "text": "/start",
    },
}
_LARGEST = 200_000  # bytes: a message of SQS with its frame
Secret = Annotated[
    str | None,
    Header(alias="X-Telegram-Bot-Api-Secret-Token", max_length=256, description="What the bot's webhook was set with"),
]


@router.post(
    "/bot/webhook",
    response_class=Response,
    **operation("bots.inbound", request_example=_UPDATE, errors=(401,)),
)
async def receive_update(request: Request, keys: BotKeys, secret: Secret = None) -> Response:
    """What Telegram tells of a bot, which the secret names. Sent again, an update is treated once."""
    return await _receive(request, keys, secret, None)


@router.post(
    "/bot/webhook/{bot_id}",
    response_class=Response,
    **operation("bots.inbound.bot", request_example=_UPDATE, errors=(401,)),
)
async def receive_update_of(bot_id: str, request: Request, keys: BotKeys, secret: Secret = None) -> Response:
    """The same, at the address that is set as the bot's webhook."""
    return await _receive(request, keys, secret, bot_id)


async def _receive(request: Request, keys: Keys, secret: str | None, bot_id: str | None) -> Response:
    """Whatever the body is: Telegram would send again for a day what is refused. What is no update is a dead letter."""
    owner = keys.owner_of(secret) if secret and _SECRET.fullmatch(secret) else None
    if owner is None or bot_id not in (None, owner[1]):
        raise WrongSecret
    body = await request.body()
    text = body.decode(errors="replace") if len(body) <= _LARGEST else json.dumps({"omitted": len(body)})
    sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=update_body(*owner, text))
    return Response(status_code=200)
