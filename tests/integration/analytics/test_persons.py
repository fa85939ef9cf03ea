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
    events = [
        {"anonymousId": "visitor"},
        {"anonymousId": "visitor", "walletAddress": W, "chainId": "1"},
        {"type": "identify", "anonymousId": "visitor", "userId": "ann", "traits": {"plan": "free", "score": 1.25}},
        {"type": "identify", "userId": "ann", "traits": {"plan": "team"}},
        {"anonymousId": "somebody else"},
    ]
    tenant.send(
        [
            {"type": "track", "event": "did", "id": f"e{at}", "timestamp": (NOON + timedelta(minutes=at)).isoformat()}
            | event
            for at, event in enumerate(events)
        ]
    )
    return tenant


def ask(tenant, path, query=""):
    return tenant.person.get(f"/analytics/{path}?client_id={tenant.client_id}&{query}")


@pytest.mark.parametrize("given", ["ann", "visitor", W.lower(), f"eip155:1:{W.lower()}"])
def test_a_person_is_found_by_any_id_with_what_happened_before_signing_in(tenant, given):
    answer = ask(tenant, f"persons/{given}")

    assert answer.status == 200, answer.body
    person = answer.data
    assert (person["id"], person["user_ids"], person["anonymous_ids"]) == ("ann", ["ann"], ["visitor"])
    assert (person["events"], person["complete"]) == (4, True)
    assert b'"score":1.25' in answer.body
    assert person["traits"]["plan"] == "team"
    assert (person["first_seen"], person["last_seen"]) == ("2026-03-01T12:00:00.000Z", "2026-03-01T12:03:00.000Z")
    assert [wallet["accounts"] for wallet in person["wallets"]] == [[f"eip155:1:{W.lower()}"]]


def test_a_timeline_goes_on_where_it_ended(tenant):
    first = ask(tenant, "persons/ann/events", "limit=3")
    second = ask(tenant, "persons/ann/events", f"limit=3&cursor={first.json['meta']['next_cursor']}")

    assert [event["id"] for event in first.data + second.data] == ["e3", "e2", "e1", "e0"]
    assert second.json["meta"]["next_cursor"] is None


@pytest.mark.parametrize("odd", ["did:web:a.example/ann", "ю/é", "a//b", "50% off", "x/events/y"])
def test_a_person_is_found_whatever_signs_the_id_is_made_of(tenant, odd):
    at = NOON.isoformat()
    tenant.send([{"type": "track", "event": "did", "id": f"{odd}{n}", "userId": odd, "timestamp": at} for n in (1, 2)])

    assert ask(tenant, f"persons/{quote(odd, safe='')}").data["id"] == odd
    answer = ask(tenant, f"persons/{quote(odd, safe='')}/events", "limit=1")
    assert [person["user_id"] for person in answer.data] == [odd]


def test_a_wallet_says_whose_it_is(tenant):
    person = ask(tenant, f"wallets/eip155:1:{W}").data

    assert (person["id"], person["events"]) == ("ann", 1)


def test_whoever_was_never_seen_and_other_clients_people_are_not_found(tenant, people):
    stranger = people.sign_up()

    assert ask(tenant, "persons/nobody").status == 404
    assert ask(tenant, "wallets/0x00").status == 404
    assert stranger.get(f"/analytics/persons/ann?client_id={tenant.client_id}").status in (403, 404)
    assert stranger.get(f"/analytics/persons/ann?client_id={stranger.client_id}").status == 404


def test_persons_are_listed_whoever_was_seen_last_first(tenant):
    rest, persons = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&limit=1", []
    query = rest
    while query:
        answer = ask(tenant, "persons", query)
        persons += [(person["id"], person["events"]) for person in answer.data]
        cursor = answer.json["meta"]["next_cursor"]
        query = f"{rest}&cursor={cursor}" if cursor else None

    assert persons == [("somebody else", 1), ("ann", 4)]


def test_posthogs_identify_brings_what_came_under_the_earlier_id_whether_or_not_that_was_said_to_be_nobodys(people):
    tenant = Tenant(people.sign_up())
    key = tenant.key("events:write")
    events = [
        ("did", "before", {}),
        ("did", "before", {"$is_identified": False}),
        ("$identify", "ada", {"$anon_distinct_id": "before"}),
        ("did", "ada", {}),
    ]
    batch = [
        {"event": name, "distinct_id": who, "uuid": str(uuid4()), "properties": more} for name, who, more in events
    ]
    assert tenant.person.gateway.post("=/batch/", {"api_key": key, "batch": batch}).status == 200
    tenant.count("0")

    for identifier in ("ada", "before"):
        person = ask(tenant, f"persons/{identifier}").data
        assert (person["id"], person["events"]) == ("ada", 4)


@pytest.mark.parametrize("backend_first", [False, True])
def test_what_the_backend_reports_of_a_transaction_says_whose_the_wallet_is_whoever_reported_first(
    people, backend_first
):
    tenant = Tenant(people.sign_up())
    tx = {"type": "track", "event": "transaction", "walletAddress": W, "chainId": "1", "transactionHash": "0xabc"}
    tx |= {"properties": {"status": "confirmed"}, "timestamp": NOON.isoformat()}
    sent = [tx | {"id": "sdk", "anonymousId": "visitor"}, tx | {"id": "backend", "userId": "ann"}]
    for message in reversed(sent) if backend_first else sent:
        tenant.send([message])
        tenant.send([message])

    for identifier in ("ann", "visitor", W.lower()):
        person = ask(tenant, f"persons/{identifier}").data
        assert (person["id"], person["user_ids"], person["anonymous_ids"]) == ("ann", ["ann"], ["visitor"])
        assert (person["events"], person["wallets"][0]["events"]) == (1, 1)
    assert len(ask(tenant, "persons/ann/events").data) == 1
    span = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
    assert [(listed_person["id"], listed_person["events"]) for listed_person in ask(tenant, "persons", span).data] == [
        ("ann", 1)
    ]
    (heard,) = ask(tenant, "web3/transactions", span).data["transactions"]
    assert (heard["person"], len(heard["transitions"])) == ("ann", 1)
    assert tenant.series(f"{span}&granularity=day").data["total"] == 1
