"""Every bad event is turned away alone, with its reason."""

import json
import math

import pytest

from tests.fakes.ingest import BASIC, track


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"type": "track", "event": "e", "surprise": 1}, "unknown_field"),
        ({"type": "track"}, "missing_name"),
        ({"type": "track", "event": ""}, "missing_name"),
        ({}, "missing_name"),
        ("text", "not_an_object"),
        ([], "not_an_object"),
        (None, "not_an_object"),
        ({"event": {"a": 1}}, "invalid_field"),
        ({"event": "e", "userId": True}, "invalid_field"),
        ({"event": "e", "properties": [1]}, "invalid_field"),
        ({"event": "e", "id": "x" * 129}, "too_long"),
        ({"event": "e" * 513}, "too_long"),
        ({"event": "\0"}, "missing_name"),
        ({"event": "e", "properties": {"text": "x" * 32 * 1024}}, "event_too_large"),
    ],
)
def test_a_bad_event_is_rejected_alone_with_its_reason(api, event, code):
    good = {"type": "track", "event": "good"}
    reply = api.post("/sdk/event", [good, event, good])

    assert reply.status == 202
    assert reply.json["data"]["accepted"] == 2
    (rejected,) = reply.json["data"]["rejected"]
    assert (rejected["index"], rejected["code"]) == (1, code)
    assert rejected["message"]


def test_nesting_beyond_two_hundred_levels_is_rejected_alone(api):
    def nested(levels):
        return '{"event":"e","properties":' + '{"a":' * levels + "1" + "}" * levels + "}"

    brackets = '{"event":"e","properties":{"a":' + "[" * 15_500 + "]" * 15_500 + "}}"
    tricky = json.dumps({"event": 'quotes "[[[" and \\ [', "properties": {"x": "]]]"}})
    items = [nested(150), nested(300), nested(5_000), brackets, tricky]
    reply = api.post("/sdk/event", f"[{','.join(items)}]")

    assert [(rejection["index"], rejection["code"]) for rejection in reply.json["data"]["rejected"]] == [
        (1, "too_deep"),
        (2, "too_deep"),
        (3, "too_deep"),
    ]
    assert [event.name for event in api.writer.events] == ["e", 'quotes "[[[" and \\ [']


def test_not_a_number_costs_its_own_event_only(api):
    batch = [
        track(messageId=str(n), properties={"price": value, "tag": "NaN"})
        for n, value in enumerate([1.10, math.nan, math.inf, -math.inf, 10**30])
    ]
    reply = api.post("/v1/batch", json.dumps({"batch": batch}))

    assert [rejection["code"] for rejection in reply.json["rejected"]] == ["not_a_number"] * 3
    assert [event.properties for event in api.writer.events] == [
        b'{"price":1.1,"tag":"NaN"}',
        b'{"price":1000000000000000000000000000000,"tag":"NaN"}',
    ]


@pytest.mark.parametrize("half", ["\\ud83d", "\\uDE00", "\\ud83d\\ud83d\\ude00", "\\ud83d\\\\ude00"])
def test_half_an_emoji_costs_nothing(api, half):
    body = '{"batch":[{"event":"Viewed","properties":{"title":"HALF","price":1.10}},{"event":"Paid"}]}'
    reply = api.post("/v1/batch", body.replace("HALF", half))

    assert (reply.status, reply.json["accepted"], reply.json["rejected"]) == (200, 2, [])
    properties = api.writer.events[0].properties
    assert b"1.10" in properties
    assert "\ufffd" in json.loads(properties)["title"]
    assert json.loads(properties)["title"].count("\U0001f600") == half.count("\\ud83d\\ude00")


def test_a_backslash_before_what_looks_like_half_an_emoji_stays(api):
    api.post("/v1/batch", r'{"batch":[{"event":"e","properties":{"path":"C:\\ud83d","half":"\ud83d"}}]}')

    assert json.loads(api.writer.events[0].properties) == {"path": "C:\\ud83d", "half": "\ufffd"}


def test_bytes_that_are_no_utf_8_cost_nothing_but_themselves(api):
    body = b'{"batch":[{"event":"Viewed","properties":{"title":"caf\xe9"}},{"event":"Paid"}]}'

    assert api.post("/v1/batch", body).json["accepted"] == 2
    assert json.loads(api.writer.events[0].properties) == {"title": "caf\ufffd"}
    assert api.post("/v1/batch", json.dumps({"batch": [track()]}).encode("utf-16")).status == 400


def test_an_accepted_event_is_warned_of_what_could_not_be_read(api):
    good, money, future = track(), track(messageId="m2", properties={"revenue": "a lot"}), track(messageId="m3")
    future["timestamp"] = "2031-01-01T00:00:00Z"
    reply = api.post("/v1/batch", {"batch": [good, money, future]}, BASIC)

    assert (reply.json["accepted"], reply.json["rejected"]) == (3, [])
    warnings = [(warning["index"], warning["code"]) for warning in reply.json["warnings"]]
    assert warnings == [(1, "revenue_unreadable"), (2, "timestamp_clamped")]


def test_more_rejections_than_an_answer_holds_are_counted(api):
    reply = api.post("/sdk/event", "[" + ",".join(["1"] * 5000) + "]")

    assert len(reply.json["data"]["rejected"]) == 1000
    assert reply.json["data"]["rejected_total"] == 5000


BAD = {"type": "track", "event": "", "distinct_id": "d", "properties": []}
WHOLE = [
    ("/v1/batch", {"batch": [BAD, BAD]}, {"success": False}),
    ("/v1/import", {"batch": [BAD]}, {"success": False}),
    ("/v1/track", BAD, {"success": False}),
    ("/v1/i", "[]", None),
    ("/v0/raw_events", [BAD], {"success": False}),
    ("/events", [BAD], {"success": False}),
    ("/batch/", {"batch": [BAD, BAD]}, {"status": 0}),
    ("/e/", BAD, {"status": 0}),
]


@pytest.mark.parametrize(("path", "body", "said"), WHOLE)
def test_a_batch_that_is_rejected_whole_is_no_success_and_not_sent_again(api, path, body, said):
    """Every SDK takes 200 for delivered; after a 4xx some drop what else they hold, after a 5xx they send again."""
    reply = api.post(path, body)

    if said is None:
        assert (reply.status, reply.json["success"]) == (400, False)
        return
    assert reply.status == 200
    assert {name: reply.json[name] for name in said} == said
    assert reply.json["accepted"] == 0
    assert reply.json["rejected"]


@pytest.mark.parametrize(("path", "said"), [("/v1/batch", {"success": True}), ("/batch", {"status": 1})])
def test_one_good_event_or_none_at_all_is_a_success(api, path, said):
    good = {"type": "track", "event": "e", "distinct_id": "d", "userId": "d"}
    for batch in ([good, BAD], []):
        reply = api.post(path, {"batch": batch}).json
        assert {name: reply[name] for name in said} == said


def test_our_own_endpoint_says_so_in_its_words(api):
    reply = api.post("/sdk/event", [BAD])

    assert (reply.status, reply.json["message"]) == (202, "No event was received: `rejected` says why")
    assert len(reply.json["data"]["rejected"]) == 1
