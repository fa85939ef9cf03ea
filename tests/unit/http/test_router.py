"""The route that answers is the one FastAPI itself would take."""

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from groundswell.http.app import create_router
from groundswell.http.router import Router

ROUTES = (
    ("GET", "/things/new"),
    ("GET", "/things/{id}"),
    ("PUT", "/things/{id}"),
    ("GET", "/things/{id}/parts"),
    ("GET", "/things/{name:path}/block"),
    ("DELETE", "/things/{id}/{part}"),
    ("GET", "/things/last"),
    ("GET", "/{anything}"),
    ("GET", "/"),
)


def with_routes(router: APIRouter) -> APIRouter:
    for method, path in ROUTES:

        async def endpoint(request: Request, said: str = f"{method} {path}") -> PlainTextResponse:
            return PlainTextResponse(f"{said} {request.path_params}")

        router.routes.append(Route(path, endpoint, methods=[method]))
    return router


def answered(router: APIRouter, method: str, path: str, root_path: str = "") -> tuple[Any, ...]:
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": method, "path": root_path + path, "root_path": root_path, "headers": []}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(router({**scope, "query_string": b""}, receive, send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent)


@pytest.mark.parametrize("root_path", ["", "/api/v1"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/things", 200),
        ("GET", "/things/new", 200),
        ("GET", "/things/last", 200),
        ("GET", "/things/7", 200),
        ("PUT", "/things/7", 200),
        ("PUT", "/things/new", 200),
        ("GET", "/things/7/parts", 200),
        ("GET", "/things/7/block", 200),
        ("GET", "/things/a/b/c/block", 200),
        ("GET", "/things/a/parts/block", 200),
        ("DELETE", "/things/7/parts", 200),
        ("GET", "/whatever", 200),
        ("POST", "/things/7", 405),
        ("DELETE", "/", 405),
        ("GET", "//things/7", 404),
        ("GET", "/things/7/", 404),
        ("GET", "/things/7/8/9", 404),
        ("GET", "", 404),
    ],
)
def test_a_request_gets_the_route_it_got_from_fastapi(method: str, path: str, status: int, root_path: str) -> None:
    ours = answered(with_routes(create_router("Things")), method, path, root_path)

    assert ours == answered(with_routes(APIRouter(redirect_slashes=False)), method, path, root_path)
    assert ours[0] == status


def test_of_many_routes_few_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    matches = Route.matches
    monkeypatch.setattr(Route, "matches", lambda self, scope: (asked.append(self.path), matches(self, scope))[1])
    router = with_routes(Router())
    for number in range(100):
        router.routes.insert(0, Route(f"/others{number}/{{id}}", lambda _: None))

    answered(router, "GET", "/things/7/parts")

    assert asked == ["/things/{id}/parts"]
