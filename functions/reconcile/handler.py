"""Hourly: offers blocks that the stream lost, compares rollups with the blocks, repairs, and publishes the drift."""

from collections.abc import Callable
from functools import cache
from typing import Any

from groundswell.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.messaging.schedules import ScheduleClaims
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.reconcile.service import ReconcileService
from groundswell.rollups.committer import Committer
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_RESERVE_MS = 30_000  # for the step that is under way, and for saying goodbye


@cache
def service() -> ReconcileService:
    store = DynamoEventLog(dynamodb(), table_name("events"))
    return ReconcileService(store, Committer(store, utc_now), ScheduleClaims(), utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time, however often it fires."""
    report = service().run(event["due"], _in_time(context))
    if report is None:
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    metric("RollupDrift", report.drift + report.recovered, service="reconcile")
    metric("BlocksLost", report.lost, service="reconcile")
    log.info("reconciled", extra={"due": event["due"], **vars(report)})
    return {"done": True, **vars(report)}


def _in_time(context: Any) -> Callable[[], bool]:
    return lambda: context.get_remaining_time_in_millis() > _RESERVE_MS
