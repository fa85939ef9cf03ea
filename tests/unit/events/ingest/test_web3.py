"""What is about a chain, in one spelling."""

import json
from datetime import UTC, datetime

import pytest

from tests.fakes.ingest import Api

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
HASH = "0x" + "AB" * 32


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

    assert [json.loads(event.web3)["value"] for event in api.writer.events] == [str(value)] * 2


def test_a_property_that_only_looks_like_a_chain_does_not_cost_the_event(api):
    api.post("/sdk/event", {"event": "e", "properties": {"chain_id": {"a": 1}, "wallet_address": "w", "status": [1]}})
    api.post("/sdk/event", {"event": "e", "properties": {"chain_id": "testnet"}})

    assert [json.loads(event.web3) for event in api.writer.events] == [
        {"address": "w", "address_raw": "w"},
        {"chain_raw": "testnet"},
    ]


def test_an_identify_call_with_a_wallet_stays_an_identify_call(api):
    api.post("/sdk/event", {"type": "identify", "anonymousId": "a", "userId": "u", "wallet_address": ADDRESS})

    (stored,) = api.writer.events
    assert stored.kind == "identify"
    assert json.loads(stored.web3)["address"] == ADDRESS.lower()


def web3(api, **properties):
    api.post("/sdk/event", {"type": "track", "event": "Swap", "properties": {"chain_id": 1} | properties})
    return json.loads(api.writer.events[-1].web3)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("started", "started"),
        ("Pending", "broadcasted"),
        ("success", "confirmed"),
        (1, "confirmed"),
        ("0x0", "reverted"),
        ("failed", "reverted"),
        ("rejected", "rejected"),
        ("user_rejected", "rejected"),
        ("queued", "queued"),
    ],
)
def test_statuses_of_a_transaction_have_one_spelling(api, said, status):
    assert web3(api, status=said)["status"] == status


@pytest.mark.parametrize(
    ("said", "value"),
    [("0x10", "16"), (16, "16"), ("0.5", "0.5"), (2**256 - 1, str(2**256 - 1)), ("a lot", "a lot")],
)
def test_amounts_are_decimals_written_out(api, said, value):
    assert web3(api, value=said)["value"] == value


def test_a_wallet_is_known_by_its_program_under_every_spelling(api):
    expected = {"name": "MetaMask", "rdns": "io.metamask"}
    for fields in (
        {"wallet": expected},
        {"providerName": "MetaMask", "rdns": "io.metamask"},
        {"wallet_name": "MetaMask", "provider_rdns": "io.metamask"},
    ):
        assert web3(api, **fields)["wallet"] == expected


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        ({"wallet_address": ADDRESS}, None),
        ({"wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}, None),
        ({"wallet_address": ADDRESS[:-1]}, ["address_invalid"]),
        ({"value": str(2**256)}, ["value_out_of_range"]),
    ],
)
def test_what_is_odd_is_said_and_costs_nothing(api, said, warnings):
    assert web3(api, **said).get("warnings") == warnings


def test_an_account_names_its_chain(api):
    solana = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
    wallet = web3(api, account=solana)

    assert wallet["account"] == solana
    assert wallet["chain"] == solana.rpartition(":")[0]
    assert wallet["address"] == solana.rpartition(":")[2]


CONFIRMED = {"chain_id": 1, "transaction_hash": HASH, "status": "confirmed"}
REPORTS = [
    {
        "type": "TX",
        "event_name": "Swap",
        "chain_id": "1",
        "transaction_hash": HASH,
        "properties": {"status": "success"},
    },
    {"type": "track", "event": "Paid", "properties": CONFIRMED},
    {"type": "track", "event": "Paid", "properties": {"chainId": "0x1", "txHash": HASH.lower(), "status": 1}},
]


def test_reports_of_one_fact_are_recognised_whoever_sends_them(api):
    for report in REPORTS:
        api.post("/sdk/event", report)

    assert len({event.fact for event in api.writer.events}) == 1
    assert len({event.id for event in api.writer.events}) == len(REPORTS)


@pytest.mark.parametrize(
    "other",
    [
        {"status": "broadcasted"},
        {"chain_id": 137},
        {"log_index": 0},
        {"log_index": "0x1"},
        {"tx_hash": "0x" + "12" * 32},
    ],
)
def test_another_status_chain_log_or_transaction_is_another_fact(api, other):
    properties = {**CONFIRMED, **other}
    if "tx_hash" in other:
        del properties["transaction_hash"]
    for transaction in (CONFIRMED, properties):
        api.post("/sdk/event", {"type": "track", "event": "Paid", "properties": transaction})

    first, second = api.writer.events
    assert first.fact
    assert second.fact
    assert first.fact != second.fact


@pytest.mark.parametrize(
    "event",
    [
        {"type": "track", "event": "Receipt Viewed", "properties": {"chain_id": 1, "transaction_hash": HASH}},
        {"type": "page", "name": "Receipt", "properties": CONFIRMED},
        {"type": "track", "event": "Paid", "properties": {**CONFIRMED, "chain_id": "mine"}},
        {"type": "track", "event": "Paid", "properties": {"chain_id": 1, "status": "started"}},
    ],
)
def test_what_only_mentions_a_transaction_reports_no_fact(api, event):
    api.post("/sdk/event", event)

    assert api.writer.events[0].fact is None


def test_transactions_without_a_status_are_told_apart_by_their_names(api):
    for name in ("Approve", "Swap", "Swap"):
        api.post("/sdk/event", {"type": "TX", "event": name, "chain_id": 1, "transaction_hash": HASH})

    approve, swap, again = (event.fact for event in api.writer.events)
    assert approve != swap == again
