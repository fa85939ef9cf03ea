"""The unmodified segment-analytics-python over HTTP, through answers that get lost, into exact counts."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from segment.analytics.client import Client

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import Window
from tests.bridge import now, readers
from tests.fakes.ingest import KEY


def sdk(host, **options):
    errors = []
    client = Client(
        KEY, host=host, on_error=lambda error, _batch: errors.append(error), upload_interval=0.05, **options
    )
    return client, errors


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("trouble", [0.0, 0.3])
def test_every_id_counts_once_though_it_is_sent_twice_and_answers_get_lost(bridge, gzip, trouble):
    bridge.trouble = trouble
    ids = [str(uuid4()) for _ in range(1000)]
    with bridge.serving() as host:
        client, errors = sdk(host, gzip=gzip, max_retries=10)
        for message_id in [*ids, *random.Random(3).sample(ids, len(ids))]:
            at = ids.index(message_id)
            client.track(f"user {at % 10}", f"name {at % 4}", {"n": 1.5}, message_id=message_id)
        client.flush()
        client.join()

    assert errors == []
    assert bridge.statuses[200] >= 20
    assert bool(bridge.statuses[503]) == bool(trouble)
    service = readers(bridge.api.writer)
    end = int(now().timestamp() * 1000) + DAY
    whole = Window(end - 3 * DAY, end)
    assert service.series("client", "events", Question(whole, Granularity.HOUR)).total.count == 1000
    assert service.series("client", "events", Question(whole, Granularity.DAY, "name 1")).total.count == 250
    assert {entry.event.id for entry in service.events("client", Filter(whole), 1000).items} == set(ids)


def test_every_kind_of_call_arrives_with_its_time(bridge):
    long_ago = now() - timedelta(days=900)
    with bridge.serving() as host:
        client, errors = sdk(host)
        client.identify("u", {"email": "ada@example.com"})
        client.track("u", "Order Completed", {"revenue": 12.5}, timestamp=long_ago, integrations={"All": True})
        client.page("u", "Docs", "Home", {"path": "/"})
        client.screen("u", "App", "Start")
        client.group("u", "g", {"plan": "pro"})
        client.alias("anonymous", "u")
        client.flush()
        client.join()

    assert errors == []
    service = readers(bridge.api.writer)
    events = [entry.event for entry in service.events("client", Filter(Window(0, 2**43)), 50).items]
    assert sorted(event.kind for event in events) == ["alias", "group", "identify", "page", "screen", "track"]
    (order,) = [event for event in events if event.kind == "track"]
    assert order == events[-1]
    assert abs(order.ts - long_ago.timestamp() * 1000) < 2
    assert {event.name for event in events if event.kind in ("page", "screen")} == {"Home", "Start"}


def test_a_wrong_key_reaches_the_sdks_error_callback(bridge):
    with bridge.serving() as host:
        errors = []
        client = Client(KEY[:-1] + "x", host=host, on_error=lambda error, _batch: errors.append(error), max_retries=0)
        client.track("u", "e")
        client.flush()
        client.join()

    assert len(errors) == 1
    assert "401" in str(errors[0]) or getattr(errors[0], "status", None) == 401
