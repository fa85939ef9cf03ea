"""Daily: deletes for good what clients left behind that were deleted more than 14 days ago."""

from functools import cache
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.personal_data.adapter_registry import load_personal_data
from groundswell.schedules.store import DynamoRuns
from groundswell.tenancy.purge.service import PurgeService
from groundswell.tenancy.purge.store import DynamoPurgeStore

_RESERVE_MS = 30_000  # for the page that is under way, and for saying goodbye
_LEASE_SECONDS = 900  # as long as the function may run


@cache
def service() -> PurgeService:
    return PurgeService(DynamoPurgeStore(), load_personal_data(), utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time. What a round does not get to is the next one's."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("purge", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    purged, finished = service().run(has_time_left(context, _RESERVE_MS))
    runs.finish("purge", event["due"])
    metric("ClientsPurged", purged, service="purge")
    log.info("purged", extra={"due": event["due"], "clients": purged, "finished": finished})
    return {"done": True, "clients": purged, "finished": finished}
