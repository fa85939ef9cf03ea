"""The router of every API function."""

from collections.abc import Callable
from importlib import import_module
from threading import RLock
from typing import Any

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

_including = RLock()


class Router(APIRouter):
    """Takes over the routes of the routers it includes, some of them when a request first needs them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.late: tuple[str, ...] = ()
        self._late: tuple[str, ...] = ()  # of these, what no request has needed yet

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """Raises TypeError for options: a route is declared whole, where it stands."""
        if options:
            raise TypeError(f"{', '.join(options)}: declare it at the routes")
        self.routes.extend(router.routes)

    def update[F: Callable[..., Any]](self, path: str, **options: Any) -> Callable[[F], F]:
        """An operation that changes what it is sent and keeps the rest: the same as PUT and as PATCH (RFC 7396)."""

        def declare(endpoint: F) -> F:
            self.add_api_route(path, endpoint, methods=["PUT"], **options)
            self.add_api_route(path, endpoint, methods=["PATCH"], **_as_patch(options))
            return endpoint

        return declare

    def include_late(self, *modules: str) -> None:
        """The `router` of each is included when a request comes that no route here answers: a cold start imports what
        it needs. No two may have a route for the same request."""
        self.late += modules
        self._late += modules

    def include_all(self) -> None:
        """Do not wait."""
        while self._late:
            self._include(self._late[0])

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (late := self._late) and not self._answers(scope):
            self._include(_likeliest(late, scope["path"]))
        await super().app(scope, receive, send)

    def _answers(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self.routes)

    def _include(self, module: str) -> None:
        with _including:
            if module in self._late:
                self.include_router(import_module(module).router)
                self._late = tuple(name for name in self._late if name != module)


def _as_patch(options: dict[str, Any]) -> dict[str, Any]:
    """Another spelling of the operation: they share limits and records of repeats."""
    extra = options["openapi_extra"]
    name = f"{options['operation_id']}.patch"
    return options | {"operation_id": name, "openapi_extra": extra | {"x-alias-of": extra["x-operation"]}}


def _likeliest(modules: tuple[str, ...], path: str) -> str:
    """Features have the same name everywhere: `functions.analytics.jobs.routes` has what is below `/analytics/jobs`."""
    words = path.split("/")
    return next((module for module in modules if module.split(".")[-2] in words), modules[0])
