"""What is posted to our own endpoint, in the shapes of Adtivity's SDKs."""

import json

import pytest

from tests.fakes.ingest import KEY, START


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
    for sent_headers in (None, None, headers, headers, headers | {"idempotency-key": "k2"}):
        api.post("/sdk/event", [{"type": "track", "event": "Viewed"}] * 2, sent_headers)

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


def test_an_empty_batch_writes_nothing(api):
    assert api.post("/v1/batch", {"batch": []}).json == {"success": True, "accepted": 0, "rejected": []}
    assert api.writer.batches == []
