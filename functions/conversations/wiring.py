"""The composition root of the worker `conversations`."""

from functools import cache

from groundswell.bots.adapter_wiring import bot_service
from groundswell.bots.model import BotNotFound
from groundswell.chat.adapter_knowledge import PublishedPages
from groundswell.chat.model import Thread
from groundswell.chat.replies import Replies
from groundswell.chat.store import DynamoChatStore
from groundswell.chat.tagging import Tagging
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore


@cache
def replies() -> Replies:
    from groundswell.language_model.adapter_wiring import language_model  # with its HTTP client

    return Replies(DynamoChatStore(), language_model, _bots_notes, PublishedPages(utc_now), utc_now)


@cache
def tagging() -> Tagging:
    from groundswell.language_model.adapter_wiring import language_model

    return Tagging(DynamoChatStore(), language_model, utc_now)


def _bots_notes(thread: Thread) -> str | None:
    """What the bot of the thread says of itself."""
    if thread.contact is None:
        return None
    try:
        return bot_service().get(thread.client_id, thread.contact.bot_id).ai.instructions
    except BotNotFound:
        return None


@cache
def task_port() -> TaskPort:
    return TaskPort(DynamoTaskStore(), utc_now, new_id)
