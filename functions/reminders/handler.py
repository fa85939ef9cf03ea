"""SQS worker: what became of tasks, and timers of tasks."""

from functools import cache
from typing import Any

from functions.reminders.message import parse_turned
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.tasks.following import Following
from groundswell.tasks.reminders import Reminders
from groundswell.tasks.store import DynamoTaskStore
from groundswell.tasks.timers import KINDS
from groundswell.tenancy.members.store import DynamoTeam

_LEASE_SECONDS = 60


@cache
def reminders() -> Reminders:
    return Reminders(DynamoTaskStore(), DynamoTeam(), utc_now, new_id)


@cache
def following() -> Following:
    return Following(DynamoTaskStore(), reminders(), utc_now, new_id)


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    turned = parse_turned(body)
    if turned is not None:
        following().turned(turned.client_id, turned.task_id)
    else:
        _fire(parse_firing(body))


def _fire(firing: Firing) -> None:
    if firing.kind not in KINDS:
        raise Invalid.on("kind", "no timer of a task")
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, lambda: reminders().fire(firing))
    log.info("timer", extra={"timer": firing.name, "due": due, "missed": firing.missed, "done": done})
