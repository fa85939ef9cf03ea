"""Which events a question is about."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from groundswell.analytics.questions.fields import Field, amount
from groundswell.analytics.questions.instants import instant
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.values import Value, same
from groundswell.kernel.errors import Invalid


class Operator(StrEnum):
    EQ = "eq"
    NEQ = "neq"
    IN = "in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    CONTAINS = "contains"
    EXISTS = "exists"


@dataclass(frozen=True)
class Condition:
    """`field operator value`. A missing field is null: it equals null, and differs from everything else.

    Numbers compare by value, times by their instant however they are spelled (see `instants`), other text by code
    point, and a decimal written as text counts as a number in `gt` and `lt`. No text that is no time is before or
    after one.
    `contains` looks for text in text (an object's is its JSON, by member, nothing between), or for a member of an
    array. `exists` takes true or false.
    """

    field: Field
    operator: Operator
    value: Value = True

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if isinstance(self.value, tuple) != (self.operator is Operator.IN):
            raise Invalid.on("value", "a list for `in`, and for nothing else")
        if self.operator is Operator.EXISTS and not isinstance(self.value, bool):
            raise Invalid.on("value", "`exists` takes true or false")
        if self.operator is Operator.CONTAINS and not isinstance(self.value, str):
            raise Invalid.on("value", "`contains` takes text")
        if self.operator in _ORDERS and (self.value is None or isinstance(self.value, bool)):
            raise Invalid.on("value", "compare with a number or a text")
        object.__setattr__(self, "value", self.field.meant(self.value))  # once, not at every event

    def holds(self, row: Row) -> bool:
        return _TESTS[self.operator](self.field.of(row), self.value)


def _equal(value: Value, wanted: Value) -> bool:
    at = _instant(wanted)
    return same(value, wanted) or (at is not None and at == _instant(value))


def _among(value: Value, wanted: Value) -> bool:
    return isinstance(wanted, tuple) and any(_equal(value, candidate) for candidate in wanted)


def _contains(value: Value, wanted: Value) -> bool:
    if isinstance(value, tuple):
        return any(same(element, wanted) for element in value)
    return isinstance(value, str) and isinstance(wanted, str) and wanted in value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], bool]:
    def test(value: Value, wanted: Value) -> bool:
        numbers = _number(value), _number(wanted)
        if None not in numbers:
            return compare(*numbers)
        if (end := _instant(wanted)) is not None:
            return (at := _instant(value)) is not None and compare(at, end)
        return isinstance(value, str) and isinstance(wanted, str) and compare(value, wanted)

    return test


def _instant(value: Value) -> Decimal | None:
    return instant(value) if type(value) is str else None


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else amount(value)


_ORDERS: dict[Operator, Callable[[Value, Value], bool]] = {
    Operator.GT: _ordered(lambda value, wanted: value > wanted),
    Operator.GTE: _ordered(lambda value, wanted: value >= wanted),
    Operator.LT: _ordered(lambda value, wanted: value < wanted),
    Operator.LTE: _ordered(lambda value, wanted: value <= wanted),
}
_TESTS: dict[Operator, Callable[[Value, Value], bool]] = {
    Operator.EQ: _equal,
    Operator.NEQ: lambda value, wanted: not _equal(value, wanted),
    Operator.IN: _among,
    Operator.CONTAINS: _contains,
    Operator.EXISTS: lambda value, wanted: (value is not None) == wanted,
    **_ORDERS,
}


def verdict(condition: Condition) -> Callable[[Value], bool]:
    """Whether it holds for what an event says."""
    return lambda value: _TESTS[condition.operator](value, condition.value)


@dataclass(frozen=True)
class Match:
    """Events of that name (or of any), for which all conditions hold."""

    name: str | None = None
    where: tuple[Condition, ...] = ()

    def __call__(self, row: Row) -> bool:
        return self.name in (None, row.name) and all(condition.holds(row) for condition in self.where)

    def among(self, rows: Iterable[Row]) -> Iterator[Row]:
        return filter(self, rows)


ANYTHING = Match()
