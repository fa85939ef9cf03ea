"""SQS worker: alerts that are due, what follows from their instances, and ends of their tasks."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from functions.alert_worker.slack import send_to_slack
from groundswell.alerts import news
from groundswell.alerts.adapter_wiring import alert_service, announcer, batch_store, evaluator, handling, kept_facts
from groundswell.alerts.defaults import default_alerts
from groundswell.alerts.ports import ESCALATE, EVALUATE, UNACKNOWLEDGE
from groundswell.alerts.store import DynamoAlertStore
from groundswell.kernel.errors import Invalid, PreconditionFailed, Unavailable
from groundswell.messaging.batch import Failures, Record, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.tasks.model import Status as TaskStatus
from groundswell.tenancy.clients.adapter_arrivals import ARRIVED

_ENDS = {"task.completed": True, "task.cancelled": False}


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    kept_facts().forget()
    batch_store().expect(set(_due(event["Records"])))
    failures = handle_messages(event, _handle, poison=(Invalid,))
    again = handle_messages({"Records": _unwritten(event["Records"])}, _handle, poison=(Invalid,))
    return {"batchItemFailures": failures["batchItemFailures"] + again["batchItemFailures"]}


def _unwritten(records: Sequence[Record]) -> Sequence[Record]:
    """Writes what came to nothing, together. Where somebody was quicker, those that are done again, one by one."""
    store = batch_store()
    late = store.unwritten
    try:
        store.flush()
    except (PreconditionFailed, Unavailable):
        store.expect((), together=False)
        return [record for record in records if not late.isdisjoint(_due([record]))]
    return []


def _due(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Clients and ids of the alerts that are."""
    for record in records:
        with suppress(Invalid):
            firing = parse_firing(record["body"])
            if firing.kind == EVALUATE:
                yield firing.tenant, firing.key


def _handle(body: str) -> None:
    content = _parsed(body)
    if "event" not in content:
        _fire(parse_firing(body))
        return
    try:
        _do(content)
    except (KeyError, ValueError) as error:
        raise Invalid.on("body", "no message about an alert") from error


def _parsed(body: str) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Invalid.on("body", "not JSON") from error
    if not isinstance(content, dict):
        raise Invalid.on("body", "no message about an alert")
    return content


def _do(content: dict[str, Any]) -> None:
    client_id = str(content["client_id"])
    match content["event"]:
        case news.ANNOUNCE:
            evaluator().announce(client_id, str(content["alert_id"]))
        case news.OPEN_TASK:
            _open_task(client_id, str(content["alert_id"]), str(content["instance_id"]))
        case news.END_TASK:
            announcer().end_task(client_id, str(content["instance_id"]), TaskStatus(content["status"]))
        case news.SLACK:
            send_to_slack(client_id, content)
        case kind if kind in _ENDS:
            handling().task_ended(client_id, str(content["object_id"]), str(content["by"]), completed=_ENDS[kind])
        case _:
            raise Invalid.on("event", "nothing that happens to alerts")


def _fire(firing: Firing) -> None:
    match firing.kind:
        case kind if kind == EVALUATE:
            done = evaluator(keeping=True).due(firing.tenant, firing.key, firing.due)
            log.info("alert", extra={"done": done, "late": firing.late_seconds})
        case kind if kind == ESCALATE:
            handling().escalate(firing.tenant, firing.key)
        case kind if kind == UNACKNOWLEDGE:
            handling().unacknowledge(firing.tenant, firing.key, firing.due)
            evaluator().announce(firing.tenant, str(firing.payload["alert_id"]))
        case kind if kind == ARRIVED:
            _welcome(firing)
        case _:
            raise Invalid.on("kind", "no timer of an alert")


def _welcome(firing: Firing) -> None:
    org_id, timezone, by = (str(firing.payload[name]) for name in ("org_id", "timezone", "by"))
    alert_service().welcome(default_alerts(firing.tenant, org_id, timezone, by, firing.due))


def _open_task(client_id: str, alert_id: str, instance_id: str) -> None:
    store = DynamoAlertStore()
    alert, _ = store.load(client_id, alert_id)
    for instance in store.instances(client_id, [instance_id]):
        if alert is not None:
            announcer().open_task(alert, instance)
