"""What SDKs post, in every shape, and what they get back."""

import gzip
import json
import math
import random
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from groundswell.eventlog.writer import Incomplete
from tests.fakes.ingest import KEY, SECRET, Api, grant, payload

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)
BASIC = {"authorization": "Basic " + b64encode(f"{KEY}:".encode()).decode()}


@pytest.fixture
def api(monkeypatch):
    return Api(monkeypatch, lambda: NOW)


def track(**changes):
    return {"type": "track", "event": "Viewed", "messageId": "m1", "userId": "u1"} | changes


SDK_PATHS = [f"{prefix}/sdk/event{end}" for prefix in ("", "/api", "/api/v1") for end in ("", "/")] + [
    "//sdk/event",
    "/api/v1//sdk/event",
    "/sdk//event/",
    "/sdk/events",
]


@pytest.mark.parametrize("path", SDK_PATHS)
def test_an_event_of_our_own_is_accepted_at_every_spelling(api, path):
    reply = api.post(path, {"type": "track", "event_name": "Viewed", "user_id": "u1"})

    assert reply.status == 202
    assert reply.json == {
        "status_code": 202,
        "message": "1 events received successfully",
        "data": {"accepted": 1, "rejected": []},
    }
    assert [event.name for event in api.writer.events] == ["Viewed"]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "//v1/batch"])
@pytest.mark.parametrize("headers", [BASIC, {"authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}, {}])
def test_a_segment_batch_is_accepted_with_the_key_anywhere(api, path, headers):
    reply = api.post(path, {"batch": [track()], "writeKey": None if headers else KEY}, headers)

    assert reply.status == 200
    assert reply.json == {"success": True, "accepted": 1, "rejected": []}


@pytest.mark.parametrize(
    "other", [{"authorization": "Bearer an-oauth-token"}, {"x-api-key": "x"}, {"authorization": "Basic"}]
)
def test_a_header_that_is_no_key_of_ours_hides_none_in_the_body_or_query(api, other):
    assert api.post("/v1/batch", {"batch": [track()], "writeKey": KEY}, other).status == 200
    assert api.post(f"/v1/track?writeKey={KEY}", track(messageId="m2"), other).status == 200
    assert api.post("/batch", {"api_key": KEY, "batch": [{"event": "e", "distinct_id": "d"}]}, other).status == 200
    assert len(api.writer.events) == 3
    assert api.post("/v1/batch", {"batch": [track()]}, other).status == 401


@pytest.mark.parametrize("path", ["/api/v1/batch", "/api/v1/v1/batch", "/api/events", "/v1/nothing", "/sdk", "/v1"])
def test_third_party_routes_answer_at_their_own_path_only(api, path):
    reply = api.post(path, {"batch": [track()]})

    assert (reply.status, reply.json["error"]["code"]) == (404, "NOT_FOUND")
    assert reply.headers["content-type"] == "application/problem+json"


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


def test_numbers_keep_every_digit(api):
    body = b'{"event":"e","type":"track","properties":{"wei":115792089237316195423570985008687907853,"price":1.10}}'
    api.post("/sdk/event", body)

    assert api.writer.events[0].properties == b'{"wei":115792089237316195423570985008687907853,"price":1.10}'


ADTIVITY = [
    {"type": "track", "eventName": "Viewed", "properties": {"sessionId": "s", "anonymousId": "a", "timestamp": START}},
    {
        "type": "track",
        "event_name": "Viewed",
        "session_id": "s",
        "anonymous_id": "a",
        "timestamp": "2026-03-01T12:00:00Z",
    },
    {"type": "Viewed", "sessionId": "s", "anonymousId": "a", "timestamp": START / 1000},
]


@pytest.mark.parametrize("event", ADTIVITY)
def test_both_shapes_without_an_id_are_the_same_event_when_sent_again(api, event):
    for _ in range(2):
        assert api.post("/sdk/event", [event]).json["data"]["accepted"] == 1

    first, second = api.writer.events
    assert (first.name, first.session_id, first.anonymous_id, first.ts) == ("Viewed", "s", "a", START)
    assert first.id == second.id


def test_events_without_id_and_time_are_two_unless_the_request_names_itself(api):
    headers = {"x-api-key": KEY, "idempotency-key": "k1"}
    for given in (None, None, headers, headers, headers | {"idempotency-key": "k2"}):
        api.post("/sdk/event", [{"type": "track", "event": "Viewed"}] * 2, given)

    ids = [event.id for event in api.writer.events]
    assert len(set(ids[:4])) == 4
    assert ids[4:6] == ids[6:8]
    assert len(set(ids)) == 8


def test_derived_ids_tell_different_events_apart_and_see_through_spacing(api):
    at = {"timestamp": "2026-03-01T11:00:00Z", "event": "e"}
    bodies = [
        '{"event":"e","timestamp":"2026-03-01T11:00:00Z","properties":{"a":1,"b":2}}',
        '{"event":"e","timestamp":"2026-03-01T11:00:00.000+00:00","properties":{ "b": 2, "a": 1 }}',
        json.dumps(at),
        json.dumps(at | {"user_id": "u"}),
        json.dumps(at | {"event": "f"}),
        json.dumps(at | {"type": "page"}),
        json.dumps(at | {"timestamp": "2026-03-01T11:00:00.001Z"}),
    ]
    for body in bodies:
        api.post("/sdk/event", body)

    ids = [event.id for event in api.writer.events]
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(bodies) - 1


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
        ({"event": "e", "timestamp": "yesterday"}, "invalid_timestamp"),
        ({"event": "e", "timestamp": "1969-12-31T23:59:59Z"}, "invalid_timestamp"),
        ({"event": "e", "timestamp": 1e300}, "invalid_timestamp"),
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


def test_an_unknown_type_and_an_oversized_message_do_not_cost_a_segment_batch(api):
    batch = [track(), track(type="teleport"), track(properties={"x": "y" * 33_000}), track(messageId="m" * 128)]
    reply = api.post("/v1/batch", {"batch": batch})

    assert (reply.status, reply.json["accepted"]) == (200, 2)
    assert [(each["index"], each["code"]) for each in reply.json["rejected"]] == [
        (1, "unknown_type"),
        (2, "event_too_large"),
    ]


def test_nesting_beyond_two_hundred_levels_is_rejected_alone(api):
    def nested(levels):
        return '{"event":"e","properties":' + '{"a":' * levels + "1" + "}" * levels + "}"

    brackets = '{"event":"e","properties":{"a":' + "[" * 15_500 + "]" * 15_500 + "}}"
    tricky = json.dumps({"event": 'quotes "[[[" and \\ [', "properties": {"x": "]]]"}})
    items = [nested(150), nested(300), nested(5_000), brackets, tricky]
    reply = api.post("/sdk/event", f"[{','.join(items)}]")

    assert [(each["index"], each["code"]) for each in reply.json["data"]["rejected"]] == [
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

    assert [each["code"] for each in reply.json["rejected"]] == ["not_a_number"] * 3
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


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'[{"event": }]', "byte 11"),
        (b'[{"event": "e"}', "byte 15"),
        (b"", "byte 0"),
        (b'[{"a":"\xff"}]', "byte 7"),
        (b'{"event":"e"} x', "byte 15"),
        (b'"text"', "object or an array"),
        (b"[" * 100_000, "too deeply"),
        (b"[" * 30_000 + b'"\\"' * 60_000, "too deeply"),
    ],
)
def test_malformed_json_is_refused_with_its_position(api, body, where):
    reply = api.post("/sdk/event", body)

    assert (reply.status, reply.json["error"]["code"]) == (400, "MALFORMED_BODY")
    assert where in reply.json["message"]


@pytest.mark.parametrize("body", [{"batch": {"a": 1}}, {"batch": None}, {}, []])
def test_a_batch_of_the_wrong_shape_is_refused(api, body):
    assert api.post("/v1/batch", body).status == 400


@pytest.mark.parametrize(
    "odd",
    [{"writeKey": 5}, {"writeKey": ["k"]}, {"sentAt": {}}, {"sentAt": True}, {"context": 5}, {"integrations": "x"}],
)
def test_no_batch_is_lost_over_a_member_of_its_own_that_is_odd(api, odd):
    reply = api.post("/v1/batch", {"batch": [track()]} | odd, BASIC)

    assert (reply.status, reply.json["accepted"]) == (200, 1)


@pytest.mark.parametrize("odd", [{"api_key": 5}, {"token": {}}, {"sent_at": []}, {"historical_migration": "yes"}])
def test_nor_is_one_of_posthogs(api, odd):
    event = {"event": "e", "distinct_id": "d", "properties": {"token": KEY}}
    reply = api.post("/batch/", {"batch": [event]} | odd, {})

    assert (reply.status, reply.json["accepted"]) == (200, 1)


@pytest.mark.parametrize("path", ["/sdk/event", "/v1/track", "/capture"])
def test_a_byte_order_mark_is_no_part_of_the_json(api, path):
    body = "\ufeff" + json.dumps({"event": "e", "distinct_id": "d"} if path == "/capture" else {"event": "e"})

    assert api.post(path, body).json.get("accepted", 1) == 1
    assert len(api.writer.events) == 1


@pytest.mark.parametrize(
    ("said", "ts"),
    [
        (str(START // 1000), START),
        (str(START), START),
        (str(START * 1000 + 456), START),
        (START * 1000 + 456, START),
        (START * 1_000_000 + 999_999, START),
        (f"{START // 1000}.250", START + 250),
        ("2026-03-01t12:00:00z", START),
        ("2026-03-01 12:00:00.5+00:00", START + 500),
        ("2026-03-01T17:45:00+05:45", START),
        ("2026-03-01T11:59:60Z", START - 1000),
        ("2026-03-01T11:59:60.250Z", START - 750),
        ("20260301", START - 12 * 3600_000),
    ],
)
def test_a_time_is_read_in_every_way_that_clients_write_it(api, said, ts):
    reply = api.post("/sdk/event", {"event": "e", "timestamp": said})

    assert reply.json["data"]["rejected"] == []
    assert api.writer.events[0].ts == ts


def test_an_accepted_event_is_warned_of_what_could_not_be_read(api):
    good, money, future = track(), track(messageId="m2", properties={"revenue": "a lot"}), track(messageId="m3")
    future["timestamp"] = "2031-01-01T00:00:00Z"
    reply = api.post("/v1/batch", {"batch": [good, money, future]}, BASIC)

    assert (reply.json["accepted"], reply.json["rejected"]) == (3, [])
    warnings = [(each["index"], each["code"]) for each in reply.json["warnings"]]
    assert warnings == [(1, "revenue_unreadable"), (2, "timestamp_clamped")]


@pytest.mark.parametrize("headers", [{}, {"content-encoding": "gzip"}, {"content-type": "text/plain"}])
def test_gzip_is_recognised_whatever_the_headers_say(api, headers):
    reply = api.post("/v1/batch", gzip.compress(json.dumps({"batch": [track()]}).encode()), BASIC | headers)

    assert (reply.status, reply.json["accepted"]) == (200, 1)


WHOLE = gzip.compress(json.dumps([{"event": "e"}] * 9).encode(), mtime=0)


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b'[{"event":"e"}]', "gzip", 400),
        (WHOLE[:-9], "gzip", 400),
        (WHOLE[:20] + b"\x00" * 20, "", 400),
        (WHOLE[:-4] + b"\x00\x00\x00\x01", "", 400),
        (WHOLE + b"trailing", "gzip", 400),
        (b"x", "br", 415),
        (gzip.compress(b"[" + b" " * 10_000_000 + b"]", mtime=0), "gzip", 413),
        (b"[" + b" " * 512_000 + b"]", "", 413),
    ],
)
def test_bodies_that_are_not_what_they_say_or_too_large_are_refused(api, body, encoding, status):
    reply = api.post("/sdk/event", body, {"x-api-key": KEY, "content-encoding": encoding})

    assert reply.status == status
    assert reply.json["success"] is False


def test_a_segment_batch_may_have_four_megabytes_in_blocks_that_fit_an_item(api):
    chosen = random.Random(1)
    batch = [track(messageId=str(n), properties={"noise": chosen.randbytes(600).hex()}) for n in range(3000)]
    reply = api.post("/v1/batch", {"batch": batch})

    assert (reply.status, reply.json["accepted"]) == (200, 3000)
    ((_, blocks),) = api.writer.batches
    assert len(blocks) > 1
    assert max(map(len, blocks)) <= 350_000
    assert len({event.id for event in api.writer.events}) == 3000


REFUSED = [
    (None, 401, "INVALID_API_KEY"),
    ("nonsense", 401, "INVALID_API_KEY"),
    (KEY[:-1] + "x", 401, "INVALID_API_KEY"),
    (f"gp_live_public000002_{SECRET}", 401, "INVALID_API_KEY"),
]


@pytest.mark.parametrize(("key", "status", "code"), REFUSED)
@pytest.mark.parametrize("path", ["/sdk/event", "/v1/batch", "/v1/track"])
def test_a_wrong_key_is_refused(api, path, key, status, code):
    headers = {} if key is None else {"x-api-key": key}
    reply = api.post(path, {"batch": [], "event": "e"}, headers)

    assert (reply.status, reply.json["error"]["code"]) == (status, code)
    assert reply.headers["www-authenticate"]
    assert api.writer.batches == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"is_active": False}, 401),
        ({"valid_until": int(NOW.timestamp())}, 401),
        ({"valid_until": int(NOW.timestamp()) + 1}, 202),
        ({"scopes": frozenset({"metrics:write"})}, 403),
    ],
)
def test_a_key_must_be_active_in_its_time_and_for_events(monkeypatch, changes, status):
    api = Api(monkeypatch, lambda: NOW, [grant(**changes)])

    assert api.post("/sdk/event", [{"event": "e"}]).status == status


def test_a_revocation_is_felt_when_the_cached_key_expires_and_at_once_without_a_cache(monkeypatch):
    now = [NOW]
    for seconds in (60, 0):
        api = Api(monkeypatch, lambda: now[0], cached_for=timedelta(seconds=seconds))
        assert api.post("/sdk/event", [{"event": "e"}]).status == 202
        api.keys.grants["public000001"] = grant(is_active=False)
        assert api.post("/sdk/event", [{"event": "e"}]).status == (202 if seconds else 401)
        now[0] += timedelta(seconds=60)
        assert api.post("/sdk/event", [{"event": "e"}]).status == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/sdk/event", "/v1/batch", "/v1/track"])
def test_other_methods_are_named_in_allow(api, method, path):
    reply = api.post(path, "", method=method)

    assert reply.status == 405
    assert reply.headers["allow"] == "POST, OPTIONS"


def test_a_preflight_from_any_site_is_mirrored(api):
    asked = {"origin": "https://shop.example", "access-control-request-headers": "authorization,x-odd"}
    reply = api.post("/v1/track", "", asked, method="OPTIONS")

    assert (reply.status, reply.json) == (204, None)
    assert reply.headers["access-control-allow-origin"] == "https://shop.example"
    assert reply.headers["access-control-allow-headers"] == "authorization,x-odd"
    assert reply.headers["access-control-allow-credentials"] == "true"
    assert reply.headers["access-control-max-age"]


def test_refusals_can_be_read_by_the_site_they_are_for(api):
    reply = api.post("/sdk/event", "x", {"origin": "https://shop.example"})

    assert reply.headers["access-control-allow-origin"] == "https://shop.example"
    assert reply.headers["x-request-id"] == reply.json["error"]["requestId"]
    assert "no-store" in reply.headers["cache-control"]


AWAY, BUSY = (503, "SERVICE_UNAVAILABLE"), (429, "OVERLOADED")
FAILURES = [
    (EndpointConnectionError(endpoint_url="https://dynamodb"), AWAY),
    (ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow"}}, "PutItem"), BUSY),
    (Incomplete("2 blocks left unprocessed"), BUSY),
]


@pytest.mark.parametrize(("failure", "expected"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_store_that_is_away_or_asked_too_much_asks_the_sdk_to_come_back(api, failure, expected):
    api.writer.failure = failure
    reply = api.post("/v1/batch", {"batch": [track()]})

    assert (reply.status, reply.json["error"]["code"]) == expected
    assert int(reply.headers["retry-after"]) > 0


def test_posthogs_browser_sdk_forgets_what_a_429_refused_so_a_busy_store_is_a_503_there(api):
    api.writer.failure = Incomplete("2 blocks left unprocessed")
    reply = api.post("/e", {"api_key": KEY, "event": "seen", "distinct_id": "ada"})

    assert (reply.status, reply.headers["retry-after"]) == (503, "5")


def test_a_bug_is_answered_without_internals_and_logged_whole(api, capsys):
    api.writer.failure = ZeroDivisionError("inner workings of someone@example.com")
    reply = api.post("/v1/batch", {"batch": [track()]})

    assert reply.status == 500
    assert "inner" not in json.dumps(reply.json)
    log = capsys.readouterr().out
    assert "ZeroDivisionError" in log
    assert "someone@example.com" not in log


def test_a_request_is_one_log_line_with_its_counts_as_metrics(api, capsys):
    api.post("/v1/batch", {"batch": [track(), {"type": "x"}]})

    line = json.loads(capsys.readouterr().out)
    assert (line["EventsAccepted"], line["EventsRejected"]) == (1, 1)
    assert line["level"] == "INFO"
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Groundswell"
    assert KEY not in json.dumps(line)


def test_payload_version_one_is_understood_too(api):
    event = {
        "version": "1.0",
        "httpMethod": "POST",
        "path": "/sdk/event",
        "headers": {"X-API-Key": KEY},
        "requestContext": {"identity": {"sourceIp": "203.0.113.9"}},
        "body": '[{"event":"e"}]',
        "isBase64Encoded": False,
    }

    assert api.call(event).status == 202


def test_more_rejections_than_an_answer_holds_are_counted(api):
    reply = api.post("/sdk/event", "[" + ",".join(["1"] * 5000) + "]")

    assert len(reply.json["data"]["rejected"]) == 1000
    assert reply.json["data"]["rejected_total"] == 5000


def test_an_empty_batch_writes_nothing(api):
    assert api.post("/v1/batch", {"batch": []}).json == {"success": True, "accepted": 0, "rejected": []}
    assert api.writer.batches == []


def test_a_damaged_base64_body_is_refused(api):
    event = payload("POST", "/sdk/event", {"x-api-key": KEY}, b"") | {"body": "a"}

    assert api.call(event).status == 400
