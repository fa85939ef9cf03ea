"""What Formo's SDK sees of wallets."""

import json

import pytest

from tests.fakes.ingest import KEY

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
BEARER = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}


def event(kind, properties=None, **changes):
    payload = {"type": kind, "message_id": f"m-{kind}", "anonymous_id": "a", "user_id": None, "address": ADDRESS}
    payload |= {"channel": "web", "version": "1", "original_timestamp": "2026-03-01T11:59:00Z"}
    return (
        payload | {"sent_at": "2026-03-01T12:00:00Z", "properties": properties, "context": {"locale": "en"}} | changes
    )


@pytest.mark.parametrize("kind", ["detect", "connect", "disconnect", "chain", "signature", "transaction"])
def test_what_happens_to_a_wallet_is_named_by_its_type(api, kind):
    reply = api.post("/v0/raw_events", [event(kind, {"chain_id": 1})], BEARER)

    assert (reply.status, reply.json) == (200, {"success": True, "accepted": 1, "rejected": []})
    (stored_event,) = api.writer.events
    assert (stored_event.id, stored_event.name, stored_event.kind, stored_event.anonymous_id) == (
        f"m-{kind}",
        kind,
        "web3",
        "a",
    )
    web3 = json.loads(stored_event.web3)
    assert (web3["chain"], web3["address"], web3["address_raw"]) == ("eip155:1", ADDRESS.lower(), ADDRESS)


@pytest.mark.parametrize("status", ["started", "broadcasted", "confirmed", "rejected", "reverted"])
def test_a_transaction_says_how_far_it_is(api, status):
    properties = {
        "chain_id": 8453,
        "transaction_hash": "0xABC",
        "status": status,
        "to": ADDRESS,
        "value": "1" + "0" * 30,
    }
    api.post("/v0/raw_events", [event("transaction", properties)], BEARER)

    web3 = json.loads(api.writer.events[0].web3)
    assert (web3["status"], web3["tx_hash"], web3["value"]) == (status, "0xabc", "1" + "0" * 30)


def test_pages_people_and_names_are_what_they_are_elsewhere(api):
    identify = event("identify", {"provider_name": "MetaMask", "rdns": "io.metamask"}, user_id="u")
    track = event("track", {"n": 1}, event="Deposit", address=None)
    api.post("/v0/raw_events", [event("page", {"url": "https://x"}, address=None), identify, track], BEARER)

    page, person, custom = api.writer.events
    assert (page.kind, page.name, page.web3) == ("page", "page", b"")
    assert (person.kind, person.user_id) == ("identify", "u")
    assert json.loads(person.web3)["address"] == ADDRESS.lower()
    assert (custom.kind, custom.name) == ("track", "Deposit")


def test_an_unknown_type_costs_only_itself(api):
    reply = api.post("/v0/raw_events", [event("teleport"), event("connect")], BEARER)

    assert (reply.status, reply.json["accepted"]) == (200, 1)
    assert [(rejection["index"], rejection["code"]) for rejection in reply.json["rejected"]] == [(0, "unknown_type")]


def test_a_wrong_key_is_refused(api):
    assert api.post("/v0/raw_events", [event("connect")], {"authorization": "Bearer nobody"}).status == 401


@pytest.mark.parametrize(("key", "status"), [(KEY, 200), ("nobody's", 401)])
def test_a_page_is_answered_without_a_body_for_it_would_never_read_one(api, key, status):
    headers = BEARER | {"authorization": f"Bearer {key}", "origin": "https://shop.example"}
    reply = api.post("/v0/raw_events", [event("detect")], headers)

    assert (reply.status, reply.json) == (status, None)
    assert reply.headers["access-control-allow-origin"] == "https://shop.example"
    assert len(api.writer.events) == (status == 200)
