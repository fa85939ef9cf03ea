"""Who is in a cohort. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from groundswell.analytics.filters import Match
from groundswell.analytics.rows import Row
from groundswell.analytics.values import Value, decoded, same
from groundswell.eventlog.block import Block
from groundswell.eventlog.model import DAY, Event
from groundswell.people.traits import merged


@dataclass(frozen=True)
class Did:
    """At least so many matching events, in the last so many days (None: ever)."""

    match: Match
    at_least: int = 1
    days: int | None = None
    negated: bool = False


@dataclass(frozen=True)
class HasTrait:
    """The trait, as the person's last event left it, equals the value."""

    name: str
    value: Value
    negated: bool = False


type Rule = Did | HasTrait


@dataclass(frozen=True)
class Definition:
    """All of the rules hold, or any of them. A rule that is negated holds for those who were seen but do not fit."""

    rules: tuple[Rule, ...]
    any_of: bool = False

    def start(self, at: int) -> int:
        """From when on events have to be read; everything, unless every rule looks back a number of days."""
        days = [rule.days if isinstance(rule, Did) else None for rule in self.rules]
        longest = max((each for each in days if each is not None), default=0)
        return 0 if None in days else max(0, at - longest * DAY)


def members(rows: Iterable[Row], definition: Definition, at: int) -> list[str]:
    """Who fits at that time (ms), by name, among the persons of the rows, which are oldest first."""
    crowd = _Crowd(definition, at)
    for row in rows:
        if row.person is not None:
            crowd.add(row.person, row)
    return sorted(person for person in crowd.persons if crowd.fits(person))


class _Crowd:
    def __init__(self, definition: Definition, at: int) -> None:
        self._definition = definition
        self._since = [
            at - rule.days * DAY if isinstance(rule, Did) and rule.days is not None else 0 for rule in definition.rules
        ]
        self._counts: list[dict[str, int]] = [{} for _ in definition.rules]
        self._saying: dict[str, list[Event]] = {}
        self._has_traits = any(isinstance(rule, HasTrait) for rule in definition.rules)
        self._columns: WeakKeyDictionary[Block, list[bytes]] = WeakKeyDictionary()
        self.persons: set[str] = set()

    def add(self, person: str, row: Row) -> None:
        self.persons.add(person)
        for rule, since, counts in zip(self._definition.rules, self._since, self._counts, strict=True):
            if isinstance(rule, Did) and row.ts >= since and rule.match(row):
                counts[person] = counts.get(person, 0) + 1
        if self._has_traits and self._says(row):
            self._saying.setdefault(person, []).append(row.block.events[row.position])

    def _says(self, row: Row) -> bool:
        column = self._columns.get(row.block)
        if column is None:
            column = self._columns[row.block] = row.block.column("traits")
        return bool(column[row.position])

    def fits(self, person: str) -> bool:
        traits = merged(self._saying.get(person, ())) if self._has_traits else {}
        held = (
            self._holds(rule, counts.get(person, 0), traits) is not rule.negated
            for rule, counts in zip(self._definition.rules, self._counts, strict=True)
        )
        return any(held) if self._definition.any_of else all(held)

    def _holds(self, rule: Rule, count: int, traits: Mapping[str, bytes]) -> bool:
        if isinstance(rule, Did):
            return count >= rule.at_least
        found = decoded(traits[rule.name]) if rule.name in traits else None
        return same(found, rule.value)
