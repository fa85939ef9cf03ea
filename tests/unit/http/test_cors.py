import pytest
from botocore.exceptions import EndpointConnectionError

from groundswell.http.cors import cors_headers, is_preflight

APP = {"origin": "https://app.example"}
REFUSED = (("vary", "Origin"),)


def nobody(origin: str, client_id: str | None) -> bool:
    return False


def test_an_allowed_origin_may_read_the_answer(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "https://other.example, https://app.example")

    headers = dict(cors_headers(APP, nobody))

    assert headers["access-control-allow-origin"] == "https://app.example"
    assert headers["vary"] == "Origin"
    assert "x-request-id" in headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in headers


def test_any_other_origin_may_not(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "https://app.example")

    assert cors_headers({"origin": "https://app.example.evil.example"}, nobody) == REFUSED
    assert cors_headers({}, nobody) == REFUSED


def test_nobody_is_allowed_until_somebody_is_named(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "")

    assert cors_headers(APP, nobody) == REFUSED


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:3000", True),
        ("http://localhost", True),
        ("http://localhost:", False),
        ("https://localhost:3000", False),
        ("http://localhost.evil.example:3000", False),
        ("http://localhost:3000.evil.example", False),
        ("http://localhost:@evil.example", False),
    ],
)
def test_a_frontend_may_be_named_for_every_port(monkeypatch, origin, allowed) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "http://localhost:*,http://127.0.0.1:*")

    assert (cors_headers({"origin": origin}, nobody) != REFUSED) is allowed


def test_a_preflight_hears_methods_and_headers(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "*")
    headers = APP | {"access-control-request-method": "PUT"}

    assert is_preflight("OPTIONS", headers)
    assert "PUT" in dict(cors_headers(headers, nobody))["access-control-allow-methods"]
    assert "if-match" in dict(cors_headers(headers, nobody))["access-control-allow-headers"]


def test_options_without_a_method_asked_about_is_no_preflight() -> None:
    assert not is_preflight("OPTIONS", APP)


def test_an_origin_is_asked_about_for_the_client_that_is_acted_for() -> None:
    def lets(origin: str, client_id: str | None) -> bool:
        return (origin, client_id) == ("https://app.example", "client")

    assert "access-control-allow-origin" in dict(cors_headers(APP, lets, "client"))
    assert cors_headers(APP, lets, "other") == REFUSED


@pytest.mark.parametrize(
    "origin", ["null", "", "app.example", "https://", "https://a b", "file://x", "https://" + "a" * 400]
)
def test_what_is_no_origin_of_a_page_is_not_looked_up(origin) -> None:
    def lets(origin: str, client_id: str | None) -> bool:
        raise AssertionError(origin)

    assert cors_headers({"origin": origin}, lets) == REFUSED


def test_a_table_that_does_not_answer_costs_the_headers_and_not_the_answer() -> None:
    def lets(origin: str, client_id: str | None) -> bool:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    assert cors_headers(APP, lets) == REFUSED
