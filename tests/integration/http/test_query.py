"""No operation ignores a query parameter that it does not take."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from fastapi.routing import APIRoute

from infra import catalogue
from tests.gateway import Answer, Gateway, use_loop

OPEN = {
    "google.callback",
    "microsoft.callback",
    "linkedin.callback",
    "social.linkedin.accounts.callback",
    "social.twitter.accounts.callback",
    "integrations.callback",
    "integrations.hook_challenge",
}
"""Those to which others add parameters."""


def routes() -> Iterator[APIRoute]:
    use_loop()
    for function in catalogue.FUNCTIONS:
        app = getattr(import_module(f"functions.{function.name}.handler"), "app", None) if function.routes else None
        yield from (
            (route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema) if app else ()
        )


def is_open(route: APIRoute) -> bool:
    return bool((route.openapi_extra or {}).get("x-open-query"))


def test_every_operation_refuses_what_it_does_not_take(gateway: Gateway) -> None:
    strict = [route for route in routes() if not is_open(route)]
    answers = {route.operation_id: _with_a_stranger(gateway, route) for route in strict}

    assert len(answers) > 100
    assert [name for name, answer in answers.items() if answer.status != 400 or b"zzz: " not in answer.body] == []


def _with_a_stranger(gateway: Gateway, route: APIRoute) -> Answer:
    (method,) = route.methods
    return gateway.call(method, f"{route.path_format.replace('{', '').replace('}', '')}?zzz=1")


def test_only_these_take_whatever_comes() -> None:
    assert {route.operation_id for route in routes() if is_open(route)} == OPEN


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/"])
def test_pages_are_shown_whatever_a_link_adds(gateway: Gateway, path: str) -> None:
    assert gateway.get(f"{path}?utm_source=mail").status == 200


def test_our_own_ingest_refuses_it_before_it_looks_at_keys(gateway: Gateway) -> None:
    answer = gateway.post("/sdk/event?write_key=x", {"event": "Home"})

    assert (answer.status, answer.json["detail"]) == (400, "write_key: no such parameter: did you mean writeKey?")


def test_a_misspelt_name_is_answered_with_the_right_one(gateway: Gateway) -> None:
    details = [
        gateway.get(f"/analytics/metrics?{query}").json["detail"] for query in ("granularty=day", "event_name=a")
    ]

    assert details == [
        "granularty: no such parameter: did you mean granularity?",
        "event_name: no such parameter: did you mean name?",
    ]


def test_a_parameter_that_is_no_list_comes_once(gateway: Gateway) -> None:
    assert gateway.get("/analytics/metrics?name=a&name=b").json["detail"].startswith("name: give it once")
    assert gateway.get("/analytics/funnels?step=a&step=b").status == 401


def test_conditions_are_for_who_takes_them(gateway: Gateway) -> None:
    assert gateway.get("/analytics/breakdown?where=x").json["error"]["field"] == "where"
