"""SQS worker: what became of tasks, and timers of tasks."""

from functools import cache
from typing import Any

from functions.reminders.message import parse_turned
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.messaging.batch import Failures, each_message
from groundswell.tasks.following import Following
from groundswell.tasks.store import DynamoTaskStore


@cache
def following() -> Following:
    return Following(DynamoTaskStore(), utc_now, new_id)


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return each_message(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    turned = parse_turned(body)
    if turned is None:
        raise Invalid.on("body", "no message about a task")
    following().turned(turned.client_id, turned.task_id)
