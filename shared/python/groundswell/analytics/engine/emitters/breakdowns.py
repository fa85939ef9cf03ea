"""Counts, sums and persons by what a field says."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.sums import amounts, columns, decimal, shown, summed
from groundswell.analytics.engine.terms import ordering, value_of
from groundswell.analytics.questions.answers import Answer, breakdown_out
from groundswell.analytics.questions.breakdown import Breakdown, Figures, Group, Grouping, of_one_kind
from groundswell.analytics.questions.fields import Field, fitting
from groundswell.analytics.questions.model import PAGE_BYTES, Measure
from groundswell.analytics.questions.uniques import EXACTLY
from groundswell.events.eventlog.model import NO_CURRENCY
from groundswell.events.eventlog.records import EXACT
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid

_VALUE = Field("value")
_MOST_GROUPS = 1_000_000
"""Of sums that are ordered here: SQL has no decimals of so many digits."""
_NO_SUM = columns("NULL::VARCHAR")


class TooManyGroups(Invalid):
    """The answer would need more memory than there is."""

    code = "TOO_MANY_GROUPS"


class _Row(msgspec.Struct, array_like=True):
    """A group that is listed, or all others together (of `groups`), or everybody."""

    what: str
    key: str | None
    groups: int
    events: int
    persons: int
    parts: list[str | None]
    currencies: list[str | None] | None


@dataclass(frozen=True)
class BreakdownQuestion(Emitted):
    window: Window
    grouping: Grouping

    @property
    def read(self) -> Window:
        return self.window

    def emit(self, emitter: Emitter) -> Statement:
        grouped = {Measure.SUM: self._sums, Measure.UNIQUE: self._persons, Measure.COUNT: self._counts}
        unique = self.grouping.measure is Measure.UNIQUE
        others = "SELECT count(DISTINCT who) FROM pairs WHERE NOT EXISTS "
        others += "(SELECT 1 FROM listed WHERE listed.key IS NOT DISTINCT FROM pairs.key)"
        currencies = "list(DISTINCT currency)" if self.grouping.measure is Measure.SUM else "NULL"
        rest = f"(SELECT count(*) AS groups, sum(events) AS events, {summed()} FROM ranked {{where}})"
        counted = "groups, coalesce(events, 0)::BIGINT"
        return emitter.statement(
            [*grouped[self.grouping.measure](emitter), *self._ranked(emitter)],
            f"SELECT 'listed', key, 1, events, persons, {shown()}, NULL::VARCHAR[] FROM listed UNION ALL "
            f"SELECT 'other', NULL, {counted}, {f'({others})' if unique else '0'}, {shown()}, NULL "
            f"FROM {rest.format(where='WHERE place > (SELECT count(*) FROM listed)')} UNION ALL "
            f"SELECT 'total', NULL, {counted}, "
            f"{'(SELECT count(DISTINCT who) FROM pairs)' if unique else '0'}, {shown()}, "
            f"(SELECT {currencies} FROM {'told WHERE amount IS NOT NULL' if currencies != 'NULL' else '(SELECT 1)'}) "
            f"FROM {rest.format(where='')}",
        )

    def _ranked(self, emitter: Emitter) -> list[str]:
        """As many as an answer has room for; all of them where they have to be ordered here."""
        room = "CASE WHEN starts_with(key, '\"') THEN strlen(key) - 1 ELSE length(text) END"
        long = "(SELECT bool_or(limb0 IS NOT NULL) FROM groups)"
        return [
            f"told_apart AS (SELECT *, {emitter.order(self.grouping.by, 'key')} AS text FROM groups)",
            "ranked AS (SELECT *, row_number() OVER (ORDER BY size DESC, text, key) AS place FROM told_apart)",
            f"roomy AS (SELECT *, sum({room}) OVER (ORDER BY place) AS room FROM ranked "
            f"WHERE place <= {emitter.bind(self.grouping.top)} OR ({long} AND place <= {_MOST_GROUPS + 1}))",
            f"listed AS (SELECT * FROM roomy WHERE place = 1 OR room <= {PAGE_BYTES} OR {long})",
        ]

    def _counts(self, emitter: Emitter) -> list[str]:
        key, where = emitter.key(self.grouping.by), matches(emitter, self.grouping.match)
        query = f"SELECT {key} AS key, count(*) AS events, 0 AS persons FROM picked WHERE {where} GROUP BY ALL"
        return [f"counted AS ({query})", f"groups AS (SELECT *, events AS size, {_NO_SUM} FROM counted)"]

    def _persons(self, emitter: Emitter) -> list[str]:
        key, where = emitter.key(self.grouping.by), matches(emitter, self.grouping.match)
        query = f"SELECT {key} AS key, who, count(*) AS events FROM picked WHERE {where} GROUP BY ALL"
        return [
            f"pairs AS MATERIALIZED ({query})",
            "counted AS (SELECT key, sum(events)::BIGINT AS events, count(who) AS persons FROM pairs GROUP BY key)",
            f"groups AS (SELECT *, persons AS size, {_NO_SUM} FROM counted)",
        ]

    def _sums(self, emitter: Emitter) -> list[str]:
        grouping = self.grouping
        key, amount = emitter.key(grouping.by), amounts(emitter, grouping.of or _VALUE)
        where, currency = matches(emitter, grouping.match), "NULL"
        if grouping.of is None:
            emitter.columns("currency")
            currency = f"coalesce(currency, '{NO_CURRENCY}')"
            if grouping.currency is not None:
                amount = f"CASE WHEN {currency} = {emitter.bind(grouping.currency)} THEN {amount} END"
        query = f"SELECT {key} AS key, {amount} AS amount, {currency} AS currency FROM picked WHERE {where}"
        return [
            f"told AS ({query})",
            f"summands AS (SELECT key, {columns('amount')} FROM told)",
            f"groups AS (SELECT key, count(*) AS events, 0 AS persons, {summed()}, coalesce(sum(small), 0) AS size "
            "FROM summands GROUP BY key)",
        ]

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows = rows(table, _Row)
        (other,), (total,) = ([row for row in table_rows if row.what == what] for what in ("other", "total"))
        currencies = {None if currency == NO_CURRENCY else currency for currency in total.currencies or ()}
        of_one_kind(currencies)
        listed, rest = self._in_order([row for row in table_rows if row.what == "listed"], other)
        answer = Breakdown(
            groups=tuple(Group(value_of(row.key), self._figures(row)) for row in listed),
            other=rest,
            others=total.groups - len(listed),
            total=self._figures(total),
            method=EXACTLY,
            currency=self.grouping.currency or next(iter(currencies), None),
        )
        return breakdown_out(Answer(answer, as_of), self.grouping.measure)

    def _figures(self, row: _Row) -> Figures:
        persons = row.persons if self.grouping.measure is Measure.UNIQUE else None
        return Figures(row.events, decimal(row.parts), persons)

    def _size(self, row: _Row) -> Decimal | int:
        match self.grouping.measure:
            case Measure.SUM:
                return decimal(row.parts)
            case Measure.UNIQUE:
                return row.persons
            case _:
                return row.events

    def _in_order(self, listed: list[_Row], other: _Row) -> tuple[list[_Row], Figures]:
        """Those that fit an answer, and the sum of all others. Raises TooManyGroups."""
        if len(listed) > _MOST_GROUPS:
            raise TooManyGroups(f"more than {_MOST_GROUPS} groups: ask about fewer, or by a field with fewer values")
        ordered = sorted(listed, key=lambda row: (-self._size(row), ordering(row.key), row.key or ""))
        fit = fitting((value_of(row.key) for row in ordered), self.grouping.top)
        rest = self._figures(other)
        moved = [self._figures(row) for row in ordered[fit:]]
        events = rest.count + sum(moved_figures.count for moved_figures in moved)
        summed_up = rest.total
        for figures in moved:
            summed_up = EXACT.add(summed_up, figures.total)
        return ordered[:fit], Figures(events, summed_up, rest.persons)
