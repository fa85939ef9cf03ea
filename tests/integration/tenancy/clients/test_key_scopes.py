"""What a key opens, and as whom. That this holds for every operation is for `security/test_access_matrix.py`."""

import pytest

from tests.integration.tenancy.clients.test_api_keys import Keys

COHORT = {"name": "Buyers", "rules": [{"did": {"name": "Order Completed"}}]}


@pytest.fixture
def keys(people) -> Keys:
    return Keys(people.sign_up())


def held(key: str) -> dict[str, str]:
    return {"X-API-Key": key}


def made(keys: Keys, *scopes: str, **body: object) -> str:
    answer = keys.create(scopes=list(scopes), **body)
    assert answer.status == 201, answer.body
    return answer.data["api_key"]


def test_an_unknown_scope_makes_no_key_and_is_named(keys):
    refused = keys.create(scopes=["events:write", "everything:write"])

    error = refused.json["error"]
    assert (refused.status, error["code"], error["field"].partition(".")[0]) == (400, "VALIDATION_ERROR", "scopes")


def test_a_key_without_the_scope_is_told_which_it_lacks(keys, gateway):
    refused = gateway.get("/analytics/metrics", headers=held(made(keys, "analytics:write")))

    assert (refused.status, refused.code) == (403, "SCOPE_REQUIRED")
    assert "analytics:read" in refused.json["detail"]


def test_a_key_may_come_as_a_bearer_token(keys, gateway):
    assert gateway.get("/analytics/metrics", token=made(keys, "analytics:read")).status == 200


def test_a_key_sees_its_own_client_and_no_other(keys, gateway):
    keys.person.post("/clients", {"name": "Another"})
    key = made(keys, "clients:read")

    listed = gateway.get("/clients", headers=held(key)).data

    assert [client["id"] for client in listed] == [keys.person.client_id]
    assert gateway.get("/dashboard/client-companies/", headers=held(key)).data == listed


def test_what_a_key_did_is_on_record_as_its_own(keys, gateway):
    created = keys.create(scopes=["clients:write"]).data

    changed = gateway.put(f"/clients/{keys.person.client_id}", {"name": "Renamed"}, headers=held(created["api_key"]))

    assert changed.status == 200, changed.body
    entry = keys.person.get("/admin/audit?action=client.updated").data[0]
    assert entry["actor"] == f"key:{created['id']}"


def test_a_key_makes_nobody_an_admin(keys, people, gateway):
    colleague = people.member_of(keys.person)
    members, headers = f"/clients/{keys.person.client_id}/members", held(made(keys, "members:write"))

    as_owner = gateway.post(members, {"user_id": colleague.id, "role": "owner"}, headers=headers)
    as_admin = gateway.post(members, {"user_id": colleague.id, "role": "admin"}, headers=headers)

    assert (as_owner.code, as_admin.code) == ("ROLE_TOO_HIGH", "ROLE_TOO_HIGH")
    assert gateway.delete(f"{members}/{keys.person.id}", headers=headers).status == 403


def test_a_key_that_is_sent_beside_a_person_decides_where_keys_are_taken(keys, gateway):
    key, token = made(keys, "leads:write"), keys.person.token

    assert gateway.get("/analytics/metrics", token=token, headers=held(key)).status == 403
    assert gateway.get("/users/me", token=token, headers=held(key)).data["id"] == keys.person.id


def test_where_people_are_asked_for_a_key_is_told_so(keys, gateway):
    key = made(keys, "clients:write", "members:write")

    for refused in (gateway.get("/auth/sessions", headers=held(key)), gateway.post("/auth/logout", token=key)):
        assert (refused.status, refused.code) == (401, "PERSON_REQUIRED")
        assert "www-authenticate" in refused.headers


@pytest.mark.parametrize("key", ["gp_live_", "gp_live_nonsense", "Bearer", "x" * 3000, "gp_live_" + "é" * 40])
def test_what_is_no_key_opens_nothing(keys, gateway, key):
    refused = gateway.get("/analytics/metrics", headers=held(key))

    assert (refused.status, refused.code) == (401, "INVALID_API_KEY")


def test_limits_of_users_count_for_keys_one_by_one(keys, gateway):
    path = f"/clients/{keys.person.client_id}/invitations"
    one, other = (made(keys, "members:write") for _ in range(2))

    remaining = [
        gateway.post(path, {"email": f"{n}@people.example", "role": "viewer"}, headers=held(key)).headers["ratelimit"]
        for n, key in enumerate((one, one, other))
    ]

    assert [header.partition("r=")[2].partition(";")[0] for header in remaining] == ["99", "98", "99"]


def test_a_keys_own_limit_holds_for_all_it_opens(keys, gateway):
    key = made(keys, "analytics:read", "clients:read", calls_per_minute=2)
    paths = ["/analytics/metrics", "/clients", "/analytics/live"]

    assert [gateway.get(path, headers=held(key)).status for path in paths] == [200, 200, 429]


def test_a_use_by_any_scope_is_noted(keys, gateway):
    key = made(keys, "clients:read")

    gateway.get("/clients", headers=held(key))

    assert keys.listed()[0]["last_used_at"] is not None


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "InternalServerError"])
def test_a_use_that_cannot_be_noted_refuses_nothing_and_the_next_one_is(keys, gateway, calls, code):
    key = made(keys, "clients:read", "metrics:write")
    point = {"name": "signups", "value": 1}

    with calls.failing("UpdateItem", code, times=99) as attempts:
        statuses = [gateway.get("/clients", headers=held(key)).status]
        statuses.append(gateway.post("/analytics/metrics", point, headers=held(key)).status)
    assert (statuses, bool(attempts), keys.listed()[0]["last_used_at"]) == ([200, 201], True, None)

    gateway.get("/clients", headers=held(key))

    assert keys.listed()[0]["last_used_at"] is not None


def test_a_repeat_by_key_has_one_effect_and_is_no_other_keys(keys, gateway):
    one, other = (made(keys, "analytics:write", "analytics:read") for _ in range(2))
    repeat = {"Idempotency-Key": "cohort-1"}

    first, again = (gateway.post("/analytics/cohorts", COHORT, headers=held(one) | repeat) for _ in range(2))
    others = gateway.post("/analytics/cohorts", COHORT, headers=held(other) | repeat)

    assert (first.status, again.data["id"], again.headers["idempotency-replayed"]) == (201, first.data["id"], "true")
    assert others.data["id"] != first.data["id"]


def test_a_key_that_does_not_count_shares_no_repeats_between_people(keys, people, gateway):
    key, repeat = made(keys, "events:write"), {"Idempotency-Key": "n"}
    ada, bob = keys.person, people.member_of(keys.person, "admin")

    first = ada.post("/clients", {"name": "Ada's"}, headers=held(key) | repeat)
    second = bob.post("/clients", {"name": "Ada's"}, headers=held(key) | repeat)

    assert (first.status, second.status) == (201, 201)
    assert first.data["id"] != second.data["id"]
