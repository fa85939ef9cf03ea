"""Hourly: offers blocks that the stream lost, compares rollups with the blocks, repairs, and publishes the drift."""

from functools import cache
from typing import Any

from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.reconcile.service import ReconcileService
from groundswell.events.rollups.committer import Committer
from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.schedules.store import DynamoRuns
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_RESERVE_MS = 30_000  # for the step that is under way, and for saying goodbye
_LEASE_SECONDS = 300  # as long as the function may run


@cache
def service() -> ReconcileService:
    store = DynamoEventLog(dynamodb(), table_name("events"))
    return ReconcileService(store, Committer(store, utc_now), utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time, however often it fires."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("reconcile", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    report = service().run(has_time_left(context, _RESERVE_MS))
    runs.finish("reconcile", event["due"])
    metric("RollupDrift", report.drift + report.recovered, service="reconcile")
    metric("BlocksLost", report.lost, service="reconcile")
    log.info("reconciled", extra={"due": event["due"], **vars(report)})
    return {"done": True, **vars(report)}
