"""What a set of rules must be before it scores anybody."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.scoring.conditions import COMPARISONS, COUNTS
from groundswell.scoring.model import Condition, Operator, Rule, RuleSet, Thresholds, as_score
from groundswell.scoring.values import LISTS, TEXTS, TIMES, moment, number

_STEP = 0.25
_TOLERATED = 1e-9
_LONGEST_DAYS = 3650
_VALUES_AT_MOST = 100
_ON_TEXTS = frozenset(Operator) - COMPARISONS.keys() - {Operator.WITHIN_DAYS}
_ON_TIMES = frozenset({*COMPARISONS, Operator.EXISTS, Operator.WITHIN_DAYS})
_ON_LISTS = frozenset(
    {Operator.EQUALS, Operator.NOT_EQUALS, Operator.CONTAINS, Operator.STARTS_WITH, Operator.IN, Operator.EXISTS}
)
_ON_EVENTS = frozenset({*COUNTS, Operator.EXISTS, Operator.WITHIN_DAYS})


def check(config: RuleSet) -> None:
    """Raises Invalid with all that is wrong, by path (`rules.0.when.operator`)."""
    problems = [*_unique(config.rules), *_thresholds(config.thresholds)]
    if abs(config.weights.rules + config.weights.logistic - 1) > _TOLERATED:
        problems.append(FieldProblem("weights", "invalid", "`rules` and `logistic` add up to 1"))
    for at, rule in enumerate(config.rules):
        problems += [FieldProblem(f"rules.{at}.{name}", "invalid", text) for name, text in _rule(rule)]
    for axis in ("fit", "engagement"):
        most = getattr(config.caps, axis)
        if most is not None and (most <= 0 or most % _STEP):
            problems.append(FieldProblem(f"caps.{axis}", "invalid", f"a positive multiple of {_STEP}"))
    if problems:
        raise Invalid(problems=tuple(problems))


def _unique(rules: tuple[Rule, ...]) -> Iterator[FieldProblem]:
    known = set[str]()
    for at, rule in enumerate(rules):
        if rule.id in known:
            yield FieldProblem(f"rules.{at}.id", "duplicate", "another rule has this id")
        known.add(rule.id)


def _thresholds(limits: Thresholds) -> Iterator[FieldProblem]:
    for higher, lower in (("A", "B"), ("B", "C"), ("sql", "mql")):
        if as_score(getattr(limits, higher)) < as_score(getattr(limits, lower)):
            yield FieldProblem(f"thresholds.{higher}", "range", f"must not be below {lower}")


def _rule(rule: Rule) -> Iterator[tuple[str, str]]:
    """(path within the rule, what is wrong)."""
    if rule.points % _STEP:
        yield "points", f"a multiple of {_STEP}: sums of them are exact"
    if rule.max_points is not None and rule.max_points % _STEP:
        yield "max_points", f"a multiple of {_STEP}"
    if rule.when.event is None and rule.when.field is not None:
        for name in ("repeatable", "per_day", "half_life_days", "max_points"):
            if getattr(rule, name):
                yield name, "for rules on events only: a field holds once, and now"
    yield from condition_problems(rule.when)


def condition_problems(when: Condition) -> Iterator[tuple[str, str]]:
    """(path, what is wrong): `when.operator`."""
    if (when.field is None) == (when.event is None):
        yield "when", "either `field` or `event`"
    elif when.event is not None:
        yield from _event(when)
    else:
        yield from _field(when)
    yield from _value(when)


def _event(when: Condition) -> Iterator[tuple[str, str]]:
    if when.operator not in _ON_EVENTS:
        yield "when.operator", f"an event has {_names(_ON_EVENTS)}"
    elif when.operator in COUNTS and not _are_numbers(when):
        yield "when.value", "how many occurrences: a number"


def _are_numbers(when: Condition) -> bool:
    values = when.value if when.operator is Operator.IN else [when.value]
    return isinstance(values, list | tuple) and all(number(value) is not None for value in values)


def _field(when: Condition) -> Iterator[tuple[str, str]]:
    kinds = ((TEXTS, _ON_TEXTS, "a text"), (TIMES, _ON_TIMES, "a time"), (LISTS, _ON_LISTS, "a list"))
    for names, operators, kind in kinds:
        if when.field in names and when.operator not in operators:
            yield "when.operator", f"`{when.field}` is {kind}, which has {_names(operators)}"
    if when.field in TIMES and when.operator in COMPARISONS and moment(when.value) is None:
        yield "when.value", f"`{when.field}` is a time: compare it with one, such as 2026-11-01T00:00:00Z"


def _value(when: Condition) -> Iterator[tuple[str, str]]:
    if (wrong := _WANTED.get(when.operator, _scalar)(when.value)) is not None:
        yield "when.value", wrong


def _scalar(value: Any) -> str | None:
    plain = isinstance(value, str | bool | int) or (isinstance(value, float) and isfinite(value))
    return None if plain and value != "" else "a text, a number or a truth value"


def _text(value: Any) -> str | None:
    return None if (isinstance(value, str) and value) or number(value) is not None else "a text"


def _several(value: Any) -> str | None:
    if isinstance(value, list | tuple) and 0 < len(value) <= _VALUES_AT_MOST and not any(map(_scalar, value)):
        return None
    return f"a list of 1 to {_VALUES_AT_MOST} texts, numbers or truth values"


def _truth(value: Any) -> str | None:
    return None if value is None or isinstance(value, bool) else "true or false (absent is true)"


def _days(value: Any) -> str | None:
    days = None if isinstance(value, str) else number(value)
    return None if days is not None and 0 < days <= _LONGEST_DAYS else f"days: a number above 0, up to {_LONGEST_DAYS}"


def _comparable(value: Any) -> str | None:
    return None if number(value) is not None or moment(value) is not None else "a number or a time"


_WANTED = {
    Operator.IN: _several,
    Operator.EXISTS: _truth,
    Operator.WITHIN_DAYS: _days,
    Operator.CONTAINS: _text,
    Operator.STARTS_WITH: _text,
    **dict.fromkeys(COMPARISONS, _comparable),
}


def _names(operators: frozenset[Operator]) -> str:
    return ", ".join(operator.value for operator in Operator if operator in operators)
