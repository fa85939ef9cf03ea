"""Wire shapes of an organization's numbers and of the system's state."""

from collections.abc import Mapping

from pydantic import BaseModel

from groundswell.admin.system.model import Check, Health, SystemHealth
from groundswell.admin.system.outside import Availability
from groundswell.admin.users.overview import Overview
from groundswell.http.outside import OutsideOut, features_out, outside_out
from groundswell.http.schema import Time
from groundswell.kernel.version import VERSION


class EventsOut(BaseModel):
    """Today is since midnight UTC; the others include it."""

    today: int
    last_7_days: int
    last_30_days: int


class OverviewOut(BaseModel):
    """`clients_counted` says of how many clients the events are."""

    users: int
    active_users: int
    clients: int
    api_keys: int
    events: EventsOut
    clients_counted: int
    as_of: Time


def overview_out(overview: Overview) -> OverviewOut:
    counts = overview.counts
    return OverviewOut(
        users=counts.users,
        active_users=counts.active_users,
        clients=counts.clients,
        api_keys=counts.api_keys,
        events=EventsOut(today=overview.events_today, last_7_days=overview.events_7d, last_30_days=overview.events_30d),
        clients_counted=overview.clients_counted,
        as_of=overview.as_of,
    )


class ServiceState(BaseModel):
    """Whether it answered within a second, and how fast."""

    status: Health
    latency_ms: float
    reason: str | None


class QueueState(ServiceState):
    """`oldest_seconds` is the age of the oldest message; null where CloudWatch has not said yet."""

    waiting: int | None = None
    in_flight: int | None = None
    delayed: int | None = None
    oldest_seconds: int | None = None


class DeadLetterState(ServiceState):
    letters: int | None = None


class ScheduleState(ServiceState):
    """`lag_seconds` is how long the next run is overdue; null before the first one."""

    every_minutes: int | None = None
    last_due: Time | None = None
    lag_seconds: int | None = None


class SystemHealthOut(BaseModel):
    status: Health
    version: str = VERSION
    environment: str
    services: dict[str, ServiceState]
    queues: dict[str, QueueState]
    dead_letters: dict[str, DeadLetterState]
    schedules: dict[str, ScheduleState]
    outside: dict[str, OutsideOut] | None
    features: dict[str, Availability] | None


def health_out(health: SystemHealth, environment: str) -> SystemHealthOut:
    """The checks are named `<group> <name>`."""
    return SystemHealthOut(
        status=health.status,
        environment=environment,
        services=_group(health, "service", ServiceState),
        queues=_group(health, "queue", QueueState),
        dead_letters=_group(health, "dead_letters", DeadLetterState),
        schedules=_group(health, "schedule", ScheduleState),
        outside=outside_out(health.outside),
        features=features_out(health.outside),
    )


def _group[S: ServiceState](health: SystemHealth, group: str, shape: type[S]) -> dict[str, S]:
    named: Mapping[str, Check] = {check.name: check for check in health.checks if check.name.startswith(f"{group} ")}
    return {
        name.partition(" ")[2]: shape.model_validate(
            {"status": check.status, "latency_ms": check.latency_ms, "reason": check.reason, **check.facts}
        )
        for name, check in named.items()
    }
