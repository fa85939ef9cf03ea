"""The router of every API function."""

from collections.abc import Iterable
from importlib import import_module
from threading import RLock
from typing import Any

from fastapi import APIRouter
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

type _Shape = tuple[str, str, int]
"""Method, first word and number of words: what a request and its route have in common at a glance."""
_including = RLock()


class Router(APIRouter):
    """Asks only the routes that look like the request, and takes over the routes of the routers it includes.

    FastAPI leaves included routes where they are and analyses each again: at the first request, and by a detour at
    every one. And it asks route after route, each with a regular expression: a tenth of a request with thirty routes.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._alike: dict[_Shape, list[Route]] = {}
        self._late: tuple[str, ...] = ()

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """Raises TypeError for options: a route is declared whole, where it stands."""
        if options:
            raise TypeError(f"{', '.join(options)}: declare it at the routes")
        self.routes.extend(router.routes)

    def include_late(self, *modules: str) -> None:
        """The `router` of each is included when a request comes that no route here answers: a cold start imports what
        it needs. No two may have a route for the same request."""
        self._late += modules

    def include_all(self) -> None:
        """Do not wait."""
        while self._late:
            self._include(self._late[0])

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What no route of its shape answers is FastAPI's to look at: a 404, a 405, a path with slashes in a name."""
        if not self._alike:
            self._alike = _by_shape(self.routes)
        path = get_route_path(scope)
        while (route := self._choose(scope, path)) is None and (late := self._late):
            self._include(_likeliest(late, path))
        if route is None:
            await super().app(scope, receive, send)
        else:
            await route.handle(scope, receive, send)

    def _choose(self, scope: Scope, path: str) -> Route | None:
        for route in self._alike.get(_shape(scope["method"], path), ()):
            if route.path_regex.match(path) is None:
                continue
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found, router=self)
                return route
        return None

    def _include(self, module: str) -> None:
        with _including:
            if module in self._late:
                self.include_router(import_module(module).router)
                self._alike = _by_shape(self.routes)
                self._late = tuple(each for each in self._late if each != module)


def _likeliest(modules: tuple[str, ...], path: str) -> str:
    """Features have the same name everywhere: `functions.analytics.jobs.routes` has what is below `/analytics/jobs`."""
    words = path.split("/")
    return next((each for each in modules if each.split(".")[-2] in words), modules[0])


def _shape(method: str, path: str) -> _Shape:
    return method, path.lstrip("/").partition("/")[0], path.count("/")


def _by_shape(routes: Iterable[BaseRoute]) -> dict[_Shape, list[Route]]:
    """In the order of their declaration, which decides between two that match."""
    known = [each for each in routes if isinstance(each, Route)]
    shapes = {_shape(method, each.path) for each in known for method in each.methods or ()}
    return {shape: [each for each in known if _may_match(each, shape)] for shape in shapes}


def _may_match(route: Route, shape: _Shape) -> bool:
    method, first, words = shape
    _, its_first, its_words = _shape(method, route.path)
    fits = its_words == words or (its_words < words and ":path}" in route.path)
    return fits and first == its_first and method in (route.methods or ())
