"""One FastAPI app per function, and the handler that Lambda calls."""

import os
from collections.abc import Callable
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from mangum import Mangum
from mangum.handlers import HTTPGateway
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Scope

from groundswell.http.caller import open_at_start
from groundswell.http.cors import Lets
from groundswell.http.door import reject_bypass
from groundswell.http.edge import Edge
from groundswell.http.errors import install
from groundswell.http.openapi import describe
from groundswell.http.principal import lets as clients_let
from groundswell.http.route import Route
from groundswell.http.router import Router
from groundswell.storage.client import open_early

type LambdaHandler = Callable[[dict[str, Any], Any], dict[str, Any]]


class _Overrides:
    """What tests put into `app.dependency_overrides`. Routes must know where to look when they are declared."""

    def __init__(self) -> None:
        self.dependency_overrides: dict[Callable[..., Any], Callable[..., Any]] = {}


_overrides = _Overrides()
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""X-Ray traces requests, and our own lines are the log. FastAPI would look for somebody listening at every request."""


class App(FastAPI):
    """Its `routes` are all of them, those included too that wait for their first request."""

    router: Router

    @property
    def routes(self) -> list[BaseRoute]:
        self.router.include_all()
        return self.router.routes


def create_router(tag: str, route_class: type[APIRoute] = Route) -> Router:
    """Where a function declares its routes, without a prefix. Keep every route and dependency `async def`."""
    return Router(tags=[tag], route_class=route_class, redirect_slashes=False, dependency_overrides_provider=_overrides)


def create_app(router: Router) -> FastAPI:
    """The function's app. `.openapi()` describes it under `/api/v1`; the merged document is built when packaging."""
    app = App(
        title="Groundswell", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_SILENT
    )
    app.dependency_overrides = _overrides.dependency_overrides
    app.router = router
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") in ("snap-start", "provisioned-concurrency"):
        router.include_all()  # nobody waits for these
    install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # how FastAPI documents extending it
    return app


def lambda_handler(app: ASGIApp, *clients: Callable[[], object], lets: Lets = clients_let) -> LambdaHandler:
    """For API Gateway payloads 1.0 and 2.0. A Lambda environment serves one request at a time, on this thread.

    `clients` are the AWS clients that its requests need, `lets` says from which origins browsers may read.
    """
    open_early(*clients, *open_at_start())
    mangum = Mangum(_Guarded(Edge(app, lets)), lifespan="off", custom_handlers=[_Payload2])

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return reject_bypass(event) or mangum(event, context)

    return handler


class _Payload2(HTTPGateway):
    """Mangum's own for payload 2.0, which makes the scope twice a request: to call the app, and to see the version."""

    @cached_property
    def scope(self) -> Scope:
        return super().scope


class _Guarded:
    """Starlette answers a crash with our problem body and raises it again for the server: here, the log has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if not started:
                raise


def stage() -> str:
    """`dev`, `staging`, `prod` or `local`."""
    return os.environ.get("STAGE", "local")
