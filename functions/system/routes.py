"""Health, information, the API's description and the root."""

import os
from functools import cache, partial
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from starlette.responses import HTMLResponse

from functions.system.documents import group_document, openapi_document, redoc, swagger, viewer_file
from functions.system.examples import FEATURES, OUTSIDE
from functions.system.schemas import DetailedHealth, Info, Liveness, detailed
from groundswell.admin.system.adapter_outside import outside_states
from groundswell.admin.system.adapter_probes import queue_probe, table_probe
from groundswell.admin.system.model import Health
from groundswell.admin.system.service import SystemService
from groundswell.http.app import create_router, stage
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import NotFound
from groundswell.kernel.version import VERSION

router = create_router("System")
_LIVE = {"status": "healthy", "version": VERSION, "environment": "prod"}
_INFO = {"name": "Groundswell", "version": VERSION, "environment": "prod", "docs": "/docs", "openapi": "/openapi.json"}
_PAGE: dict[str, Any] = {"include_in_schema": False, "openapi_extra": {"x-open-query": True}}
"""Whoever links to one may add parameters."""
_SERVICES = {"core": {"status": "healthy", "latency_ms": 4.2, "reason": None}}


@cache
def system_service() -> SystemService:
    probes = {table: table_probe(table) for table in ("core", "events", "ephemeral")} | {"mail": queue_probe("mail")}
    essential = frozenset({"core", "events", "ephemeral"})
    return SystemService(probes, essential, partial(outside_states, utc_now))


System = Annotated[SystemService, provide(system_service)]


async def health() -> Envelope[Liveness]:
    """Liveness: touches nothing, so it answers whatever else is down."""
    return ok(Liveness(environment=stage()))


@router.get(
    "/health/detailed",
    **operation(
        "system.health.detailed",
        response_example={**_LIVE, "services": _SERVICES, "outside": OUTSIDE, "features": FEATURES},
        errors=(503,),
    ),
)
async def health_detailed(response: Response, system: System) -> Envelope[DetailedHealth]:
    """Every dependency, asked at once with a second each, how the last calls of outside services went, and which
    features are available. 503 when an essential dependency does not answer."""
    state = detailed(system.health(), stage())
    response.status_code = 503 if state.status is Health.UNHEALTHY else 200
    return Envelope(status_code=response.status_code, data=state)


@router.get("/system/info", **operation("system.info", response_example=_INFO))
async def info() -> Envelope[Info]:
    """Name, version and where the documentation is."""
    return ok(Info(environment=stage()))


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    return openapi_document(request.headers.get("accept-encoding", ""))


@router.get("/openapi/{group}.json", include_in_schema=False)
async def openapi_of_group(group: str, request: Request) -> Response:
    return group_document(group, request.headers.get("accept-encoding", ""))


async def _documented() -> None:
    """Raises NotFound on a stage that shows no documentation."""
    if os.environ["DOCS"] != "on":
        raise NotFound


_DOCUMENTED: dict[str, Any] = {**_PAGE, "dependencies": [Depends(_documented)]}


@router.get("/docs", **_DOCUMENTED)
async def docs(request: Request) -> HTMLResponse:
    return swagger(request.scope["root_path"])


@router.get("/redoc", **_DOCUMENTED)
async def redoc_page(request: Request) -> HTMLResponse:
    return redoc(request.scope["root_path"])


@router.get("/docs/{name}", **_DOCUMENTED)
async def file_of_docs(name: str, request: Request) -> Response:
    return viewer_file(name, request.headers.get("accept-encoding", ""))


@router.get("/", **_PAGE)
async def root() -> Envelope[Info]:
    return ok(Info(environment=stage()))


_HEALTH: dict[str, Any] = {"response_example": _LIVE}
router.add_api_route("/health", health, methods=["GET"], **operation("system.health", **_HEALTH))
router.add_api_route(
    "/system/health", health, methods=["GET"], **operation("system.health.system", alias_of="system.health", **_HEALTH)
)
