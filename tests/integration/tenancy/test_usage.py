"""What an organization uses, and what happens when its quota is used up."""

import pytest

from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler
from tests.people import PASSWORD, new_email


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def operator(people):
    return people.operator()


@pytest.fixture
def key(owner):
    made = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": ["events:write"]})
    return made.data["api_key"]


def send(owner, key, number=3):
    events = [{"eventName": "Seen", "eventId": f"{key}-{number}"} for number in range(number)]
    return owner.gateway.post("/sdk/events", events, headers={"x-api-key": key})


def measure(moto, due=None):
    """A round at a due time of its own, unless one is named."""
    return call_handler(moto, "usage", {"due": due or f"{utc_now():%Y-%m-%dT%H:%M:%S.%fZ}"})


def set_quota(operator, owner, **limits):
    return operator.put(f"/usage/quota?org_id={owner.user['org_id']}", limits)


def test_usage_counts_people_clients_keys_and_events(owner, key, people, moto, consume):
    people.member_of(owner)
    send(owner, key)
    consume()

    usage = owner.get("/usage").data

    assert (usage["events"], usage["users"], usage["clients_total"], usage["api_keys"]) == (3, 2, 1, 1)
    assert usage["clients"] == [{"client_id": owner.client_id, "events": 3}]
    assert sum(usage["days"].values()) == 3


def test_a_used_up_quota_of_events_closes_the_keys_until_it_is_lifted(owner, operator, key, moto, consume):
    send(owner, key)
    consume()
    measure(moto)
    assert send(owner, key).status == 202

    assert set_quota(operator, owner, events_per_month=3).data["events_refused_until"] is not None

    refused = send(owner, key)
    assert (refused.status, refused.code) == (429, "QUOTA_EXCEEDED")
    assert int(refused.headers["retry-after"]) > 0
    assert set_quota(operator, owner, events_per_month=None).data["events_refused_until"] is None
    assert send(owner, key).status == 202


def test_the_hourly_round_closes_what_went_over(owner, operator, key, moto, consume):
    set_quota(operator, owner, events_per_month=3)
    send(owner, key)
    consume()
    assert send(owner, key).status == 202

    assert measure(moto, "2031-01-01T00:00:00Z")["done"]

    assert send(owner, key).code == "QUOTA_EXCEEDED"
    assert measure(moto, "2031-01-01T00:00:00Z") == {"done": False}


def test_next_month_the_keys_are_open_again(owner, operator, key, moto, advance, consume):
    send(owner, key)
    consume()
    measure(moto)
    set_quota(operator, owner, events_per_month=1)
    assert send(owner, key).status == 429

    advance(days=32)

    assert send(owner, key).status == 202


def test_seats_and_clients_have_hard_limits(owner, operator):
    set_quota(operator, owner, users=1, clients=1)

    body = {"email": new_email(), "name": "Grace", "role": "member"}
    assert owner.post("/admin/users", body).code == "QUOTA_EXCEEDED"
    assert owner.post("/auth/register", {**body, "password": PASSWORD}).code == "QUOTA_EXCEEDED"
    assert owner.post("/clients", {"name": "Second"}).code == "QUOTA_EXCEEDED"

    set_quota(operator, owner, users=2, clients=None)
    assert owner.post("/admin/users", body).status == 201
    assert owner.post("/clients", {"name": "Second"}).status == 201


def test_only_operators_set_quotas(owner, people):
    assert owner.put("/usage/quota", {"users": 100}).status == 403
    assert people.member_of(owner).get("/usage").status == 403


def test_a_month_that_is_none_is_bad_input(owner):
    assert owner.get("/usage?month=2026-13").status == 400
    assert owner.get("/usage?month=2020-01").data["events"] == 0
