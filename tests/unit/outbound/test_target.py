"""URLs that others name: what leads elsewhere than to a public web server is refused by its spelling."""

import pytest

from groundswell.outbound.target import LoopbackPeers, TargetRefused, check_addresses, next_target, parse_target
from tests.ssrf import REFUSED

_NOBODY = LoopbackPeers()

UNREADABLE = [
    "",
    "http://",
    "http://?",
    "http://example.com\t.evil.example/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://" + "a." * 200 + "com/",
    "https://e.com/" + "a" * 3000,
]


@pytest.mark.parametrize("url", REFUSED + UNREADABLE)
def test_what_leads_to_no_public_web_server_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        parse_target(url)


@pytest.mark.parametrize(
    ("url", "place", "path"),
    [
        ("https://example.com", "example.com:443", "/"),
        ("HTTPS://Example.COM./hook?a=b#part", "example.com:443", "/hook?a=b"),
        ("http://example.com:8080/", "example.com:8080", "/"),
        ("https://bücher.example/", "xn--bcher-kva.example:443", "/"),
        ("https://1.1.1.1/", "1.1.1.1:443", "/"),
        ("https://[2606:4700:4700:0::1111]/", "[2606:4700:4700::1111]:443", "/"),
        ("https://a_b.example.com/?q=%20", "a_b.example.com:443", "/?q=%20"),
    ],
)
def test_a_public_target_is_read_once_and_spelled_one_way(url: str, place: str, path: str) -> None:
    target = parse_target(url)

    assert (target.place, target.path) == (place, path)


def test_the_host_header_leaves_the_schemes_own_port_out() -> None:
    assert parse_target("https://example.com:443/").authority == "example.com"
    assert parse_target("https://[2606:4700::1]:8443/").authority == "[2606:4700::1]:8443"


def test_tls_may_be_demanded() -> None:
    with pytest.raises(TargetRefused, match="https"):
        parse_target("http://example.com/", https_only=True)


def test_named_peers_on_this_machine_may_be_reached_and_no_others() -> None:
    peers = LoopbackPeers.parse("127.0.0.1:9000, localhost:9001,[::1]")

    assert parse_target("http://127.0.0.1:9000/x", peers, https_only=True).port == 9000
    assert parse_target("http://localhost:9001/", peers).host == "localhost"
    assert parse_target("http://[::1]:7777/", peers).host == "::1"
    with pytest.raises(TargetRefused):
        parse_target("http://127.0.0.1:9001/", peers)


def test_a_named_peer_is_on_this_machine_or_it_is_not_reached() -> None:
    peers = LoopbackPeers.parse("localhost:9001")
    target = parse_target("http://localhost:9001/", peers)

    assert check_addresses(target, ["127.0.0.1", "::1"], peers) == ("127.0.0.1", "::1")
    with pytest.raises(TargetRefused):
        check_addresses(target, ["10.0.0.1"], peers)


@pytest.mark.parametrize(
    "addresses", [[], ["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["fe80::1%eth0"], ["64:ff9b::a9fe:a9fe"]]
)
def test_a_name_with_any_address_that_is_not_public_is_refused(addresses: list[str]) -> None:
    with pytest.raises(TargetRefused):
        check_addresses(parse_target("https://example.com/"), addresses, _NOBODY)


@pytest.mark.parametrize(
    "location", ["http://example.com/", "//127.0.0.1/", "https://169.254.169.254/", "file:///etc/passwd", "//[::1]/"]
)
def test_a_redirect_is_held_to_the_same_rules_and_keeps_tls(location: str) -> None:
    target = parse_target("https://example.com/a/b?c=d")

    assert next_target(target, "../e", _NOBODY).url == "https://example.com/e"
    assert next_target(target, "//other.example/", _NOBODY).url == "https://other.example/"
    with pytest.raises(TargetRefused):
        next_target(target, location, _NOBODY)
