"""Who may post: keys in every place where SDKs have them."""

from datetime import timedelta

import pytest

from tests.fakes.ingest import KEY, NOW, SECRET, Api, grant, track


@pytest.mark.parametrize(
    "other", [{"authorization": "Bearer an-oauth-token"}, {"x-api-key": "x"}, {"authorization": "Basic"}]
)
def test_a_header_that_is_no_key_of_ours_hides_none_in_the_body_or_query(api, other):
    assert api.post("/v1/batch", {"batch": [track()], "writeKey": KEY}, other).status == 200
    assert api.post(f"/v1/track?writeKey={KEY}", track(messageId="m2"), other).status == 200
    assert api.post("/batch", {"api_key": KEY, "batch": [{"event": "e", "distinct_id": "d"}]}, other).status == 200
    assert len(api.writer.events) == 3
    assert api.post("/v1/batch", {"batch": [track()]}, other).status == 401


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
