"""Persons and wallets over HTTP: whatever ids the events came with."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.integration.analytics.tenant import Tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
W = "0x52908400098527886E0F7030069857D2E4169EE7"


@pytest.fixture
def tenant(people):
    tenant = Tenant(people.sign_up())
    said = [
        {"anonymousId": "visitor"},
        {"anonymousId": "visitor", "walletAddress": W, "chainId": "1"},
        {"type": "identify", "anonymousId": "visitor", "userId": "ann", "traits": {"plan": "free", "score": 1.25}},
        {"type": "identify", "userId": "ann", "traits": {"plan": "team"}},
        {"anonymousId": "somebody else"},
    ]
    tenant.send(
        [
            {"type": "track", "event": "did", "id": f"e{at}", "timestamp": (NOON + timedelta(minutes=at)).isoformat()}
            | each
            for at, each in enumerate(said)
        ]
    )
    return tenant


def ask(tenant, path, query=""):
    return tenant.person.get(f"/analytics/{path}?client_id={tenant.client_id}&{query}")


@pytest.mark.parametrize("given", ["ann", "visitor", W.lower(), f"eip155:1:{W.lower()}"])
def test_a_person_is_found_by_any_id_with_what_happened_before_signing_in(tenant, given):
    answer = ask(tenant, f"persons/{given}")

    assert answer.status == 200, answer.body
    found = answer.data
    assert (found["id"], found["user_ids"], found["anonymous_ids"]) == ("ann", ["ann"], ["visitor"])
    assert (found["events"], found["complete"]) == (4, True)
    assert b'"score":1.25' in answer.body
    assert found["traits"]["plan"] == "team"
    assert (found["first_seen"], found["last_seen"]) == ("2026-03-01T12:00:00.000Z", "2026-03-01T12:03:00.000Z")
    assert [each["accounts"] for each in found["wallets"]] == [[f"eip155:1:{W.lower()}"]]


def test_a_timeline_goes_on_where_it_ended(tenant):
    first = ask(tenant, "persons/ann/events", "limit=3")
    second = ask(tenant, "persons/ann/events", f"limit=3&cursor={first.json['meta']['next_cursor']}")

    assert [each["id"] for each in first.data + second.data] == ["e3", "e2", "e1", "e0"]
    assert second.json["meta"]["next_cursor"] is None


@pytest.mark.parametrize("odd", ["did:web:a.example/ann", "ю/é", "a//b", "50% off", "x/events/y"])
def test_a_person_is_found_whatever_signs_the_id_is_made_of(tenant, odd):
    at = NOON.isoformat()
    tenant.send([{"type": "track", "event": "did", "id": f"{odd}{n}", "userId": odd, "timestamp": at} for n in (1, 2)])

    assert ask(tenant, f"persons/{quote(odd, safe='')}").data["id"] == odd
    answer = ask(tenant, f"persons/{quote(odd, safe='')}/events", "limit=1")
    assert [each["user_id"] for each in answer.data] == [odd]


def test_a_wallet_says_whose_it_is(tenant):
    found = ask(tenant, f"wallets/eip155:1:{W}").data

    assert (found["id"], found["events"]) == ("ann", 1)


def test_whoever_was_never_seen_and_other_clients_people_are_not_found(tenant, people):
    stranger = people.sign_up()

    assert ask(tenant, "persons/nobody").status == 404
    assert ask(tenant, "wallets/0x00").status == 404
    assert stranger.get(f"/analytics/persons/ann?client_id={tenant.client_id}").status in (403, 404)
    assert stranger.get(f"/analytics/persons/ann?client_id={stranger.client_id}").status == 404


def test_persons_are_listed_whoever_was_seen_last_first(tenant):
    rest, found = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&limit=1", []
    query = rest
    while query:
        answer = ask(tenant, "persons", query)
        found += [(each["id"], each["events"]) for each in answer.data]
        cursor = answer.json["meta"]["next_cursor"]
        query = f"{rest}&cursor={cursor}" if cursor else None

    assert found == [("somebody else", 1), ("ann", 4)]


def test_posthogs_identify_brings_what_came_under_the_earlier_id_whether_or_not_that_was_said_to_be_nobodys(people):
    tenant = Tenant(people.sign_up())
    key = tenant.key("events:write")
    said = [
        ("did", "before", {}),
        ("did", "before", {"$is_identified": False}),
        ("$identify", "ada", {"$anon_distinct_id": "before"}),
        ("did", "ada", {}),
    ]
    batch = [{"event": name, "distinct_id": who, "uuid": str(uuid4()), "properties": more} for name, who, more in said]
    assert tenant.person.gateway.post("=/batch/", {"api_key": key, "batch": batch}).status == 200
    tenant.count("0")

    for given in ("ada", "before"):
        found = ask(tenant, f"persons/{given}").data
        assert (found["id"], found["events"]) == ("ada", 4)


@pytest.mark.parametrize("backend_first", [False, True])
def test_what_the_backend_reports_of_a_transaction_says_whose_the_wallet_is_whoever_reported_first(
    people, backend_first
):
    tenant = Tenant(people.sign_up())
    tx = {"type": "track", "event": "transaction", "walletAddress": W, "chainId": "1", "transactionHash": "0xabc"}
    tx |= {"properties": {"status": "confirmed"}, "timestamp": NOON.isoformat()}
    sent = [tx | {"id": "sdk", "anonymousId": "visitor"}, tx | {"id": "backend", "userId": "ann"}]
    for each in reversed(sent) if backend_first else sent:
        tenant.send([each])
        tenant.send([each])

    for given in ("ann", "visitor", W.lower()):
        found = ask(tenant, f"persons/{given}").data
        assert (found["id"], found["user_ids"], found["anonymous_ids"]) == ("ann", ["ann"], ["visitor"])
        assert (found["events"], found["wallets"][0]["events"]) == (1, 1)
    assert len(ask(tenant, "persons/ann/events").data) == 1
    span = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
    assert [(each["id"], each["events"]) for each in ask(tenant, "persons", span).data] == [("ann", 1)]
    (heard,) = ask(tenant, "web3/transactions", span).data["transactions"]
    assert (heard["person"], len(heard["transitions"])) == ("ann", 1)
    assert tenant.series(f"{span}&granularity=day").data["total"] == 1
