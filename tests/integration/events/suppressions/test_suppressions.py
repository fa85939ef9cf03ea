"""The suppression list: kept by admins, felt at the door."""

import pytest

from groundswell.events.suppressions.model import Request
from groundswell.events.suppressions.service import SuppressionService
from groundswell.kernel.clock import utc_now
from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.calls import Calls


@pytest.fixture
def owner(moto, people):
    moto.configure(RATE_LIMITS="off")
    return people.sign_up()


@pytest.fixture
def post(gateway, owner):
    body = {"name": "k", "scopes": ["events:write"]}
    key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]

    def send(*messages, path="=/v1/batch"):
        answer = gateway.post(path, {"batch": list(messages)}, headers={"x-api-key": key})
        assert answer.status == 200, answer.body
        return [rejection["index"] for rejection in answer.json["rejected"] if rejection["code"] == "suppressed"]

    return send


def track(**who):
    return {"type": "track", "event": "Viewed", **who}


def suppress(owner, **who):
    answer = owner.post("/privacy/suppressions", {**who, "reason": "asked"})
    assert answer.status == 201, answer.body
    return answer.data


def test_events_that_name_a_suppressed_person_are_rejected_and_the_others_accepted(owner, post):
    suppress(owner, user_id="ada")
    suppress(owner, anonymous_id="device-1")
    suppress(owner, wallet="eip155:1:0xABCdef0000000000000000000000000000000001")

    rejected = post(
        track(userId="ada"),
        track(userId="bob"),
        track(anonymousId="device-1"),
        track(userId="bob", anonymousId="device-1"),
        track(anonymousId="device-2", properties={"wallet_address": "0xabcDEF0000000000000000000000000000000001"}),
        track(anonymousId="ada"),
        {"type": "alias", "userId": "new", "previousId": "ada"},
    )

    assert rejected == [0, 2, 3, 4, 6]


def test_nothing_of_what_they_said_is_kept_with_the_verdict(moto, owner, post):
    suppress(owner, user_id="ada-the-secret")
    post(track(userId="ada-the-secret", properties={"note": "find-me"}))

    (rejected,) = owner.get("/analytics/rejections").data

    assert (rejected["code"], rejected["event"], rejected["name"]) == ("suppressed", "", None)


def test_the_list_shows_who_why_and_by_whom_and_a_repeat_adds_nothing(owner):
    first = suppress(owner, user_id="ada")
    again = suppress(owner, user_id="ada")

    (listed,) = owner.get("/privacy/suppressions").data

    assert first == again == listed
    assert (listed["kind"], listed["value"], listed["reason"]) == ("user_id", "ada", "asked")
    assert listed["created_by"] == owner.id


def test_who_is_taken_off_the_list_is_welcome_again(owner, post):
    made = suppress(owner, user_id="ada")
    assert post(track(userId="ada")) == [0]

    assert owner.delete(f"/privacy/suppressions/{made['id']}").status == 200

    assert post(track(userId="ada")) == []
    assert owner.delete(f"/privacy/suppressions/{made['id']}").status == 404
    assert owner.get("/privacy/suppressions").data == []


def test_pages_of_the_list_hold_everybody_once(owner):
    for number in range(7):
        suppress(owner, user_id=f"user {number}")

    first = owner.get("/privacy/suppressions?limit=4")
    second = owner.get(f"/privacy/suppressions?limit=4&cursor={first.json['meta']['next_cursor']}")

    assert {suppression["value"] for suppression in first.data + second.data} == {
        f"user {number}" for number in range(7)
    }


def test_bad_input_strangers_and_viewers_change_nothing(owner, people, gateway):
    made = suppress(owner, user_id="ada")
    mallory = people.sign_up()
    path = f"/privacy/suppressions/{made['id']}?client_id={owner.client_id}"

    assert owner.post("/privacy/suppressions", {"reason": "nobody"}).status == 400
    assert owner.post("/privacy/suppressions", {"user_id": "a", "wallet": "b", "reason": "two"}).status == 400
    assert gateway.get("/privacy/suppressions").status == 401
    assert mallory.delete(path).status == 404
    assert mallory.get(f"/privacy/suppressions?client_id={owner.client_id}").status == 404
    assert len(owner.get("/privacy/suppressions").data) == 1


def test_another_clients_list_is_not_ours(owner, post, people):
    suppress(people.sign_up(), user_id="ada")

    assert post(track(userId="ada")) == []


def test_the_warm_path_takes_no_call_for_the_list(owner, post, moto, calls: Calls, monkeypatch):
    monkeypatch.setattr("tests.gateway.deliver_arrivals", lambda backend: None)
    suppress(owner, user_id="ada")
    moto.configure(PRINCIPAL_CACHE_SECONDS="60")
    post(track(userId="bob"))

    with calls.counted() as made:
        assert post(track(userId="ada"), track(userId="bob")) == [0]

    assert made == ["SendMessage", "BatchWriteItem"]


def test_additions_at_the_same_time_all_hold(owner, monkeypatch):
    from groundswell.events.suppressions import store

    read, service, interruptions = store.listed, SuppressionService(store.DynamoSuppressionStore(), utc_now), []

    def interrupted(client_id):
        listed = read(client_id)
        if not interruptions:
            interruptions.append(1)
            service.add_all(client_id, [asked("eve")])
        return listed

    monkeypatch.setattr(store, "listed", interrupted)
    service.add_all(owner.client_id, [asked("ada")])

    assert {suppression["value"] for suppression in owner.get("/privacy/suppressions").data} == {"ada", "eve"}


def asked(name):
    return Request(Identifier(IdKind.USER, name), "asked", "system")
