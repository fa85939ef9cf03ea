"""What all of them share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import msgspec

from groundswell.analytics.engine.emitter import Emitter, Odd
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.values import Value
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class Emitted(ABC):
    """A question about the events of `read`, as `groundswell.analytics.engine.questions.Question` has it."""

    odd: Odd | None = field(default=None, kw_only=True)

    @property
    @abstractmethod
    def read(self) -> Window:
        """Whose events it needs."""

    @abstractmethod
    def emit(self, emitter: Emitter) -> Statement: ...

    @abstractmethod
    def answer(self, table: Table, as_of: int) -> dict[str, Any]: ...

    @property
    def statement(self) -> Statement:
        return self.emit(Emitter(self.read, self.odd))

    def probes(self) -> Mapping[str, Statement]:
        """By field, what lists the values that the statement cannot judge."""
        emitter = Emitter(self.read, None)
        self.emit(emitter)
        return emitter.probes()

    def judged(self, odd: Odd) -> Self:
        """The same, knowing these values."""
        return replace(self, odd=odd)


def rows[T](table: Table, row: type[T]) -> list[T]:
    return msgspec.json.decode(table.rows, type=list[row])  # type: ignore[valid-type]


def text(emitter: Emitter, source: Field, only: str | None = None) -> str:
    """SQL of a text, and of nothing else. `only` is SQL that says of which events it is asked."""
    term = emitter.term(source, only)
    odd = emitter.judged(term, term.odd, _if_text, "VARCHAR")
    return term.cases(odd=odd, text=term.text, number="NULL", true="NULL", false="NULL", missing="NULL")


def _if_text(value: Value) -> str | None:
    return value if type(value) is str else None
