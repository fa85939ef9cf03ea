"""Wire shapes of what is asked about chains. Values are in the chain's smallest unit, with all their digits."""

from datetime import datetime
from typing import Any

from functions.analytics.questions.answers import AnswerOut, rate, seconds
from functions.analytics.schemas import Number, spelled
from groundswell.analytics.funnel import Conversion
from groundswell.analytics.questions import Answer
from groundswell.analytics.transactions import Transaction, Volume
from groundswell.http.schema import Out


class TransitionOut(Out):
    ts: datetime
    status: str


class TransactionOut(Out):
    chain: str | None
    tx_hash: str
    status: str | None
    person: str | None
    wallet: str | None
    contract: str | None
    method: str | None
    value: Number | None
    first_seen: datetime
    last_seen: datetime
    transitions: list[TransitionOut]


class TransactionsOut(AnswerOut):
    transactions: list[TransactionOut]
    total: int


class VolumeGroupOut(Out):
    group: str | None
    chain: str | None
    count: int
    confirmed: int
    value: Number


class VolumeOut(AnswerOut):
    groups: list[VolumeGroupOut]
    others: int


class ReachedOut(Out):
    persons: int
    rate: float
    median_seconds: float | None


class ConversionOut(AnswerOut):
    visitors: int
    wallet: ReachedOut
    transaction: ReachedOut
    confirmed: ReachedOut


def transactions_out(found: list[Transaction], limit: int, as_of: int) -> dict[str, Any]:
    """What `TransactionsOut` describes."""
    return {
        "transactions": [_transaction(each) for each in found[:limit]],
        "total": len(found),
        "as_of": spelled(as_of),
    }


def _transaction(each: Transaction) -> dict[str, Any]:
    return {
        "chain": each.chain,
        "tx_hash": each.tx_hash,
        "status": each.status,
        "person": each.person,
        "wallet": each.wallet,
        "contract": each.contract,
        "method": each.method,
        "value": each.value,
        "first_seen": spelled(each.first),
        "last_seen": spelled(each.last),
        "transitions": [{"ts": spelled(one.ts), "status": one.status} for one in each.transitions],
    }


def volume_out(found: list[Volume], top: int, as_of: int) -> dict[str, Any]:
    """What `VolumeOut` describes."""
    groups = [
        {
            "group": each.key,
            "chain": each.chain,
            "count": each.count,
            "confirmed": each.confirmed,
            "value": each.value,
        }
        for each in found[:top]
    ]
    return {"groups": groups, "others": max(0, len(found) - top), "as_of": spelled(as_of)}


def conversion_out(answer: Answer[tuple[Conversion, ...]]) -> dict[str, Any]:
    """What `ConversionOut` describes."""
    visitors = answer.found[0].steps[0].persons
    reached = [each.steps[1] for each in answer.found]
    shown = [
        {
            "persons": step.persons,
            "rate": rate(step.persons, visitors),
            "median_seconds": seconds(step.from_first),
        }
        for step in reached
    ]
    names = ("wallet", "transaction", "confirmed")
    return {"visitors": visitors, **dict(zip(names, shown, strict=True)), "as_of": spelled(answer.as_of)}
