"""The documents without which browser SDKs send nothing, and keys where browsers put them."""

import json

import pytest

from tests.fakes.ingest import BASIC, KEY, payload

DOCUMENTS = [f"/v1/projects/{KEY}/settings", f"/sourceConfig/?writeKey={KEY}", f"/array/{KEY}/config"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_settings_document_is_for_browsers_to_keep_a_while(api, path):
    reply = api.post(path, b"", {"origin": "https://shop.example"}, method="GET")

    assert reply.status == 200
    assert "max-age=300" in reply.headers["cache-control"]
    assert reply.headers["access-control-allow-origin"] == "https://shop.example"
    assert KEY in json.dumps(reply.json)


@pytest.mark.parametrize("path", [*DOCUMENTS, f"/array/{KEY}/config.js"])
def test_there_are_none_for_a_wrong_key(api, path):
    reply = api.post(path.replace(KEY, KEY[:-1] + "x"), b"", {}, method="GET")

    assert (reply.status, reply.json["error"]["code"]) == (401, "INVALID_API_KEY")


def test_segments_settings_turn_its_own_destination_on(api):
    document = api.post(DOCUMENTS[0], b"", {}, method="GET").json

    assert document["integrations"]["Segment.io"]["apiKey"] == KEY
    assert document["plan"]["track"]["__default"]["enabled"] is True


def test_rudderstacks_source_is_enabled_and_reports_nothing_elsewhere(api):
    source = api.post("/sourceConfig", b"", BASIC, method="GET").json["source"]

    assert (source["enabled"], source["writeKey"]) == (True, KEY)
    assert source["config"]["statsCollection"] == {"errors": {"enabled": False}, "metrics": {"enabled": False}}


def test_posthogs_script_hands_over_its_configuration(api):
    answer = api.raw(payload("GET", f"/array/{KEY}/config.js", {}, b""))

    assert answer["headers"]["content-type"] == "application/javascript"
    assert f'_POSTHOG_REMOTE_CONFIG||{{}})["{KEY}"]={{"config": {{"token": "{KEY}"' in answer["body"]


@pytest.mark.parametrize("path", [DOCUMENTS[0], DOCUMENTS[2], f"/array/{KEY}/config.js"])
def test_the_log_does_not_learn_a_key_from_the_path(api, capsys, path):
    api.raw(payload("GET", path, {}, b""))

    assert KEY not in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", ["/v1/batch?writeKey=", "/beacon/v1/batch?writeKey=", "/sdk/event?api_key=", "/events?key="]
)
def test_a_beacon_has_its_key_in_the_query(api, path):
    event = {"type": "track", "event": "e", "messageId": "m"}
    body = {"batch": [event]} if "batch" in path else [event]
    reply = api.post(path + KEY, json.dumps(body), {"content-type": "text/plain;charset=UTF-8"})

    assert reply.status in (200, 202)
    assert [event.name for event in api.writer.events] == ["e"]


@pytest.mark.parametrize(
    ("short", "kind"),
    [("t", "track"), ("i", "identify"), ("p", "page"), ("s", "screen"), ("g", "group"), ("a", "alias")],
)
def test_browsers_call_segments_routes_by_a_letter(api, short, kind):
    body = {"event": "Viewed", "writeKey": KEY, "userId": "u", "messageId": "ajs-next-1-x"}
    reply = api.post(f"/v1/{short}", json.dumps(body), {"content-type": "text/plain"})

    assert (reply.status, reply.json["accepted"]) == (200, 1)
    assert [event.kind for event in api.writer.events] == [kind]


def test_rudderstacks_context_names_the_session_and_the_traits(api):
    context = {"sessionId": 1790000000123, "traits": {"plan": "pro"}}
    api.post("/v1/batch", {"batch": [{"type": "identify", "userId": "u", "messageId": "m", "context": context}]}, BASIC)

    (event,) = api.writer.events
    assert event.session_id == "1790000000123"
    assert json.loads(event.traits) == {"plan": "pro"}


ADTIVITY = [
    {
        "type": "track",
        "eventName": "Add To Cart",
        "properties": {"sku": 1, "sessionId": "s", "anonymousId": "a", "timestamp": 1772366400000},
    },
    {"type": "identify", "anonymousId": "a", "userId": "u", "properties": {"timestamp": 1772366400001}, "odd": True},
]


@pytest.mark.parametrize("path", ["/events", "//events", "/events/"])
def test_adtivitys_web_sdk_is_understood_whatever_else_it_says(api, path):
    for _ in range(2):
        reply = api.post(path, ADTIVITY, {"authorization": f"Bearer {KEY}"})
        assert (reply.status, reply.json) == (200, {"success": True, "accepted": 2, "rejected": []})

    cart, identify, *again = api.writer.events
    assert (cart.name, cart.session_id, cart.anonymous_id) == ("Add To Cart", "s", "a")
    assert (identify.kind, identify.user_id, identify.anonymous_id) == ("identify", "u", "a")
    assert [event.id for event in again] == [cart.id, identify.id]
