"""What an app is made of: routes taken over whole, dependencies on one thread, overrides where they are looked for."""

import inspect
import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette import routing

from groundswell.http.app import create_app, create_router, lambda_handler
from groundswell.http.operation import operation
from groundswell.http.provide import provide
from infra import catalogue
from tests.gateway import use_loop


@pytest.fixture(autouse=True)
def _loop() -> None:
    use_loop()


class Greeter:
    def greet(self) -> str:
        return f"hello from {threading.current_thread().name}"


def greeter() -> Greeter:
    return Greeter()


Greeters = Annotated[Greeter, provide(greeter)]


@pytest.fixture
def app() -> Iterator[FastAPI]:
    inner, outer = create_router("Inner"), create_router("Outer")

    @inner.get("/greeting", **operation("greetings.get"))
    async def greeting(who: Greeters) -> dict[str, str]:
        return {"said": who.greet()}

    outer.include_router(inner)
    app = create_app(outer)
    yield app
    app.dependency_overrides.clear()


def get_greeting(app: FastAPI, query: str = "") -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": "/api/v1/greeting",
        "rawQueryString": query,
        "headers": {"host": "localhost"},
        "requestContext": {"http": {"method": "GET", "path": "/api/v1/greeting", "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
    }
    return lambda_handler(app)(event, None)


def said(app: FastAPI) -> str:
    answer = get_greeting(app)
    assert answer["statusCode"] == 200, answer
    text: str = json.loads(answer["body"])["said"]
    return text


def test_a_service_is_given_without_a_worker_thread(app: FastAPI) -> None:
    assert said(app) == f"hello from {threading.current_thread().name}"


def test_a_test_can_override_what_a_route_is_given(app: FastAPI) -> None:
    class Silent(Greeter):
        def greet(self) -> str:
            return "nothing"

    app.dependency_overrides[greeter] = Silent
    assert said(app) == "nothing"


def test_included_routes_are_the_apps_own(app: FastAPI) -> None:
    assert [route.path for route in app.routes if isinstance(route, APIRoute)] == ["/greeting"]


def test_a_router_is_included_as_it_stands() -> None:
    with pytest.raises(TypeError, match="prefix"):
        create_router("Outer").include_router(create_router("Inner"), prefix="/inner")


def test_what_is_wrong_with_a_parameter_that_two_ask_for_is_said_once() -> None:
    async def numbered(number: int = 1) -> int:
        return number

    router = create_router("Twice")
    number = Annotated[int, Depends(numbered)]

    async def doubled(number: number) -> int:
        return 2 * number

    @router.get("/greeting", **operation("greetings.twice"))
    async def greeting(one: number, two: Annotated[int, Depends(doubled)]) -> dict[str, int]:
        return {"said": one + two}

    answer = get_greeting(create_app(router), "number=many")

    problem = json.loads(b64decode(answer["body"]))
    assert [error["field"] for error in problem["error"]["details"]["errors"]] == ["number"]


@pytest.mark.parametrize("name", [function.name for function in catalogue.FUNCTIONS if function.routes])
def test_no_route_and_no_dependency_costs_a_worker_thread(name: str) -> None:
    app = getattr(import_module(f"functions.{name}.handler"), "app", None)
    routes = [route for route in app.routes if isinstance(route, APIRoute)] if app else []
    assert {call for route in routes for call in _plain(route.dependant)} == set()


def _plain(dependant: Any) -> Iterator[str]:
    call = dependant.call
    if not inspect.iscoroutinefunction(call) and not inspect.iscoroutinefunction(type(call).__call__):
        yield getattr(call, "__qualname__", str(call))
    for dependency in dependant.dependencies:
        yield from _plain(dependency)


def test_a_route_is_put_together_when_it_is_first_called() -> None:
    router = create_router("Late")

    @router.get("/greeting", **operation("greetings.late"))
    async def greeting(who: Greeters) -> dict[str, str]:
        return {"said": who.greet()}

    @router.get("/other", **operation("greetings.other"))
    async def other(who: Greeters) -> dict[str, str]:
        return {"said": who.greet()}

    said(create_app(router))
    assert ["dependant" in vars(route) for route in router.routes] == [True, False]


def test_where_starlette_compiles_no_paths_any_more_a_route_is_put_together_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = create_router("Late")
    monkeypatch.delattr(routing, "compile_path")

    @router.get("/greeting", **operation("greetings.moved"))
    async def greeting(who: Greeters) -> dict[str, str]:
        return {"said": who.greet()}

    assert said(create_app(router)).startswith("hello")


def test_many_threads_put_a_route_together_once() -> None:
    router = create_router("Late")

    @router.get("/greeting", **operation("greetings.threads"))
    async def greeting(who: Greeters) -> dict[str, str]:
        return {"said": who.greet()}

    (route,) = router.routes
    assert isinstance(route, APIRoute)
    with ThreadPoolExecutor(8) as threads:
        apps = list(threads.map(lambda _: id(route.app), range(64)))
    assert len(set(apps)) == 1


def test_a_route_has_no_attribute_that_nobody_gave_it(app: FastAPI) -> None:
    with pytest.raises(AttributeError, match="colour"):
        _ = app.routes[0].colour  # type: ignore[attr-defined]
