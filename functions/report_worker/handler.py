"""SQS worker: reports that are due."""

from typing import Any

from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.reports.adapter_wiring import report_schedules
from groundswell.reports.sending import TIMER
from groundswell.schedules.timers import parse_firing


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    firing = parse_firing(body)
    if firing.kind != TIMER:
        raise Invalid.on("kind", "no timer of a report")
    run = report_schedules().due(firing.tenant, firing.key, firing.due, missed=firing.missed)
    log.info("report", extra={"status": run.status if run else "repeated"})
