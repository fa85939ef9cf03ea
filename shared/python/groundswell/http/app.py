"""One FastAPI app per function, and the handler that Lambda calls."""

import os
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from mangum import Mangum
from starlette.types import ASGIApp

from groundswell.http.edge import Edge
from groundswell.http.errors import install
from groundswell.http.openapi import describe
from groundswell.http.route import Route

type LambdaHandler = Callable[[dict[str, Any], Any], dict[str, Any]]


def create_router(tag: str) -> APIRouter:
    """Where a function declares its routes, without a prefix. Keep every route and dependency `async def`."""
    return APIRouter(tags=[tag], route_class=Route, redirect_slashes=False)


def create_app(router: APIRouter) -> FastAPI:
    """The function's app. `.openapi()` describes it under `/api/v1`; the merged document is built when packaging."""
    app = FastAPI(title="Groundswell", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(router)
    install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # how FastAPI documents extending it
    return app


def lambda_handler(app: ASGIApp) -> LambdaHandler:
    """For API Gateway payloads 1.0 and 2.0. A Lambda environment serves one request at a time, on this thread."""
    mangum = Mangum(_Guarded(Edge(app)), lifespan="off")

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return mangum(event, context)

    return handler


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
