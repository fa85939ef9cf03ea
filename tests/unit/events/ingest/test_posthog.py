"""What PostHog's SDKs send, in every wrapping."""

import gzip
import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
import zstandard

from tests.fakes.ingest import KEY, START

PATHS = ["/batch/", "/batch", "/e/", "/e", "/i/v0/e/", "/track/", "/engage", "/capture/", "/s/"]


def event(name="Viewed", properties=None, **changes):
    payload = {"event": name, "distinct_id": "d", "uuid": "0192f0c1-0000-7000-8000-000000000001"}
    return payload | {"timestamp": "2026-03-01T11:00:00.000Z", "properties": properties or {}} | changes


def send(api, *events, path="/batch/", **fields):
    return api.post(path, {"api_key": KEY, "batch": events, "sent_at": "2026-03-01T12:00:00Z"} | fields, {})


def read(api, *events, **fields):
    assert send(api, *events, **fields).json == {"status": 1, "accepted": len(events), "rejected": []}
    return api.writer.events


@pytest.mark.parametrize("path", PATHS)
def test_every_capture_endpoint_takes_a_batch_with_the_key_in_the_body(api, path):
    reply = send(api, event(), path=path)

    assert (reply.status, reply.json["status"]) == (200, 1)
    assert [event.name for event in api.writer.events] == ["Viewed"]


SHAPES = [
    {"api_key": KEY, "batch": [event()]},
    {"token": KEY, "batch": [event()]},
    [event(properties={"token": KEY})],
    [event(api_key=KEY)],
    event(api_key=KEY),
    event(token=KEY),
    event(properties={"token": KEY}),
]


@pytest.mark.parametrize("body", SHAPES)
def test_the_key_is_found_in_every_shape_of_body(api, body):
    assert api.post("/e/", body, {}).json["accepted"] == 1
    assert KEY not in repr(api.writer.events)


JSON = json.dumps({"api_key": KEY, "batch": [event(properties={"text": "1+1 = 2 & ü"})]}).encode()
B64 = b64encode(JSON)
FORM = {"content-type": "application/x-www-form-urlencoded"}
WRAPPINGS = [
    ("", {"content-type": "text/plain"}, gzip.compress(JSON)),
    ("?compression=gzip-js", {"content-type": "text/plain"}, gzip.compress(JSON)),
    ("", FORM, gzip.compress(JSON)),
    ("", {"content-encoding": "deflate"}, zlib.compress(JSON)),
    ("", {"content-encoding": "zstd"}, zstandard.compress(JSON)),
    ("?compression=base64", FORM, b"data=" + quote(B64, safe="").encode()),
    ("?compression=base64", FORM, b"data=" + B64),
    ("?compression=base64&ip=1", FORM, b"data=" + quote(B64, safe="").encode() + b"&compression=base64"),
    ("", FORM, b"data=" + quote(JSON, safe="").encode()),
    ("", {}, B64),
    ("", {}, B64.rstrip(b"=")),
    ("", {}, b64encode(gzip.compress(JSON))),
    ("", {}, urlsafe_b64encode(JSON[:-1] + b',"more":"???>>>"}')),
    ("", {"content-encoding": "deflate"}, zlib.compress(JSON, wbits=-15)),  # as some read RFC 9110
]


@pytest.mark.parametrize(("query", "headers", "body"), WRAPPINGS)
def test_a_body_is_unwrapped_whatever_the_headers_say(api, query, headers, body):
    reply = api.post(f"/e/{query}", body, headers)

    assert (reply.status, reply.json.get("accepted")) == (200, 1)
    assert json.loads(api.writer.events[0].properties) == {"text": "1+1 = 2 & ü"}


def test_a_pixel_has_its_event_in_the_query(api):
    data = quote(b64encode(json.dumps(event(properties={"token": KEY})).encode()), safe="")
    reply = api.post(f"/e/?data={data}&_={START}", b"", {}, method="GET")

    assert (reply.status, reply.json["accepted"]) == (200, 1)
    assert api.writer.events[0].sent_at == START


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (gzip.compress(JSON)[:-9], "", 400),
        (zlib.compress(JSON)[:-9], "deflate", 400),
        (zstandard.compress(JSON)[:-9], "zstd", 400),
        (b"\x28\xb5\x2f\xfdnonsense", "", 400),
        (zstandard.compress(b" " * 7_000_000), "", 413),
        (b"data=%%%", "", 400),
        (b"", "", 400),
        (b"not JSON", "", 400),
    ],
)
def test_what_cannot_be_unwrapped_is_refused(api, body, encoding, status):
    assert api.post("/batch/", body, {"x-api-key": KEY, "content-encoding": encoding}).status == status


def test_a_bad_event_costs_only_itself(api):
    batch = [event(), event(name=""), {"event": "e"}, event("$snapshot"), event(properties={"x": "y" * 33_000})]
    reply = send(api, *batch)

    assert (reply.status, reply.json["accepted"]) == (200, 1)
    assert [rejection["code"] for rejection in reply.json["rejected"]] == [
        "missing_name",
        "missing_distinct_id",
        "unsupported_event",
        "event_too_large",
    ]


def test_every_event_of_the_newer_endpoint_has_a_result_by_its_id(api):
    good, bad = event(uuid="u1"), event("", uuid="u2")
    reply = api.post("/i/v1/analytics/events", {"batch": [good, bad, {}]}, {"authorization": f"Bearer {KEY}"})

    assert reply.status == 200
    assert reply.json["results"] == {
        "u1": {"result": "ok"},
        "u2": {"result": "drop", "details": "missing_name: the event has no name"},
    }


def test_a_servers_id_is_a_user_and_a_browsers_only_once_it_is_said_to_be(api):
    server, early, late, personless = read(
        api,
        event(),
        event(properties={"$is_identified": False, "$device_id": "d"}),
        event(properties={"$is_identified": True, "$device_id": "a"}),
        event(properties={"$process_person_profile": False}),
    )

    assert [(event.user_id, event.anonymous_id) for event in (server, early, late, personless)] == [
        ("d", None),
        (None, "d"),
        ("d", None),
        (None, "d"),
    ]


def test_identify_ties_the_browsers_id_to_the_user_with_what_is_set(api):
    properties = {"$anon_distinct_id": "a", "$is_identified": False}
    (stored_event,) = read(
        api, event("$identify", properties, **{"$set": {"plan": "pro"}, "$set_once": {"plan": "free", "n": 1}})
    )

    assert (stored_event.kind, stored_event.user_id, stored_event.anonymous_id) == ("identify", "d", "a")
    assert json.loads(stored_event.extra)["previous_id"] == "a"
    assert json.loads(stored_event.traits) == {"plan": "pro", "n": 1}


@pytest.mark.parametrize(
    ("library", "user", "previous"),
    [("posthog-python", "new", "old"), ("web", "new", "old"), ("posthog-node", "old", "new"), (None, "old", "new")],
)
def test_libraries_do_not_agree_on_which_id_of_an_alias_is_the_new_one(api, library, user, previous):
    properties = {"distinct_id": "old", "alias": "new"} | ({"$lib": library} if library else {})
    (stored_event,) = read(api, event("$create_alias", properties, distinct_id="old"))

    assert (stored_event.kind, stored_event.user_id) == ("alias", user)
    assert json.loads(stored_event.extra)["previous_id"] == previous


def test_a_group_is_not_taken_for_a_person(api):
    properties = {"$group_type": "company", "$group_key": "id5", "$group_set": {"name": "Engines"}}
    alone, with_user = read(
        api, event("$groupidentify", properties, distinct_id="$company_id5"), event("$groupidentify", properties)
    )

    assert (alone.kind, alone.user_id, with_user.user_id) == ("group", None, "d")
    assert json.loads(alone.traits) == {"name": "Engines"}
    assert json.loads(alone.extra)["group_id"] == "id5"


@pytest.mark.parametrize(("name", "kind"), [("$pageview", "page"), ("$screen", "screen"), ("$autocapture", "track")])
def test_a_name_stays_as_the_sdk_says_it(api, name, kind):
    (stored_event,) = read(api, event(name))

    assert (stored_event.name, stored_event.kind) == (name, kind)


def test_a_browsers_properties_are_its_page_its_campaign_and_its_session(api):
    properties = {
        "$current_url": "https://shop.example/?utm_source=x",
        "$referrer": "$direct",
        "utm_source": "x",
        "$session_id": "s",
        "$device_id": "dev",
        "$lib": "web",
        "$lib_version": "1",
        "$timezone": "Europe/Berlin",
    }
    (stored_event,) = read(api, event("$pageview", properties))

    assert stored_event.session_id == "s"
    assert json.loads(stored_event.properties) == properties
    assert json.loads(stored_event.context) == {
        "page": {"url": "https://shop.example/?utm_source=x"},
        "campaign": {"source": "x"},
        "library": {"name": "web", "version": "1"},
        "timezone": "Europe/Berlin",
    }


HOUR_AGO = START - 3_600_000


@pytest.mark.parametrize(
    ("said", "properties", "ts"),
    [
        ({"sent_at": "2026-03-01T12:30:00Z"}, {}, HOUR_AGO - 1_800_000),
        ({"sent_at": "2026-03-01T12:30:00Z"}, {"$ignore_sent_at": True}, HOUR_AGO),
        ({"sent_at": "2026-03-01T12:30:00Z", "historical_migration": True}, {}, HOUR_AGO),
        ({}, {}, HOUR_AGO),
    ],
)
def test_a_clock_that_is_off_is_corrected_unless_the_sdk_says_not_to(api, said, properties, ts):
    (stored_event,) = read(api, event(properties=properties), **said)

    assert stored_event.ts == ts


@pytest.mark.parametrize(
    ("changes", "ts", "warned"),
    [
        ({"timestamp": "yesterday"}, START, ["invalid_timestamp"]),
        ({"timestamp": None, "offset": 5_000}, START - 5_000, []),
        ({"timestamp": None}, START, []),
    ],
)
def test_a_time_that_is_none_is_the_time_of_arrival_and_said_to_be(api, changes, ts, warned):
    reply = send(api, event(**changes))

    assert (reply.json["accepted"], reply.json["rejected"]) == (1, [])
    assert [warning["code"] for warning in reply.json.get("warnings", [])] == warned
    assert api.writer.events[0].ts == ts


def test_the_newer_endpoint_answers_a_warning(api):
    body = {"batch": [event(timestamp="yesterday", uuid="u-1")]}
    reply = api.post("/i/v1/analytics/events", body, {"authorization": f"Bearer {KEY}"})

    assert reply.json["results"]["u-1"]["result"] == "warning"


def test_the_newer_endpoint_has_in_options_what_others_have_in_properties(api):
    headers = {
        "authorization": f"Bearer {KEY}",
        "posthog-sdk-info": "posthog-python/7",
        "posthog-request-timestamp": "2026-03-01T12:30:00Z",
    }
    options = {"process_person_profile": False, "disable_skew_correction": True}
    events = [event(uuid="1", session_id="s", options=options), event("$create_alias", {"alias": "new"}, uuid="2")]
    api.post("/i/v1/analytics/events", {"batch": events}, headers)

    first, alias = api.writer.events
    assert (first.anonymous_id, first.session_id, first.ts) == ("d", "s", HOUR_AGO)
    assert (alias.user_id, alias.ts) == ("new", HOUR_AGO - 1_800_000)


@pytest.mark.parametrize("path", ["/flags/?v=2", "/flags?v=4", "/decide/?v=3"])
def test_there_are_no_flags_and_nobody_is_told_of_an_error(api, path):
    for body in ({"token": KEY, "distinct_id": "d"}, {"api_key": KEY}):
        reply = api.post(path, body, {})
        assert (reply.status, reply.json["flags"], reply.json["errorsWhileComputingFlags"]) == (200, {}, False)
        assert reply.json["sessionRecording"] is False

    assert api.post(path, {"token": "phc_nobody"}, {}).status == 401


@pytest.mark.parametrize("path", ["/batch/", "/e/", "/i/v1/analytics/events"])
def test_a_wrong_key_is_refused(api, path):
    assert api.post(path, {"batch": [event()], "api_key": "phc_nobody"}, {}).status == 401
    assert api.writer.batches == []


def identify(user, before, name="$identify"):
    if name == "$identify":
        return event(name, {"$anon_distinct_id": before}, distinct_id=user)
    return event(name, {"distinct_id": user, "alias": before}, distinct_id=user)


CONFLICTS = [
    (identify("u1", "a"), identify("u2", "a")),
    (identify("u1", "a"), identify("u2", "u1")),
    (identify("u1", "a"), identify("u2", "a", "$create_alias")),
    (identify("u1", "a", "$create_alias"), identify("u2", "a")),
]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(("first", "second"), CONFLICTS)
def test_an_id_that_is_another_users_already_is_a_warning(api, first, second, together):
    if not together:
        send(api, first)
    reply = send(api, *([first] if together else []), second).json

    assert reply["rejected"] == []
    assert [warning["code"] for warning in reply["warnings"]] == ["already_identified"]
    assert "warnings" not in send(api, first, identify("u3", "b"), identify("u3", "b"), identify("u3", "c")).json
    merged = event("$merge_dangerously", {"alias": "u1"}, distinct_id="u3")
    assert "warnings" not in send(api, merged).json
