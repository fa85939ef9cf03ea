"""Conversations, put together for whoever needs them: they are in the table `core`."""

from functools import cache

from groundswell.chat.sending import Sending, Ways
from groundswell.chat.service import ChatService
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.tenancy.members.store import DynamoTeam


@cache
def chat_service() -> ChatService:
    return ChatService(DynamoChatStore(), DynamoTeam(), utc_now, cancel_timer)


@cache
def sending() -> Sending:
    return Sending(DynamoChatStore(), Ways(utc_now, new_id, set_timer))
