"""What Segment's SDKs and RudderStack's post, and what they get back."""

import json
import random

import pytest

from tests.fakes.ingest import BASIC, KEY, START, track


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "//v1/batch"])
@pytest.mark.parametrize("headers", [BASIC, {"authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}, {}])
def test_a_segment_batch_is_accepted_with_the_key_anywhere(api, path, headers):
    reply = api.post(path, {"batch": [track()], "writeKey": None if headers else KEY}, headers)

    assert reply.status == 200
    assert reply.json == {"success": True, "accepted": 1, "rejected": []}


@pytest.mark.parametrize("kind", ["track", "identify", "page", "screen", "group", "alias"])
def test_single_messages_have_the_kind_of_their_route(api, kind):
    reply = api.post(f"/v1/{kind}", {"event": "Viewed", "writeKey": KEY, "userId": "u", "type": "track"}, {})

    assert (reply.status, reply.json["accepted"]) == (200, 1)
    (event,) = api.writer.events
    assert (event.kind, event.name) == (kind, "Viewed" if kind == "track" else kind)


def test_what_a_segment_message_says_is_kept(api):
    message = track(
        anonymousId="a1",
        timestamp="2026-03-01T11:59:58.250Z",
        properties={"price": 1.10},
        context={"page": {"path": "/"}},
        traits={"plan": "pro"},
        groupId="g1",
    )
    body = {"batch": [message], "context": {"app": "x", "page": {"path": "/other"}}, "sentAt": "2026-03-01T11:59:59Z"}
    api.post("/v1/batch", body | {"integrations": {"All": True}})

    (event,) = api.writer.events
    assert (event.id, event.user_id, event.anonymous_id, event.kind) == ("m1", "u1", "a1", "track")
    assert (event.ts, event.client_ts, event.sent_at) == (START - 1750, START - 1750, START - 1000)
    assert event.ts_quality == "client"
    assert json.loads(event.properties) == {"price": 1.1}
    assert json.loads(event.context) == {"page": {"path": "/"}, "app": "x"}
    assert json.loads(event.extra) == {"group_id": "g1", "integrations": {"All": True}}


def test_an_unknown_type_and_an_oversized_message_do_not_cost_a_segment_batch(api):
    batch = [track(), track(type="teleport"), track(properties={"x": "y" * 33_000}), track(messageId="m" * 128)]
    reply = api.post("/v1/batch", {"batch": batch})

    assert (reply.status, reply.json["accepted"]) == (200, 2)
    assert [(rejection["index"], rejection["code"]) for rejection in reply.json["rejected"]] == [
        (1, "unknown_type"),
        (2, "event_too_large"),
    ]


@pytest.mark.parametrize("body", [{"batch": {"a": 1}}, {"batch": None}, {}, []])
def test_a_batch_of_the_wrong_shape_is_refused(api, body):
    assert api.post("/v1/batch", body).status == 400


def test_a_segment_batch_may_have_four_megabytes_in_blocks_that_fit_an_item(api):
    chosen = random.Random(1)
    batch = [track(messageId=str(n), properties={"noise": chosen.randbytes(600).hex()}) for n in range(3000)]
    reply = api.post("/v1/batch", {"batch": batch})

    assert (reply.status, reply.json["accepted"]) == (200, 3000)
    ((_, blocks),) = api.writer.batches
    assert len(blocks) > 1
    assert max(map(len, blocks)) <= 350_000
    assert len({event.id for event in api.writer.events}) == 3000
