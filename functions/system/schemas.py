"""Wire shapes of the system's state."""

from pydantic import BaseModel

from groundswell.admin.system.model import Health, SystemHealth
from groundswell.admin.system.outside import Availability
from groundswell.http.outside import OutsideOut, features_out, outside_out
from groundswell.kernel.version import VERSION


class Liveness(BaseModel):
    status: Health = Health.HEALTHY
    version: str = VERSION
    environment: str


class ServiceHealth(BaseModel):
    status: Health
    latency_ms: float
    reason: str | None


class DetailedHealth(Liveness):
    services: dict[str, ServiceHealth]
    outside: dict[str, OutsideOut] | None
    features: dict[str, Availability] | None


def detailed(health: SystemHealth, environment: str) -> DetailedHealth:
    services = {
        check.name: ServiceHealth(status=check.status, latency_ms=check.latency_ms, reason=check.reason)
        for check in health.checks
    }
    return DetailedHealth(
        status=health.status,
        environment=environment,
        services=services,
        outside=outside_out(health.outside),
        features=features_out(health.outside),
    )


class Info(BaseModel):
    """Nothing here tells an account id, a host or a secret."""

    name: str = "Groundswell"
    version: str = VERSION
    environment: str
    docs: str = "/docs"
    openapi: str = "/openapi.json"
