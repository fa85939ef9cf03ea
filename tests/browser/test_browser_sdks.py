"""Browsers' SDKs, unmodified, in a real Chromium: every event counts once, through answers that get lost."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bridge import Bridge, counted, now
from tests.fakes.event_log import FakeEventLog
from tests.fakes.ingest import KEY, Api
from tests.npm_peers import FOLDER, install

EVENTS = {"segment": 2_000}


@contextmanager
def page(sdk: str, host: str) -> Iterator[None]:
    """Open while the SDK may still have something to deliver."""
    install()
    command = ["node", str(FOLDER / "browser.mjs"), sdk, host, KEY, str(EVENTS[sdk])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "sent"
            yield
        finally:
            process.stdin.close()
            process.wait(20)


@pytest.mark.browser
@pytest.mark.parametrize("sdk", EVENTS)
def test_every_event_of_a_page_counts_once_though_answers_get_lost(monkeypatch, sdk):
    bridge = Bridge(Api(monkeypatch, now, writer=FakeEventLog()))
    bridge.trouble = 0.05
    with bridge.serving() as host, page(sdk, host):
        until = time.monotonic() + 100
        while len(ids := counted(bridge.api.writer)) < EVENTS[sdk] and time.monotonic() < until:
            time.sleep(2)

    assert len(ids) == EVENTS[sdk]
    assert len(set(ids)) == EVENTS[sdk]
    assert bridge.statuses[429] + bridge.statuses[503]
