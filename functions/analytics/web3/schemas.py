"""Wire shapes of what is asked about chains. Values are in the chain's smallest unit, with all their digits."""

from datetime import datetime

from functions.analytics.questions.answers import AnswerOut
from functions.analytics.schemas import Number
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
