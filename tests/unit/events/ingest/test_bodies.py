"""Bodies however they are compressed, and those that cannot be read."""

import gzip
import json

import pytest

from tests.fakes.ingest import BASIC, KEY, payload, track


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'[{"event": }]', "byte 11"),
        (b'[{"event": "e"}', "byte 15"),
        (b"", "byte 0"),
        (b"\xff\xfe[\x00]\x00", "not UTF-8"),
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


def test_a_damaged_base64_body_is_refused(api):
    event = payload("POST", "/sdk/event", {"x-api-key": KEY}, b"") | {"body": "a"}

    assert api.call(event).status == 400
