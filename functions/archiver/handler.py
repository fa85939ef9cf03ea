"""Every ten minutes: writes what was counted since the last round to S3."""

from functools import cache
from typing import Any

from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.adapter_wiring import lake
from groundswell.events.archiver.service import Archiver
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.schedules.store import DynamoRuns
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_RESERVE_MS = 60_000  # for the portion that is under way, and for saying goodbye
_LEASE_SECONDS = 900  # as long as the function may run


@cache
def service() -> Archiver:
    store = DynamoEventLog(dynamodb(), table_name("events"))
    return Archiver(store, lake(), DuckSheets(), lambda: utc_now().strftime("%Y-%m-%d"))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time, however often it fires. What a round does not get to is the next one's."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("archiver", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    report = service().run(has_time_left(context, _RESERVE_MS))
    runs.finish("archiver", event["due"])
    metric("EventsArchived", report.events, service="archiver")
    log.info("archived", extra={"due": event["due"], **vars(report)})
    return {"done": True, **vars(report)}
