"""The composition root of the worker `conversations`."""

from functools import cache

from groundswell.chat.replies import Replies
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore


@cache
def replies() -> Replies:
    from groundswell.language_model.adapter_wiring import language_model  # with its HTTP client

    return Replies(DynamoChatStore(), language_model, lambda _thread: None, utc_now)


@cache
def task_port() -> TaskPort:
    return TaskPort(DynamoTaskStore(), utc_now, new_id)
