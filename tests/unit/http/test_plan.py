"""A planned route answers what FastAPI itself would: every request here is answered both ways."""

import json
from base64 import b64decode
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import pytest
from fastapi import Cookie, Depends, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel

from groundswell.http.app import create_app, create_router, lambda_handler
from groundswell.http.operation import operation
from groundswell.http.plan import Plan
from groundswell.http.planned import PlannedRoute
from tests.gateway import use_loop


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Seen(BaseModel):
    values: dict[str, Any]


class Wanted(BaseModel):
    tone: int
    shade: int = 1


calls: list[str] = []


async def page(
    response: Response,
    limit: Annotated[int, Query(ge=1, le=9)] = 5,
    cursor: Annotated[str | None, Query(max_length=3)] = None,
) -> str:
    calls.append("page")
    response.headers["link"] = f"after-{cursor}"
    return f"{limit} {cursor}"


async def nested(
    request: Request,
    page: Annotated[str, Depends(page)],
    x_number: Annotated[int | None, Header()] = None,
    seen_before: Annotated[int, Cookie()] = 0,
) -> str:
    calls.append("nested")
    return f"{request.method} {page} {x_number} {seen_before}"


async def refusing(x_refuse: Annotated[int | None, Header()] = None) -> None:
    calls.append("refusing")


router = create_router("Plans")


@router.get("/things/{number}", **operation("plans.all") | {"dependencies": [Depends(refusing)]})
async def everything(
    number: int,
    nested: Annotated[str, Depends(nested)],
    page: Annotated[str, Depends(page)],
    response: Response,
    needed: Annotated[int, Query()],
    colour: Colour = Colour.RED,
    tags: Annotated[list[str] | None, Query()] = None,
    flag: bool = False,
    late: Annotated[int, Query(validate_default=True, alias="from")] = 7,
) -> Seen:
    calls.append("endpoint")
    response.status_code = 201 if flag else None  # type: ignore[assignment]  # FastAPI's own way to say nothing
    return Seen(values={**locals(), "response": None})


@router.get("/models", **operation("plans.models"))
async def models(wanted: Annotated[Wanted, Query()]) -> Seen:
    return Seen(values=wanted.model_dump())


@router.get("/plain", **operation("plans.plain"))
async def plain() -> Response:
    return Response("as it is", 202, media_type="text/plain")


@router.get("/wrong", **operation("plans.wrong"))
async def wrong() -> Seen:
    return {"values": 1}  # type: ignore[return-value]  # a bug, which must show


@router.post("/bodies", **operation("plans.bodies"))
async def bodies(body: Wanted) -> Seen:
    return Seen(values=body.model_dump())


@pytest.fixture
def app() -> Iterator[FastAPI]:
    use_loop()
    calls.clear()
    app = create_app(router)
    yield app
    app.dependency_overrides.clear()


def answers(app: FastAPI, path: str, query: str, headers: dict[str, str]) -> list[tuple[Any, ...]]:
    """By plan, and as FastAPI solves when any dependency is overridden."""
    event: dict[str, Any] = {
        "version": "2.0",
        "rawQueryString": query,
        "headers": {"host": "localhost", **headers},
        "requestContext": {"http": {"method": "GET", "path": path, "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
    }
    return [_answer(app, event, overrides) for overrides in ({}, {everything: everything})]


def _answer(app: FastAPI, event: dict[str, Any], overrides: dict[Any, Any]) -> tuple[Any, ...]:
    calls.clear()
    app.dependency_overrides.clear()
    app.dependency_overrides.update(overrides)
    answer = lambda_handler(app)(event, None)
    said = {name: value for name, value in answer["headers"].items() if name not in ("x-request-id", "content-length")}
    text = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
    body = json.loads(text) if "json" in said["content-type"] else text
    if "error" in body:
        del body["error"]["requestId"]
        _say_once(body["error"]["details"])
    return answer["statusCode"], said, body, tuple(calls)


def _say_once(details: dict[str, Any]) -> None:
    """FastAPI says twice what is wrong with a dependency that two ask for."""
    if "errors" in details:
        details["errors"] = [each for at, each in enumerate(details["errors"]) if each not in details["errors"][:at]]


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("needed=1", {}, 200),
        ("needed=1&limit=3&cursor=abc&colour=blue&flag=true", {"x-number": "4", "cookie": "seen_before=2"}, 201),
        ("needed=1&tags=a&tags=b&from=8", {}, 200),
        ("needed=1&needed=2&limit=", {}, 400),
        ("needed=1&from=x&colour=green&flag=2", {}, 400),
        ("", {}, 400),
        ("needed=1&cursor=abcd", {}, 400),
        ("needed=1", {"x-number": "many"}, 400),
        ("needed=1", {"X-REFUSE": "many"}, 400),
        ("needed=1", {"cookie": "seen_before=never"}, 400),
    ],
)
def test_parameters_are_read_as_fastapi_reads_them(
    app: FastAPI, query: str, headers: dict[str, str], status: int
) -> None:
    planned, usual = answers(app, "/things/3", query, headers)

    assert planned == usual
    assert planned[0] == status


def test_what_is_wrong_everywhere_is_said_at_once(app: FastAPI) -> None:
    headers = {"x-number": "many", "x-refuse": "many", "cookie": "seen_before=never"}
    planned, usual = answers(app, "/things/x", "colour=green&flag=2", headers)

    assert planned == usual
    assert {each["field"] for each in planned[2]["error"]["details"]["errors"]} == {
        *("number", "needed", "colour", "flag", "x-number", "x-refuse", "seen_before"),
    }
    assert planned[3] == ("page",), "whoever lacks an argument is not called"


def test_a_dependency_that_two_ask_for_is_called_once(app: FastAPI) -> None:
    planned, _ = answers(app, "/things/3", "needed=1", {})

    assert planned[3] == ("refusing", "page", "nested", "endpoint")


@pytest.mark.parametrize("path", ["/models", "/models?tone=1", "/models?tone=1&shade=x", "/plain", "/wrong"])
def test_the_rest_is_answered_alike(app: FastAPI, path: str) -> None:
    path, _, query = path.partition("?")
    planned, usual = answers(app, path, query, {})

    assert planned == usual


def test_only_fastapi_reads_bodies() -> None:
    plans = {each.path: Plan.of(each.dependant) for each in router.routes if isinstance(each, PlannedRoute)}

    assert [path for path, plan in plans.items() if plan is None] == ["/bodies"]
