"""What is about a chain, in one spelling."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.ingest.web3 import chain, lowered
from tests.fakes.ingest import Api

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
HASH = "0x" + "AB" * 32


@pytest.mark.parametrize(
    ("said", "caip2"),
    [
        ("1", "eip155:1"),
        ("137", "eip155:137"),
        ("0x89", "eip155:137"),
        ("eip155:1", "eip155:1"),
        ("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        ("mainnet", None),
        ("1" * 40, None),
        ("\u0661", None),
    ],
)
def test_chains_have_one_spelling(said, caip2):
    assert chain(said) == caip2


def test_only_hexadecimal_ids_lose_their_case():
    assert lowered(ADDRESS) == ADDRESS.lower()
    assert lowered("7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV") == "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"


@pytest.fixture
def api(monkeypatch):
    return Api(monkeypatch, lambda: datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "event",
    [
        {"type": "TX", "wallet_address": ADDRESS, "chain_id": "1", "transaction_hash": HASH},
        {"type": "tx", "walletAddress": ADDRESS, "chainId": 1, "transactionHash": HASH},
        {"type": "track", "event": "TX", "properties": {"wallet_address": ADDRESS, "chain_id": 1, "tx_hash": HASH}},
        {"event": "TX", "type": "track", "properties": {"walletAddress": ADDRESS, "chainId": "0x1", "txHash": HASH}},
    ],
)
def test_wallets_and_chains_make_an_event_web3_wherever_they_stand(api, event):
    api.post("/sdk/event", event)

    (stored,) = api.writer.events
    assert stored.kind == "web3"
    assert stored.name.upper() == "TX"
    assert json.loads(stored.web3) == {
        "chain": "eip155:1",
        "address": ADDRESS.lower(),
        "address_raw": ADDRESS,
        "account": f"eip155:1:{ADDRESS.lower()}",
        "tx_hash": HASH.lower(),
    }


def test_amounts_stay_as_they_were_written(api):
    value = 2**256 - 1
    for written in (value, str(value)):
        api.post("/sdk/event", {"event": "e", "type": "TX", "properties": {"chain_id": 1, "value": written}})

    assert [json.loads(each.web3)["value"] for each in api.writer.events] == [str(value)] * 2


def test_a_property_that_only_looks_like_a_chain_does_not_cost_the_event(api):
    api.post("/sdk/event", {"event": "e", "properties": {"chain_id": {"a": 1}, "wallet_address": "w", "status": [1]}})
    api.post("/sdk/event", {"event": "e", "properties": {"chain_id": "testnet"}})

    assert [json.loads(each.web3) for each in api.writer.events] == [
        {"address": "w", "address_raw": "w"},
        {"chain_raw": "testnet"},
    ]


def test_an_identify_call_with_a_wallet_stays_an_identify_call(api):
    api.post("/sdk/event", {"type": "identify", "anonymousId": "a", "userId": "u", "wallet_address": ADDRESS})

    (stored,) = api.writer.events
    assert stored.kind == "identify"
    assert json.loads(stored.web3)["address"] == ADDRESS.lower()
