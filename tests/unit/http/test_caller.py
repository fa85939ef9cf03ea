import pytest

from groundswell.http import caller
from groundswell.http.caller import client_ip

V2 = {"requestContext": {"http": {"sourceIp": "192.0.2.1"}}}
SECRET = {"x-origin-secret": "only CloudFront knows"}


@pytest.fixture(autouse=True)
def _cloudfront(monkeypatch) -> None:
    monkeypatch.setenv("SECRET_ORIGIN", "origin")
    monkeypatch.setattr(caller, "origin_secret", lambda: "only CloudFront knows")


def test_the_address_is_api_gateways_peer() -> None:
    assert client_ip(V2, {}) == "192.0.2.1"
    assert client_ip({"requestContext": {"identity": {"sourceIp": "192.0.2.2"}}}, {}) == "192.0.2.2"


def test_x_forwarded_for_is_never_read() -> None:
    assert client_ip(V2, {"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"}) == "192.0.2.1"


def test_what_cloudfront_saw_counts_only_with_its_secret() -> None:
    viewer = {"cloudfront-viewer-address": "203.0.113.9:50000"}

    assert client_ip(V2, viewer) == "192.0.2.1"
    assert client_ip(V2, viewer | {"x-origin-secret": "guessed"}) == "192.0.2.1"
    assert client_ip(V2, viewer | SECRET) == "203.0.113.9"


def test_what_our_function_at_cloudfront_says_goes_before_a_header_that_a_viewer_may_have_sent() -> None:
    headers = {"x-viewer-address": "2001:db8::1:4433", "cloudfront-viewer-address": "203.0.113.9:50000"}

    assert client_ip(V2, headers) == "192.0.2.1"
    assert client_ip(V2, headers | SECRET) == "2001:db8::1:4433"


@pytest.mark.parametrize(
    ("viewer", "address"),
    [("2001:db8::1:50000", "2001:db8::1"), ("[2001:db8::1]:50000", "2001:db8::1"), ("nonsense", "192.0.2.1")],
)
def test_both_spellings_of_ipv6_are_read_and_nonsense_is_not(viewer: str, address: str) -> None:
    assert client_ip(V2, {"cloudfront-viewer-address": viewer} | SECRET) == address


def test_nobody_guesses_the_secret_of_a_stage_without_cloudfront(monkeypatch) -> None:
    monkeypatch.undo()
    monkeypatch.delenv("SECRET_ORIGIN", raising=False)

    assert client_ip(V2, {"cloudfront-viewer-address": "203.0.113.9:1", "x-origin-secret": ""}) == "192.0.2.1"
    assert client_ip(V2, {"cloudfront-viewer-address": "203.0.113.9:1"} | SECRET) == "192.0.2.1"


def test_an_event_without_an_address_is_no_crash() -> None:
    assert client_ip({}, {}) == "unknown"


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:207", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_every_spelling_of_an_address_is_one(spelling: str, address: str) -> None:
    assert client_ip({"requestContext": {"http": {"sourceIp": spelling}}}, {}) == address
    assert client_ip(V2, {"cloudfront-viewer-address": f"{spelling}:443"} | SECRET) == address
