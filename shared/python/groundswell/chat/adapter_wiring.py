"""Conversations, put together for whoever needs them: they are in the table `core`."""

from functools import cache

from groundswell.chat.adapter_line import DynamoLine
from groundswell.chat.line import Line
from groundswell.chat.sending import Sending, Ways
from groundswell.chat.service import ChatService
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.storage.transaction import Change
from groundswell.tenancy.members.store import DynamoTeam


@cache
def chat_service() -> ChatService:
    return ChatService(DynamoChatStore(), DynamoTeam(), utc_now, cancel_timer)


def _use(client_id: str, media_id: str, thread_id: str) -> Change:
    from groundswell.media.adapter_uses import use  # few messages have files
    from groundswell.media.model import Use

    return use(client_id, media_id, Use("chat_thread", thread_id))


@cache
def sending() -> Sending:
    return Sending(DynamoChatStore(), Line(DynamoLine(), utc_now), Ways(utc_now, new_id, set_timer, _use))
