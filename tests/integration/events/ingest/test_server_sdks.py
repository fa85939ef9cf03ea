"""Every server SDK, unmodified, delivers 2,000 events, each sent twice, through answers that get lost."""

import random
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import pytest

from tests.bridge import counted
from tests.fakes.ingest import KEY
from tests.npm_peers import FOLDER, install

EVENTS = 2_000


def segment_python(host: str, ids: Sequence[str]) -> int:
    from segment.analytics.client import Client

    errors: list[object] = []
    client = Client(KEY, host=host, gzip=True, on_error=lambda *_: errors.append(1), upload_interval=0.05)
    for identifier in ids:
        client.track("ada", "Order Completed", {"revenue": 1.5}, message_id=identifier)
    client.flush()
    client.join()
    return len(errors)


def rudder_python(host: str, ids: Sequence[str]) -> int:
    from rudderstack.analytics.client import Client

    errors: list[object] = []
    client = Client(KEY, host=host, on_error=lambda *_: errors.append(1), upload_interval=0.05)
    for identifier in ids:
        client.track("ada", "Order Completed", {"revenue": 1.5}, message_id=identifier)
    client.flush()
    client.join()
    return len(errors)


def posthog_python(host: str, ids: Sequence[str]) -> int:
    from posthog import Posthog

    errors: list[object] = []
    client = Posthog(
        KEY, host=host, gzip=True, on_error=lambda *_: errors.append(1), flush_interval=0.05, max_retries=9
    )
    for identifier in ids:
        client.capture("Order Completed", distinct_id="ada", properties={"revenue": 1.5}, uuid=identifier)
    client.shutdown()
    return len(errors)


def node(script: str, host: str, ids: Sequence[str]) -> int:
    install()
    command = ["node", str(FOLDER / "sdks" / f"{script}.mjs"), host, KEY]
    done = subprocess.run(command, input="\n".join(ids), capture_output=True, text=True, timeout=600, check=True)
    return int(done.stdout.split()[-1])


SDKS: dict[str, Callable[[str, Sequence[str]], int]] = {
    "segment-analytics-python": segment_python,
    "rudder-sdk-python": rudder_python,
    "posthog": posthog_python,
    "@segment/analytics-node": partial(node, "segment"),
    "@rudderstack/rudder-sdk-node": partial(node, "rudderstack"),
    "posthog-node": partial(node, "posthog"),
}


@pytest.mark.parametrize("name", SDKS)
def test_every_id_counts_once_though_it_is_sent_twice_and_answers_get_lost(bridge, name):
    bridge.trouble = 0.2
    ids = [str(uuid4()) for _ in range(EVENTS)]
    with bridge.serving() as host:
        failures = SDKS[name](host, [*ids, *random.Random(3).sample(ids, EVENTS)])

    assert failures == 0
    assert bridge.statuses[429]
    assert bridge.statuses[503]
    assert sorted(counted(bridge.api.writer)) == sorted(ids)
