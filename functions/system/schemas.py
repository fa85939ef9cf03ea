"""Wire shapes of the system's state."""

from pydantic import BaseModel

from groundswell.admin.system.model import Health, SystemHealth
from groundswell.http.openapi import VERSION


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


def detailed(health: SystemHealth, environment: str) -> DetailedHealth:
    services = {
        check.name: ServiceHealth(status=check.status, latency_ms=check.latency_ms, reason=check.reason)
        for check in health.checks
    }
    return DetailedHealth(status=health.status, environment=environment, services=services)


class Info(BaseModel):
    """Nothing here tells an account id, a host or a secret."""

    name: str = "Groundswell"
    version: str = VERSION
    environment: str
    docs: str = "/docs"
    openapi: str = "/openapi.json"
