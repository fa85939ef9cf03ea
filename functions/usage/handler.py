"""Hourly: measures what every client used, and closes the API keys of organizations whose quota is used up."""

from functools import cache
from typing import Any

from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.usage import RolledUpEvents
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.schedules.store import DynamoRuns
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.usage.service import UsageService
from groundswell.tenancy.usage.store import DynamoUsageStore

_RESERVE_MS = 30_000  # for the quotas of those that were measured, and for saying goodbye
_LEASE_SECONDS = 300  # as long as the function may run


@cache
def service() -> UsageService:
    events = DynamoEventLog(dynamodb(), table_name("events"))
    return UsageService(DynamoUsageStore(), RolledUpEvents(events, AnalyticsService(events, utc_now)), utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("usage", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    clients, finished = service().run(has_time_left(context, _RESERVE_MS))
    runs.finish("usage", event["due"])
    log.info("measured", extra={"due": event["due"], "clients": clients, "finished": finished})
    return {"done": True, "clients": clients, "finished": finished}
