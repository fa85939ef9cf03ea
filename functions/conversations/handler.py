"""SQS worker: what follows from messages of chats and bots, and messages whose time has come."""

import asyncio
import json
from typing import Any

from functions.conversations.wiring import replies, tagging
from groundswell.bots import jobs as bot_jobs
from groundswell.bots.adapter_conversations import delivery, intake
from groundswell.bots.adapter_wiring import bot_service
from groundswell.bots.model import BotNotFound
from groundswell.chat import jobs
from groundswell.chat.adapter_wiring import sending
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, lambda body: asyncio.run(_carry_out(body)), poison=(Invalid,))


async def _carry_out(body: str) -> None:
    content = _content(body)
    match content.get("kind"):
        case jobs.REPLY:
            await replies().reply(jobs.parse_job(content))
        case jobs.TAGS:
            await tagging().detect(jobs.parse_job(content))
        case jobs.DELIVER:
            await delivery().deliver(jobs.parse_job(content))
        case bot_jobs.UPDATE:
            await _take_in(content)
        case jobs.LATER:
            _release(str(content.get("tenant")), str(content.get("key")))
        case jobs.TASK:
            _open_task(content)
        case _:
            raise Invalid.on("kind", "nothing that this worker does")


async def _take_in(content: dict[str, Any]) -> None:
    client_id, bot_id, incoming = bot_jobs.parse_job(content)
    try:
        bot = bot_service().get(client_id, bot_id)
    except BotNotFound:
        return  # it was deleted since
    await intake().handle(bot, incoming)


def _content(body: str) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Invalid.on("body", "not JSON") from error
    if not isinstance(content, dict):
        raise Invalid.on("body", "not a job")
    return content


def _release(client_id: str, message_id: str) -> None:
    message = DynamoChatStore().find(client_id, message_id)
    if message is not None and not message.sequence:
        sending().release(message)


def _open_task(content: dict[str, Any]) -> None:
    from functions.conversations.wiring import task_port
    from groundswell.tasks.model import Opener

    try:
        opener = Opener("chat", f"tag {content['tag']}", "conversations")
        task_port().open(
            content["client_id"],
            opener,
            content["thread_id"],
            "chat_thread",
            f"Chat tagged {content['tag']}",
            assignees=tuple(content["assignees"]),
        )
    except (KeyError, TypeError) as error:
        raise Invalid.on("body", "not the job of a tag") from error
