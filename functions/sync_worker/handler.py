"""SQS worker: goes on with one sync a message, starts those that timers ask for, and purges what is to be purged.

A sync that has to wait, or whose time is over, is a message to the own queue: nothing sleeps here.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.integrations.adapter_facts import purge_rows
from groundswell.integrations.adapter_hooks import HOOK_TIMER
from groundswell.integrations.adapter_objects import DynamoObjects
from groundswell.integrations.adapter_wiring import sync_jobs, syncer
from groundswell.integrations.catalogue import platform
from groundswell.integrations.jobs import QUEUE, order_body
from groundswell.integrations.model import Order, PlatformNotFound, SyncRunning
from groundswell.integrations.store import TIMER
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.timers import parse_firing
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_LONGEST_DELAY = 900  # SQS's
_SOON = 60


def handler(event: dict[str, Any], context: Any) -> Failures:
    return handle_messages(event, lambda body: _handle(body, _time_left(context)), poison=(Invalid, PlatformNotFound))


def _handle(body: str, time_left: Callable[[], float]) -> None:
    content = _content(body)
    if "kind" in content:
        _fire(body)
    elif content.get("purge"):
        _purge(content["client_id"], content["platform"])
    else:
        _go_on(_order(content), time_left)


def _go_on(order: Order, time_left: Callable[[], float]) -> None:
    import asyncio  # 30 modules, which timers and purges do without

    named = platform(order.platform)
    try:
        again = asyncio.run(syncer(order.client_id, named, time_left).run(order))
    except PreconditionFailed:
        log.info("sync is somebody else's", extra={"platform": order.platform, "sync": order.sync_id})
        return
    if again:
        _later(order_body(order), again.seconds)


def _fire(body: str) -> None:
    firing = parse_firing(body)
    named = platform(firing.key)
    if firing.kind == TIMER:
        sync_jobs().fire(firing.tenant, named, firing.due)
    elif firing.kind == HOOK_TIMER:
        try:
            sync_jobs().hear(firing.tenant, named, ())
        except SyncRunning:
            _later(body, _SOON)
    else:
        raise Invalid.on("kind", "no timer of an integration")


def _purge(client_id: str, name: str) -> None:
    """Doing it again deletes what is left. Not what was connected anew since."""
    connection = sync_jobs().find(client_id, platform(name))
    if connection and connection.live:
        return
    deleted = sum(DynamoObjects().purge(client_id, name)) + sum(purge_rows(client_id, name))
    log.info("integration is purged", extra={"platform": name, "items": deleted})


def _later(body: str, seconds: float) -> None:
    delay = max(0, min(_LONGEST_DELAY, round(seconds + 0.5)))
    sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=body, DelaySeconds=delay if seconds > 0 else 0)


def _content(body: str) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Invalid.on("body", "no JSON") from error
    if not isinstance(content, dict):
        raise Invalid.on("body", "no order")
    return content


def _order(content: Mapping[str, Any]) -> Order:
    try:
        return Order(*(str(content[name]) for name in ("client_id", "platform", "sync_id")))
    except KeyError as error:
        raise Invalid.on("body", "no order for a sync") from error


def _time_left(context: Any) -> Callable[[], float]:
    return lambda: context.get_remaining_time_in_millis() / 1000
