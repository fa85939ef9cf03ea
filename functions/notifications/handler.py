"""SQS worker: notifications, and the timers at which groups of mails leave."""

import json
import os
from datetime import datetime
from functools import cache
from typing import Any

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.notifications.message import parse_notice
from groundswell.notifications.service import Telling
from groundswell.notifications.store import TIMER, DynamoTellingStore
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing

_LEASE_SECONDS = 60


@cache
def telling() -> Telling:
    return Telling(DynamoTellingStore(), utc_now, os.environ["FRONTEND_URL"])


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    if _is_timer(body):
        _send_group(parse_firing(body))
    else:
        log.info("told", extra={"users": telling().tell(parse_notice(body))})


def _is_timer(body: str) -> bool:
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("kind") == TIMER


def _send_group(firing: Firing) -> None:
    ends_at = datetime.fromisoformat(firing.payload["ends_at"])

    def send() -> None:
        while telling().send_group(firing.tenant, ends_at):
            pass  # a mail holds so many; the rest is another one

    run_once(DynamoRuns(utc_now), firing.name, rfc3339(firing.due), _LEASE_SECONDS, send)
