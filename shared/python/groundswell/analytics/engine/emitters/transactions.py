"""What became of transactions, and what they moved."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows, text
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.sums import amounts, columns, decimal, shown, summed
from groundswell.analytics.questions import transactions as reports
from groundswell.analytics.questions.answers import transactions_out, volume_out
from groundswell.analytics.questions.transactions import FINAL, By, Transaction, Transition, Volume, Wanted
from groundswell.events.eventlog.window import Window

_AT = "(ts, block, position)"


def _heard(emitter: Emitter) -> list[str]:
    """`heard`: one row a transaction; reports fill in what earlier ones left out."""
    emitter.columns("person")
    expressions = {
        "tx_hash": text(emitter, reports.HASH),
        "chain": text(emitter, reports.CHAIN),
        "status": text(emitter, reports.STATUS),
        "account": text(emitter, reports.ACCOUNT),
        "address": text(emitter, reports.ADDRESS),
        "contract": text(emitter, reports.CONTRACT),
        "method": text(emitter, reports.METHOD),
        "amount": amounts(emitter, reports.VALUE),
    }
    selected = ", ".join(f"{sql} AS {name}" for name, sql in expressions.items())
    final = " ".join(f"WHEN list_contains(said, '{status}') THEN '{status}'" for status in FINAL)
    first = "coalesce(arg_min({0}, {1}) FILTER ({0} <> ''), arg_max_null({0}, {1})) AS {0}"
    filled = ", ".join(first.format(name, _AT) for name in ("person", "wallet", "contract", "method", "amount"))
    return [
        f"told AS (SELECT ts, block, position, person, {selected} FROM picked WHERE kind = 'web3')",
        "reported AS (SELECT *, coalesce(nullif(account, ''), address) AS wallet FROM told WHERE tx_hash IS NOT NULL)",
        "steps AS (SELECT chain, tx_hash, status, min(ts) AS since, "
        f"min({_AT}) AS place FROM reported WHERE status <> '' GROUP BY chain, tx_hash, status)",
        "gone AS (SELECT chain, tx_hash, list(status ORDER BY place) AS said, list(since ORDER BY place) AS times "
        "FROM steps GROUP BY chain, tx_hash)",
        f"filled AS (SELECT chain, tx_hash, min(ts) AS first, max(ts) AS last, {filled} FROM reported "
        "GROUP BY chain, tx_hash)",
        f"heard AS (SELECT filled.*, said, times, CASE {final} ELSE said[-1] END AS status FROM filled LEFT JOIN gone "
        "ON filled.tx_hash = gone.tx_hash AND filled.chain IS NOT DISTINCT FROM gone.chain)",
    ]


class _Row(msgspec.Struct, array_like=True):
    chain: str | None
    tx_hash: str | None
    first: int
    last: int
    person: str | None
    wallet: str | None
    contract: str | None
    method: str | None
    amount: str | None
    statuses: list[str] | None
    times: list[int] | None
    total: int

    @property
    def transaction(self) -> Transaction:
        made = Transaction(
            self.chain, self.tx_hash or "", self.first, self.last, self.person, self.wallet, self.contract, self.method
        )
        made.value = None if self.amount is None else Decimal(self.amount)
        made.transitions = list(map(Transition, self.times or (), self.statuses or ()))
        return made


@dataclass(frozen=True)
class TransactionsQuestion(Emitted):
    window: Window
    wanted: Wanted
    limit: int

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        ctes = _heard(emitter)
        wanted = vars(self.wanted)
        conditions = [f"{name} = {emitter.bind(value)}" for name, value in wanted.items() if value is not None]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        shown = "chain, tx_hash, first, last, person, wallet, contract, method, amount, said, times"
        return emitter.statement(
            [*ctes, f"matching AS (SELECT * FROM heard {where})"],
            f"SELECT NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*) FROM matching UNION ALL "
            f"(SELECT {shown}, 0 FROM matching ORDER BY first DESC, tx_hash, coalesce(chain, '') "
            f"LIMIT {emitter.bind(self.limit)})",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows = rows(table, _Row)
        (total,) = (row.total for row in table_rows if row.tx_hash is None)
        listed = [row.transaction for row in table_rows if row.tx_hash is not None]
        return transactions_out(sorted(listed, key=reports.newest_first), total, as_of)


@dataclass(frozen=True)
class VolumeQuestion(Emitted):
    window: Window
    by: By
    top: int

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        """Equally large groups are ordered by chain and key, nothing as `None`."""
        moved = f"SELECT *, {columns("CASE WHEN status = 'confirmed' THEN amount END")} FROM heard"
        counted = (
            f"SELECT chain, {self.by.value} AS key, count(*) AS count, "
            f"count(*) FILTER (status = 'confirmed') AS confirmed, {summed()} FROM moved GROUP BY ALL"
        )
        ordered = "ORDER BY count DESC, coalesce(chain, 'None'), coalesce(key, 'None')"
        return emitter.statement(
            [*_heard(emitter), f"moved AS ({moved})", f"counted AS ({counted})"],
            f"SELECT NULL, NULL, count(*), 0, NULL FROM counted UNION ALL "
            f"(SELECT chain, key, count, confirmed, {shown()} FROM counted {ordered} LIMIT {emitter.bind(self.top)})",
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows = rows(table, tuple[str | None, str | None, int, int, list[str | None] | None])
        (groups,) = (count for _, _, count, _, parts in table_rows if parts is None)
        listed = [
            Volume(key, chain, count, confirmed, decimal(parts))
            for chain, key, count, confirmed, parts in table_rows
            if parts is not None
        ]
        return volume_out(sorted(listed, key=reports.largest_first), self.top, as_of, groups)
