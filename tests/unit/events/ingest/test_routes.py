"""Where ingestion answers, to whom, and in which payload."""

import pytest

from tests.fakes.ingest import KEY, track

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


@pytest.mark.parametrize("path", ["/api/v1/batch", "/api/v1/v1/batch", "/api/events", "/v1/nothing", "/sdk", "/v1"])
def test_third_party_routes_answer_at_their_own_path_only(api, path):
    reply = api.post(path, {"batch": [track()]})

    assert (reply.status, reply.json["error"]["code"]) == (404, "NOT_FOUND")
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/sdk/event", "/v1/batch", "/v1/track"])
def test_other_methods_are_named_in_allow(api, method, path):
    reply = api.post(path, "", method=method)

    assert reply.status == 405
    assert reply.headers["allow"] == "POST, OPTIONS"


def test_a_preflight_from_any_site_is_mirrored(api):
    headers = {"origin": "https://shop.example", "access-control-request-headers": "authorization,x-odd"}
    reply = api.post("/v1/track", "", headers, method="OPTIONS")

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
