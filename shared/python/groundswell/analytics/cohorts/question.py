"""Who is in a cohort, as SQL: how often each person did what is asked for, and what was said of its traits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from groundswell.analytics.cohorts.model import MEMBERS_AT_MOST, CohortTooLarge
from groundswell.analytics.cohorts.rules import Definition, Did, HasTrait, fits
from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.events.eventlog.model import DAY, Event
from groundswell.events.eventlog.window import Window
from groundswell.events.people.traits import merged
from groundswell.kernel.errors import Invalid

_SAID = ("kind", "traits", "properties", "extra")


@dataclass(frozen=True)
class CohortQuestion(Emitted):
    """`at` (ms) is when it was asked for."""

    definition: Definition
    at: int

    @property
    def read(self) -> Window:
        return self.definition.window(self.at)

    def emit(self, emitter: Emitter) -> Statement:
        """Traits are told of those whom an event says something of one that is asked for: whole, as they are merged."""
        emitter.columns("person")
        counts = ", ".join(self._count(emitter, rule) for rule in self.definition.rules) or "0"
        traits, where = "NULL", ""
        if self.definition.asks_for_traits:
            emitter.columns("traits", "properties", "extra")
            columns = ", ".join(
                (*_SAID[:2], *(f"CASE WHEN contains({part}, '\"$set') THEN {part} END" for part in _SAID[2:]))
            )
            names = [rule.name for rule in self.definition.rules if isinstance(rule, HasTrait)]
            named = " OR ".join(
                f"contains({part}, {emitter.bind(msgspec.json.encode(name).decode())})"
                for name in names
                for part in _SAID[1:]
            )
            traits = f"CASE WHEN bool_or({named}) THEN list([{columns}] ORDER BY ts, block, position) "
            traits += "FILTER (traits <> '') END"
        else:
            where = f"WHERE {self._holds()} LIMIT {MEMBERS_AT_MOST + 1}"
        return emitter.statement(
            [
                f"crowd AS (SELECT person, [{counts}] AS counts, {traits} AS said FROM picked "
                "WHERE person IS NOT NULL GROUP BY person)",
            ],
            f"SELECT person, counts, said FROM crowd {where}",
        )

    def _count(self, emitter: Emitter, rule: Any) -> str:
        if not isinstance(rule, Did):
            return "0"
        since = 0 if rule.days is None else self.at - rule.days * DAY
        return f"count(*) FILTER (ts >= {since} AND {matches(emitter, rule.match)})"

    def _holds(self) -> str:
        held = (
            f"(counts[{at}] >= {rule.at_least}) IS {'NOT ' if rule.negated else ''}TRUE"
            for at, rule in enumerate(self.definition.rules, 1)
            if isinstance(rule, Did)
        )
        return f"({(' OR ' if self.definition.any_of else ' AND ').join(held)})"

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        """Raises Invalid."""
        persons = list[str]()
        for person, counts, trait_rows in rows(table, tuple[str, list[int], list[list[str | None]] | None]):
            if fits(self.definition, counts, _merged(trait_rows or ())):
                persons.append(person)
            if len(persons) > MEMBERS_AT_MOST:
                raise Invalid(CohortTooLarge.message)
        return {"persons": sorted(persons), "as_of": as_of}


def _merged(trait_rows: Iterable[list[str | None]]) -> Mapping[str, bytes]:
    return merged(_event(*row) for row in trait_rows)


def _event(kind: str | None, *parts: str | None) -> Event:
    traits, properties, extra = ((part or "").encode() for part in parts)
    return Event(id="", kind=kind or "", name="", ts=0, traits=traits, properties=properties, extra=extra)
