"""Transactions in pieces: what was reported of one is in one part."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from groundswell.analytics.questions.answers import transactions_out, volume_out
from groundswell.analytics.questions.jobs.plan import bounded
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.transactions import (
    PATHS,
    By,
    Transaction,
    Transition,
    Volume,
    Wanted,
    largest_first,
    newest_first,
    reported,
    transactions,
    volume,
)
from groundswell.events.eventlog.records import EXACT
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class _ByTransaction:
    window: Window
    paths = PATHS

    def wants(self, row: Row) -> bool:
        return reported(row) is not None

    def key(self, row: Row) -> str | None:
        return "\0".join(str(each) for each in reported(row) or ())


@dataclass(frozen=True)
class TransactionsPlan(_ByTransaction):
    wanted: Wanted
    limit: int

    def tally(self, rows: Iterable[Row]) -> Any:
        found = [each for each in transactions(rows) if each in self.wanted]
        return [_packed(each) for each in found[: self.limit]], len(found)

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        newest, total = list[Transaction](), 0
        for some, count in tallies:
            total += count
            newest = nsmallest(self.limit, [*newest, *map(_unpacked, some)], key=newest_first)
        return transactions_out(newest, total, as_of)


@dataclass(frozen=True)
class VolumePlan(_ByTransaction):
    by: By
    top: int

    def tally(self, rows: Iterable[Row]) -> Any:
        found = volume(transactions(rows), self.by)
        return [(each.key, each.chain, each.count, each.confirmed, str(each.value)) for each in found]

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        groups: dict[tuple[str | None, str | None], Volume] = {}
        for tally in tallies:
            for key, chain, count, confirmed, value in tally:
                before = groups.get((chain, key), Volume(key, chain, 0, 0, Decimal(0)))
                moved = EXACT.add(before.value, Decimal(value))
                groups[chain, key] = Volume(key, chain, before.count + count, before.confirmed + confirmed, moved)
            bounded(groups)
        return volume_out(sorted(groups.values(), key=largest_first), self.top, as_of)


def _packed(each: Transaction) -> Any:
    said = (each.chain, each.tx_hash, each.first, each.last, each.person, each.wallet, each.contract, each.method)
    value = None if each.value is None else str(each.value)
    return said, value, [(one.ts, one.status) for one in each.transitions]


def _unpacked(packed: Any) -> Transaction:
    said, value, transitions = packed
    found = Transaction(*said)
    found.value = None if value is None else Decimal(value)
    found.transitions = [Transition(*each) for each in transitions]
    return found
