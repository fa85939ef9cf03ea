"""Health of what we depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from groundswell.admin.system.outside import ServiceState


class Health(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True)
class Facts:
    """What a probe has to tell besides that it was answered."""

    values: Mapping[str, int | str | None]


@dataclass(frozen=True)
class Check:
    """One dependency: `latency_ms` is how long it took to answer, `reason` why it did not, `facts` what it told."""

    name: str
    status: Health
    latency_ms: float
    reason: str | None = None
    facts: Mapping[str, int | str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class SystemHealth:
    """Unhealthy when an essential dependency does not answer, degraded when another one, or an outside service that is
    set up, does not. `outside` is None where it could not be read in time."""

    status: Health
    checks: tuple[Check, ...]
    outside: Mapping[str, ServiceState] | None = None


def overall(
    checks: tuple[Check, ...], essential: frozenset[str], outside: Mapping[str, ServiceState] | None = None
) -> Health:
    failed = {check.name for check in checks if check.status is not Health.HEALTHY}
    if failed & essential:
        return Health.UNHEALTHY
    silent = any(state.reachable is False for state in (outside or {}).values())
    return Health.DEGRADED if failed or silent else Health.HEALTHY
