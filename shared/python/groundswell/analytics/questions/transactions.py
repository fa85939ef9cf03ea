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
        said = [transition.status for transition in self.transitions]
        return next((status for status in FINAL if status in said), said[-1] if said else None)

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

    def __contains__(self, each: object) -> bool:
        return (
            isinstance(each, Transaction)
            and self.chain in (None, each.chain)
            and self.tx_hash in (None, each.tx_hash)
            and self.status in (None, each.status)
        )


PATHS = frozenset(each.path for each in (HASH, CHAIN, STATUS, CONTRACT, ADDRESS, ACCOUNT, VALUE, METHOD))
"""What reports say of transactions."""


def reported(row: Row) -> tuple[str | None, str] | None:
    """The chain and hash of the transaction that the event reports; None if it does not."""
    if row.kind != "web3" or (tx_hash := _text(HASH, row)) is None:
        return None
    return _text(CHAIN, row), tx_hash


def transactions(rows: Iterable[Row]) -> list[Transaction]:
    """`rows` in time order; by when they were first heard of, newest first."""
    found: dict[tuple[str | None, str], Transaction] = {}
    for row in rows:
        key = reported(row)
        if key:
            known = found.setdefault(key, Transaction(*key, row.ts, row.ts))
            known.report(row)
    return sorted(found.values(), key=newest_first)


@dataclass(frozen=True)
class Listing:
    """Some of the `total` transactions, and where the rest begins."""

    some: tuple[Transaction, ...]
    total: int
    rest: Place | None = None


def listing(found: Sequence[Transaction], limit: int, after: Place | None = None) -> Listing:
    """Of all that were found, newest first, those after that place."""
    left = [each for each in found if after is None or newest_first(each) > after]
    some = tuple(left[:limit])
    return Listing(some, len(found), newest_first(some[-1]) if len(left) > limit else None)


def newest_first(each: Transaction) -> Place:
    return -each.first, each.tx_hash, each.chain or ""


def volume(heard: Iterable[Transaction], by: By) -> list[Volume]:
    """Per chain, or per contract or wallet of a chain: values of different chains are of different coins."""
    groups: dict[tuple[str | None, str | None], Volume] = {}
    for each in heard:
        key = {By.CHAIN: each.chain, By.CONTRACT: each.contract, By.WALLET: each.wallet}[by]
        before = groups.get((each.chain, key), Volume(key, each.chain, 0, 0, Decimal(0)))
        confirmed = each.status == "confirmed"
        moved = each.value or Decimal(0) if confirmed else Decimal(0)
        groups[each.chain, key] = Volume(
            key, each.chain, before.count + 1, before.confirmed + confirmed, EXACT.add(before.value, moved)
        )
    return sorted(groups.values(), key=largest_first)


def largest_first(each: Volume) -> tuple[int, str, str]:
    return -each.count, str(each.chain), str(each.key)


def _text(part: Field, row: Row) -> str | None:
    value = part.of(row)
    return value if type(value) is str else None
