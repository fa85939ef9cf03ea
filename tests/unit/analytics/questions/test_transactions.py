"""Transactions as they were reported, by the SDK and by the backend."""

from decimal import Decimal
from itertools import permutations

from groundswell.analytics.questions.transactions import By, Transition, transactions, volume
from tests.fakes.rows import row

WEI = 2**256 - 1


def report(ts, status, tx="0xaa", person="ada", **fields):
    chain = fields.pop("chain", "eip155:1")
    return row(ts, person, "tx", kind="web3", web3={"tx_hash": tx, "chain": chain, "status": status} | fields)


def test_reports_of_one_transaction_are_one_with_its_transitions():
    rows = [
        report(1, "started", address="0x1"),
        report(2, "broadcasted", value=str(WEI)),
        report(3, "broadcasted"),
        report(4, "confirmed", contract_address="0xc", account="eip155:1:0x1"),
        report(5, "confirmed", chain="eip155:8453"),
        row(6, kind="web3", name="connected", web3={"address": "0x1"}),
    ]

    elsewhere, transaction = transactions(rows)

    assert elsewhere.chain == "eip155:8453"
    assert transaction.transitions == [
        Transition(1, "started"),
        Transition(2, "broadcasted"),
        Transition(4, "confirmed"),
    ]
    assert (transaction.status, transaction.value, transaction.contract, transaction.wallet) == (
        "confirmed",
        Decimal(WEI),
        "0xc",
        "0x1",
    )
    assert (transaction.first, transaction.last) == (1, 4)


def test_the_final_status_stands_whatever_is_heard_last():
    for order in permutations(["confirmed", "broadcasted", "started"]):
        (transaction,) = transactions([report(ts, status) for ts, status in enumerate(order)])
        assert transaction.status == "confirmed"


def test_volume_counts_each_transaction_once_and_only_what_was_confirmed_moved():
    rows = [
        report(1, "broadcasted", "0x1", value=str(WEI), contract_address="0xc"),
        report(2, "confirmed", "0x1", value=str(WEI)),
        report(3, "confirmed", "0x2", value="1", contract_address="0xc"),
        report(4, "reverted", "0x3", value="5", contract_address="0xc"),
        report(5, "confirmed", "0x4", value="7", chain="solana:mainnet"),
    ]

    chains = volume(transactions(rows), By.CHAIN)
    contracts = volume(transactions(rows), By.CONTRACT)

    assert [(chain.key, chain.count, chain.confirmed, chain.value) for chain in chains] == [
        ("eip155:1", 3, 2, Decimal(WEI + 1)),
        ("solana:mainnet", 1, 1, Decimal(7)),
    ]
    assert contracts[0].key == "0xc"
    assert contracts[1].key is None
