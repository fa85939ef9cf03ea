"""Wire shapes of what is asked about chains. Values are in the chain's smallest unit, with all their digits."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.analytics.questions.answers import AnswerOut
from functions.analytics.questions.schemas import Top, Within
from functions.analytics.schemas import Number
from groundswell.analytics.questions.transactions import By
from groundswell.http.envelope import Envelope, PageMeta
from groundswell.http.range import RangedIn
from groundswell.http.schema import Out, Time

Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TransactionsIn(RangedIn):
    chain: Named | None = Field(default=None, description="CAIP-2, such as `eip155:1`")
    tx_hash: Named | None = None
    status: Named | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 50


class VolumeIn(RangedIn):
    by: By = By.CHAIN
    top: Top = 50


class ConversionIn(RangedIn):
    within_seconds: Within = 7 * 86_400


class TransitionOut(Out):
    ts: Time
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
    first_seen: Time
    last_seen: Time
    transitions: list[TransitionOut]


class TransactionsOut(AnswerOut):
    transactions: list[TransactionOut]
    total: int


class TransactionsPage(Envelope[TransactionsOut]):
    """`total` is of all pages."""

    meta: PageMeta


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
