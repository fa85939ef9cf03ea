"""Rules on custom fields that the client gave a type: which operators these have, and with which values."""

from collections.abc import Iterator, Mapping
from typing import Any

from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.leads.settings.types import CustomField, FieldType, problem
from groundswell.scoring.conditions import COMPARISONS
from groundswell.scoring.model import Condition, Operator, RuleSet
from groundswell.scoring.values import moment, number

_SAME = frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN, Operator.EXISTS})
_OPERATORS: Mapping[FieldType, frozenset[Operator]] = {
    FieldType.TEXT: _SAME | {Operator.CONTAINS, Operator.STARTS_WITH},
    FieldType.NUMBER: _SAME | COMPARISONS.keys(),
    FieldType.BOOLEAN: _SAME,
    FieldType.DATE: _SAME | COMPARISONS.keys() | {Operator.WITHIN_DAYS},
    FieldType.DATETIME: _SAME | COMPARISONS.keys() | {Operator.WITHIN_DAYS},
    FieldType.CHOICE: _SAME,
}
_PREFIX = "custom_fields."


def check_types(config: RuleSet, types: Mapping[str, CustomField]) -> None:
    """Raises Invalid for rules on a custom field of another type, by path (`rules.0.when.operator`)."""
    wrong = tuple(
        FieldProblem(f"rules.{at}.{name}", "type", text)
        for at, rule in enumerate(config.rules)
        for name, text in typed_problems(rule.when, types)
    )
    if wrong:
        raise Invalid(problems=wrong)


def typed_problems(when: Condition, types: Mapping[str, CustomField]) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of a rule on a field of another type: `when.operator`."""
    field = types.get((when.field or "").removeprefix(_PREFIX))
    if field is None:
        return
    if when.operator not in _OPERATORS[field.type]:
        names = ", ".join(operator.value for operator in Operator if operator in _OPERATORS[field.type])
        yield "when.operator", f"`{field.name}` is a {field.type.value}, which has {names}"
        return
    if when.operator in (Operator.EXISTS, Operator.WITHIN_DAYS):
        return
    for value in when.value if isinstance(when.value, list | tuple) else (when.value,):
        if wrong := _wrong(field, value):
            yield "when.value", f"`{field.name}` is a {field.type.value}: {wrong}"
            return


def _wrong(field: CustomField, value: Any) -> str | None:
    """Rules may write a number or a time as a text."""
    if field.type is FieldType.NUMBER:
        return None if number(value) is not None else "a number"
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        return None if moment(value) is not None else "a date or a time"
    return problem(field, value)
