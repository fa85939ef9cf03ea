"""A company's proxy reaches no loopback address."""

import urllib.request

from infra.local.dev import go_direct


def test_what_is_on_this_machine_is_asked_for_without_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "internal.example")
    environment = {"no_proxy": "internal.example"}
    go_direct(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert urllib.request.proxy_bypass("127.0.0.1")
    assert urllib.request.proxy_bypass("localhost")
    assert urllib.request.proxy_bypass("internal.example")
    assert not urllib.request.proxy_bypass("example.com")
