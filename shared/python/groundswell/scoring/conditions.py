"""Conditions on fields, made into functions once: a rule is asked of many leads."""

from collections.abc import Callable
from datetime import datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any

from groundswell.scoring.model import Condition, Operator
from groundswell.scoring.values import Fields, members, moment, number, reader, same_key

type Test = Callable[[Any, datetime], bool]
"""Of a field's value (None: absent) at a time."""
COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.GT: gt,
    Operator.GTE: ge,
    Operator.LT: lt,
    Operator.LTE: le,
}
COUNTS = frozenset({*COMPARISONS, Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN})
"""What an event's condition may say of how many occurrences there are."""


def on_field(condition: Condition) -> Callable[[Fields, datetime], bool]:
    """What is absent answers `not_equals` and `exists: false`, nothing else."""
    read, test = reader(condition.field or ""), value_test(condition)
    return lambda fields, now: test(read(fields), now)


def value_test(condition: Condition) -> Test:
    operator, value = condition.operator, condition.value
    if operator in COMPARISONS:
        return _compares(COMPARISONS[operator], value)
    return _TESTS[operator](value)


def _equals(value: Any) -> Test:
    return _in((value,))


def _not_equals(value: Any) -> Test:
    equal = _equals(value)
    return lambda present, now: not equal(present, now)


def _in(values: Any) -> Test:
    wanted = frozenset(map(same_key, values))
    return lambda present, _: present is not None and any(same_key(member) in wanted for member in members(present))


def _contains(value: Any) -> Test:
    """A text that has it somewhere, or a list that has it as a member."""
    wanted, text = same_key(value), str(value).lower()

    def test(present: Any, _: datetime) -> bool:
        if isinstance(present, list | tuple):
            return any(same_key(member) == wanted for member in present)
        return present is not None and text in str(present).lower()

    return test


def _starts_with(value: Any) -> Test:
    text = str(value).lower()
    return lambda present, _: any(
        str(member).lower().startswith(text) for member in members(present) if member is not None
    )


def _exists(value: Any) -> Test:
    wanted = value is not False
    return lambda present, _: (present is not None) is wanted


def _within_days(value: Any) -> Test:
    """In the past, at most so many days ago."""
    window = timedelta(days=float(value))

    def test(present: Any, now: datetime) -> bool:
        at = moment(present)
        return at is not None and timedelta() <= now - at <= window

    return test


def _compares(compare: Callable[[Any, Any], bool], value: Any) -> Test:
    """Numbers with a number, times with a time; whatever is neither does not match."""
    limit = number(value)
    read: Callable[[Any], Any] = moment if limit is None else number
    bound = moment(value) if limit is None else limit

    def test(present: Any, _: datetime) -> bool:
        actual = read(present)
        return actual is not None and compare(actual, bound)

    return test


_TESTS: dict[Operator, Callable[[Any], Test]] = {
    Operator.EQUALS: _equals,
    Operator.NOT_EQUALS: _not_equals,
    Operator.IN: _in,
    Operator.CONTAINS: _contains,
    Operator.STARTS_WITH: _starts_with,
    Operator.EXISTS: _exists,
    Operator.WITHIN_DAYS: _within_days,
}
