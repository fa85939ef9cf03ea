"""The route that answers is the one FastAPI itself would take."""

import asyncio
import re
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from groundswell.http.app import create_app, create_router
from groundswell.http.router import Router
from infra import catalogue
from tests.gateway import use_loop

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

        async def endpoint(request: Request, text: str = f"{method} {path}") -> PlainTextResponse:
            return PlainTextResponse(f"{text} {request.path_params}")

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
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


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


@pytest.fixture
def features(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Modules of a function to be, `features.first.routes` and so on; which of them were imported."""
    imported: list[str] = []

    def load(name: str) -> ModuleType:
        imported.append(name)
        module = ModuleType(name)
        module.router = Router()  # type: ignore[attr-defined]
        response = PlainTextResponse(name)
        word = name.split(".")[1]
        module.router.routes.append(Route(f"/things/{word}/{{id}}", lambda _: response))
        return module

    monkeypatch.setattr("groundswell.http.router.import_module", load)
    return imported


def test_what_waits_is_imported_for_the_first_request_that_needs_it(features: list[str]) -> None:
    router = with_routes(create_router("Things"))
    router.include_late("features.first.routes", "features.second.routes", "features.third.routes")

    assert answered(router, "GET", "/things/7/parts")[0] == 200
    assert features == []
    for _ in range(2):
        assert answered(router, "GET", "/things/third/7") == (200, b"features.third.routes")
    assert features == ["features.third.routes"]


def test_before_a_path_is_unknown_everything_is_asked(features: list[str]) -> None:
    router = with_routes(create_router("Things"))
    router.include_late("features.first.routes", "features.second.routes")

    assert answered(router, "POST", "/nowhere/7")[0] == 404
    assert features == ["features.first.routes", "features.second.routes"]


def test_an_app_has_all_routes_whoever_waits(features: list[str]) -> None:
    router = create_router("Things")
    router.include_late("features.first.routes", "features.second.routes")

    assert [route.path for route in create_app(router).routes if isinstance(route, Route)] == [
        "/things/first/{id}",
        "/things/second/{id}",
    ]


@pytest.mark.parametrize("how", ["snap-start", "provisioned-concurrency"])
def test_where_nobody_waits_for_imports_nothing_is_late(
    features: list[str], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", how)
    router = create_router("Things")
    router.include_late("features.first.routes")
    create_app(router)

    assert features == ["features.first.routes"]


@pytest.mark.parametrize("name", [function.name for function in catalogue.FUNCTIONS if function.routes])
def test_no_request_is_for_routes_that_are_imported_at_different_times(name: str) -> None:
    """Else it would matter which of them was imported first."""
    use_loop()
    app = getattr(import_module(f"functions.{name}.handler"), "app", None)
    routes = [route for route in app.routes if isinstance(route, APIRoute)] if app else []
    late = {module.rpartition(".")[0] for module in app.router.late} if app else set()
    for route in routes:
        path = re.sub(r"{\w+(:path)?}", "x", route.path)
        rivals = [rival for rival in routes if rival.path_regex.match(path) and rival.methods & route.methods]
        assert len({_package(rival) & late or EARLY for rival in rivals}) == 1, path


EARLY = frozenset({"at the start"})


def _package(route: APIRoute) -> frozenset[str]:
    return frozenset({route.endpoint.__module__.rpartition(".")[0]})
