"""Browsers' SDKs, unmodified, in a real Chromium: every event counts once, though answers get lost and come late."""

import json
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from groundswell.events.eventlog.model import Event
from tests.bridge import Bridge, now, shown, stored
from tests.browser.nuisance import Nuisance
from tests.fakes.event_log import FakeEventLog
from tests.fakes.ingest import KEY, Api
from tests.npm_peers import FOLDER, install

EVENTS = 2_000
NAME = "Order Completed"
PATIENCE = 300
"""Seconds, for a machine that does much else. It is done when all has arrived."""
FORGET_AFTER_429 = ("posthog",)
"""posthog-js sends nothing again after a 4xx: it has one after the work, so that there is nothing to lose."""


@contextmanager
def page(sdk: str, host: str, count: int = EVENTS, then: str = "stay") -> Iterator[None]:
    """Open while the SDK may still have something to deliver."""
    install()
    command = ["node", str(FOLDER / "browser.mjs"), sdk, host, KEY, str(count), then]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "sent"
            yield
        finally:
            process.stdin.close()
            process.wait(PATIENCE)


def deliver(monkeypatch, sdk: str, **options: bool) -> Nuisance:
    """What became of a page's events once none is on its way any more."""
    bridge = Nuisance(Api(monkeypatch, now, writer=FakeEventLog()), **options)
    with bridge.serving() as host, page(sdk, host):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and (len(set(orders(stored(bridge.api.writer)))) < EVENTS or bridge.owed):
            time.sleep(1)
    return bridge


def orders(events: Iterable[Event]) -> list[str]:
    return [event.id for event in events if event.name == NAME]


def check(bridge: Nuisance) -> None:
    arrived, ids = orders(stored(bridge.api.writer)), orders(shown(bridge.api.writer))
    assert len(arrived) > EVENTS
    assert len(ids) == len(set(ids)) == EVENTS
    assert {"429", "503", "twice", "again"} == set(bridge.done)
    assert set(bridge.statuses) <= {200, 204, 429, 503}, "something that the SDK asks for is refused"


@pytest.mark.browser
@pytest.mark.parametrize("sdk", ["segment", "rudderstack", "posthog"])
def test_every_event_of_a_page_counts_once_though_answers_get_lost(monkeypatch, sdk):
    check(deliver(monkeypatch, sdk, late=sdk in FORGET_AFTER_429))


@pytest.mark.browser
def test_formo_delivers_the_same_and_what_a_wallet_does(monkeypatch):
    bridge = deliver(monkeypatch, "formo")

    check(bridge)
    events = [event for event in shown(bridge.api.writer) if event.kind == "web3" and event.name != NAME]
    assert Counter(event.name for event in events) == {"detect": 1, "connect": 1, "signature": 2, "transaction": 3}
    moves = [event.web3 for event in sorted(events, key=lambda event: event.ts) if event.name == "transaction"]
    assert [json.loads(move)["status"] for move in moves] == ["started", "broadcasted", "confirmed"]
    assert {json.loads(move)["account"] for move in moves} == {"eip155:1:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}


class Listener(Bridge):
    """Knows where it was asked, and how: a beacon is sent as `no-cors`."""

    def __init__(self, api) -> None:
        super().__init__(api)
        self.asked = set[str]()

    def answer(self, event: dict) -> dict:
        headers = {name.lower(): value for name, value in event["headers"].items()}
        self.asked.add(f"{event['rawPath']} {headers.get('sec-fetch-mode')}")
        return super().answer(event)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("sdk", "mark"),
    [
        ("segment", "^/v1/b cors"),
        ("rudderstack", "^/beacon/v1/batch no-cors"),
        ("posthog", "^(/i/v0)?/e/ no-cors"),
        ("formo", "^/v0/raw_events cors"),
    ],
)
def test_what_is_left_when_a_visitor_leaves_arrives_all_the_same(monkeypatch, sdk, mark):
    bridge = Listener(Api(monkeypatch, now, writer=FakeEventLog()))
    with bridge.serving() as host, page(sdk, host, count=15, then="leave"):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and len(orders(stored(bridge.api.writer))) < 15:
            time.sleep(0.2)

    assert len(orders(shown(bridge.api.writer))) == 15
    assert any(re.search(mark, request) for request in bridge.asked), bridge.asked
    assert set(bridge.statuses) <= {200, 204}
