"""The endpoints of an organization's numbers and of the system's state."""

import os
from functools import cache, partial
from typing import Annotated

from fastapi import Response

from functions.admin import examples
from functions.admin.overview.schemas import OverviewOut, SystemHealthOut, health_out, overview_out
from functions.admin.platform import dead_letter_queues, queues, schedules
from groundswell.admin.system.adapter_outside import outside_states
from groundswell.admin.system.adapter_probes import table_probe
from groundswell.admin.system.model import Health
from groundswell.admin.system.service import SystemService
from groundswell.admin.users.adapter_health import dead_letter_state, queue_state, schedule_state
from groundswell.admin.users.overview import OverviewService
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.usage import RolledUpEvents
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.http.app import create_router, stage
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import OrgAdmin
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.usage.store import DynamoUsageStore

router = create_router("Admin")
_TABLES = ("core", "events", "ephemeral")


@cache
def overview_service() -> OverviewService:
    events = DynamoEventLog(dynamodb(), table_name("events"))
    return OverviewService(DynamoUsageStore(), RolledUpEvents(events, AnalyticsService(events, utc_now)), utc_now)


@cache
def system_service() -> SystemService:
    probes = {
        **{f"service {table}": table_probe(table) for table in _TABLES},
        **{f"queue {queue}": queue_state(queue, _physical(queue), utc_now) for queue in queues()},
        **{f"dead_letters {key.name}": dead_letter_state(key, name) for key, name in dead_letter_queues().items()},
        **{f"schedule {name}": schedule_state(name, every, utc_now) for name, every in schedules().items()},
    }
    essential = frozenset(f"service {table}" for table in _TABLES)
    return SystemService(probes, essential, partial(outside_states, utc_now))


def _physical(queue: str) -> str:
    """The last part of a queue's URL is its name."""
    return os.environ[f"QUEUE_{queue.upper()}"].rpartition("/")[2]


Overviews = Annotated[OverviewService, provide(overview_service)]
System = Annotated[SystemService, provide(system_service)]


@router.get("/admin/analytics", **operation("admin.analytics", response_example=examples.OVERVIEW, errors=(401, 403)))
async def analytics(who: OrgAdmin, overviews: Overviews) -> Envelope[OverviewOut]:
    """The organization in numbers: people, clients, keys and events."""
    return ok(overview_out(overviews.of(who.org_id)))


@router.get(
    "/admin/system-health",
    **operation("admin.system_health", response_example=examples.HEALTH, errors=(401, 403, 503)),
)
async def system_health(who: OrgAdmin, response: Response, system: System) -> Envelope[SystemHealthOut]:  # noqa: ARG001 - says who may
    """Tables, queues, dead letters and schedules, asked at once, a second each; how the last calls of outside services
    went, and which features are available. 503 when a table does not answer."""
    state = health_out(system.health(), stage())
    response.status_code = 503 if state.status is Health.UNHEALTHY else 200
    return Envelope(status_code=response.status_code, data=state)
