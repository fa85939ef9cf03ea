"""What became of transactions: one per chain and hash, whoever reported it and how often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.records import EXACT

HASH, CHAIN, STATUS = Field("web3.tx_hash"), Field("web3.chain"), Field("web3.status")
CONTRACT, ADDRESS, ACCOUNT = Field("web3.contract_address"), Field("web3.address"), Field("web3.account")
VALUE, METHOD = Field("web3.value"), Field("web3.method")
FINAL = ("confirmed", "reverted", "failed", "rejected")
"""What a transaction does not change from; where reports differ, the first of these is believed."""


type Place = tuple[int, str, str]
"""Where a transaction stands in the order of all, newest first."""


class By(StrEnum):
    CHAIN = "chain"
    CONTRACT = "contract"
    WALLET = "wallet"


@dataclass(frozen=True)
class Transition:
    ts: int
    status: str


@dataclass
class Transaction:
    """`value` in the chain's smallest unit, as it was reported. Later reports fill in what earlier ones left out."""

    chain: str | None
    tx_hash: str
    first: int
    last: int
    person: str | None = None
    wallet: str | None = None
    contract: str | None = None
    method: str | None = None
    value: Decimal | None = None
    transitions: list[Transition] = field(default_factory=list)

    @property
    def status(self) -> str | None:
        """The final one if it has one, else the newest."""
        statuses = [transition.status for transition in self.transitions]
        return next((status for status in FINAL if status in statuses), statuses[-1] if statuses else None)

    def report(self, row: Row) -> None:
        self.last = row.ts
        self.person = self.person or row.person
        self.wallet = self.wallet or _text(ACCOUNT, row) or _text(ADDRESS, row)
        self.contract = self.contract or _text(CONTRACT, row)
        self.method = self.method or _text(METHOD, row)
        self.value = VALUE.amount(row) if self.value is None else self.value
        status = _text(STATUS, row)
        if status and status not in [transition.status for transition in self.transitions]:
            self.transitions.append(Transition(row.ts, status))


@dataclass(frozen=True)
class Volume:
    """`confirmed` of `count` transactions, moving `value` of the chain's smallest unit."""

    key: str | None
    chain: str | None
    count: int
    confirmed: int
    value: Decimal


@dataclass(frozen=True)
class Wanted:
    """Which transactions. None matches all."""

    chain: str | None = None
    tx_hash: str | None = None
    status: str | None = None

    def __contains__(self, candidate: object) -> bool:
        return (
            isinstance(candidate, Transaction)
            and self.chain in (None, candidate.chain)
            and self.tx_hash in (None, candidate.tx_hash)
            and self.status in (None, candidate.status)
        )


PATHS = frozenset(field.path for field in (HASH, CHAIN, STATUS, CONTRACT, ADDRESS, ACCOUNT, VALUE, METHOD))
"""What reports say of transactions."""


def reported(row: Row) -> tuple[str | None, str] | None:
    """The chain and hash of the transaction that the event reports; None if it does not."""
    if row.kind != "web3" or (tx_hash := _text(HASH, row)) is None:
        return None
    return _text(CHAIN, row), tx_hash


def transactions(rows: Iterable[Row]) -> list[Transaction]:
    """`rows` in time order; by when they were first heard of, newest first."""
    by_key: dict[tuple[str | None, str], Transaction] = {}
    for row in rows:
        key = reported(row)
        if key:
            known = by_key.setdefault(key, Transaction(*key, row.ts, row.ts))
            known.report(row)
    return sorted(by_key.values(), key=newest_first)


@dataclass(frozen=True)
class Listing:
    """Some of the `total` transactions, and where the rest begins."""

    shown: tuple[Transaction, ...]
    total: int
    rest: Place | None = None


def listing(matches: Sequence[Transaction], limit: int, after: Place | None = None) -> Listing:
    """Of all that were found, newest first, those after that place."""
    left = [match for match in matches if after is None or newest_first(match) > after]
    shown = tuple(left[:limit])
    return Listing(shown, len(matches), newest_first(shown[-1]) if len(left) > limit else None)


def newest_first(transaction: Transaction) -> Place:
    return -transaction.first, transaction.tx_hash, transaction.chain or ""


def volume(heard: Iterable[Transaction], by: By) -> list[Volume]:
    """Per chain, or per contract or wallet of a chain: values of different chains are of different coins."""
    groups: dict[tuple[str | None, str | None], Volume] = {}
    for transaction in heard:
        key = {By.CHAIN: transaction.chain, By.CONTRACT: transaction.contract, By.WALLET: transaction.wallet}[by]
        before = groups.get((transaction.chain, key), Volume(key, transaction.chain, 0, 0, Decimal(0)))
        confirmed = transaction.status == "confirmed"
        moved = transaction.value or Decimal(0) if confirmed else Decimal(0)
        groups[transaction.chain, key] = Volume(
            key, transaction.chain, before.count + 1, before.confirmed + confirmed, EXACT.add(before.value, moved)
        )
    return sorted(groups.values(), key=largest_first)


def largest_first(chain_volume: Volume) -> tuple[int, str, str]:
    return -chain_volume.count, str(chain_volume.chain), str(chain_volume.key)


def _text(part: Field, row: Row) -> str | None:
    value = part.of(row)
    return value if type(value) is str else None
