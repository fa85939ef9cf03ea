"""Who is in a cohort. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.values import Value, decoded, same
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import DAY, HOUR, Event
from groundswell.events.eventlog.window import Window
from groundswell.events.people.traits import merged


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
TRAITS = ("traits", "properties.$set", "properties.$set_once", "extra.$set", "extra.$set_once")
"""What events say of traits."""


@dataclass(frozen=True)
class Definition:
    """All of the rules hold, or any of them. A rule that is negated holds for those who were seen but do not fit."""

    rules: tuple[Rule, ...]
    any_of: bool = False

    @property
    def asks_for_traits(self) -> bool:
        return any(isinstance(rule, HasTrait) for rule in self.rules)

    def window(self, at: int) -> Window:
        """Whose events have to be read, also those of clocks that are ahead."""
        return Window(self.start(at), at + 24 * HOUR)

    def start(self, at: int) -> int:
        """From when on events have to be read; everything, unless every rule looks back a number of days."""
        days = [rule.days if isinstance(rule, Did) else None for rule in self.rules]
        longest = max((day for day in days if day is not None), default=0)
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
        self._columns: WeakKeyDictionary[Block, list[list[bytes]]] = WeakKeyDictionary()
        self.persons: set[str] = set()

    def add(self, person: str, row: Row) -> None:
        self.persons.add(person)
        for rule, since, counts in zip(self._definition.rules, self._since, self._counts, strict=True):
            if isinstance(rule, Did) and row.ts >= since and rule.match(row):
                counts[person] = counts.get(person, 0) + 1
        if self._definition.asks_for_traits and (traits_event := self._traits_event(row)):
            self._saying.setdefault(person, []).append(traits_event)

    def _traits_event(self, row: Row) -> Event | None:
        """What the event says of traits, if it does."""
        columns = self._columns.get(row.block)
        if columns is None:
            columns = self._columns[row.block] = [row.block.column(path) for path in TRAITS]
        traits, *more = (column[row.position] for column in columns)
        if not traits:
            return None
        properties, extra = _object(*more[:2]), _object(*more[2:])
        return Event(id="", kind=row.kind, name=row.name, ts=row.ts, traits=traits, properties=properties, extra=extra)

    def fits(self, person: str) -> bool:
        counts = [counts.get(person, 0) for counts in self._counts]
        return fits(self._definition, counts, merged(self._saying.get(person, ())))


def fits(definition: Definition, counts: Sequence[int], traits: Mapping[str, bytes]) -> bool:
    """Somebody who did what each rule counts so often, and has these traits."""
    held = (
        _holds(rule, count, traits) is not rule.negated for rule, count in zip(definition.rules, counts, strict=True)
    )
    return any(held) if definition.any_of else all(held)


def _holds(rule: Rule, count: int, traits: Mapping[str, bytes]) -> bool:
    if isinstance(rule, Did):
        return count >= rule.at_least
    value = decoded(traits[rule.name]) if rule.name in traits else None
    return same(value, rule.value)


def _object(always: bytes, once: bytes) -> bytes:
    parts = ((b"$set", always), (b"$set_once", once))
    return b"{%s}" % b",".join(b'"%s":%s' % part for part in parts if part[1])
