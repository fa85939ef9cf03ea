"""Which events a question is about, as SQL: conditions, and groups of which all or any hold."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from groundswell.analytics.engine.columns import FRACTION, WHOLE, Column, QueryContext
from groundswell.analytics.questions.instants import instant
from groundswell.events.eventlog.block import is_amount
from groundswell.kernel.errors import Invalid

DEEPEST = 5
MOST = 50
"""Conditions of a question."""
LONGEST_PATTERN = 500
_INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?([.,][0-9]{1,18})?"
    r"\s?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
_ORDERS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TEXTS = {
    "contains": "contains({}, {})",
    "starts_with": "starts_with({}, {})",
    "ends_with": "suffix({}, {})",
    "regex": "regexp_matches({}, {})",
}
_NEGATED = {
    "neq": "eq",
    "not_in": "in",
    "not_contains": "contains",
    "not_starts_with": "starts_with",
    "not_ends_with": "ends_with",
    "not_regex": "regex",
}
OPERATORS = ("eq", "in", *_ORDERS, "between", *_TEXTS, *_NEGATED, "exists", "is_set", "is_not_set")


def holds(where: Sequence[Mapping[str, Any]], context: QueryContext) -> str:
    """SQL for: all of these hold. They are as `check` let them pass."""
    return " AND ".join(_holds(condition, context) for condition in where) or "true"


def check(where: Sequence[Mapping[str, Any]]) -> None:
    """Raises Invalid on `field` or `value` of what is no condition."""
    holds(where, QueryContext())


def _holds(condition: Mapping[str, Any], context: QueryContext) -> str:
    if (whole := condition.get("all")) is not None:
        return f"({holds(whole, context)})"
    if (any_of := condition.get("any")) is not None:
        return f"({' OR '.join(_holds(alternative, context) for alternative in any_of) or 'false'})"
    if (inner := condition.get("not")) is not None:
        return f"(NOT {_holds(inner, context)})"
    if (cohort := condition.get("cohort")) is not None:
        return f"coalesce(events.person IN (SELECT unnest({context.members(cohort)})), false)"
    return _condition(condition["field"], condition.get("operator", "eq"), condition.get("value", True), context)


def _condition(path: str, operator: str, value: Any, context: QueryContext) -> str:
    """True or false, never NULL."""
    if operator in _NEGATED:
        return f"(NOT {_condition(path, _NEGATED[operator], value, context)})"
    column = context.column(path)
    if operator in ("exists", "is_set", "is_not_set"):
        wanted = operator == "is_set" or (operator == "exists" and value is True)
        return f"({column.json} IS {'NOT ' if wanted else ''}NULL)"
    return f"coalesce({_test(column, path, operator, value, context)}, false)"


def _test(column: Column, path: str, operator: str, value: Any, context: QueryContext) -> str:
    if operator == "in":
        return f"({' OR '.join(_equal(column, path, element, context) for element in _listed(value)) or 'false'})"
    if operator == "between":
        low, high = _listed(value, 2)
        return f"({_ordered(column, '>=', low, context)} AND {_ordered(column, '<=', high, context)})"
    if operator in _ORDERS:
        return _ordered(column, _ORDERS[operator], value, context)
    if operator in _TEXTS:
        return _text(column, operator, value, context)
    return _equal(column, path, value, context)


def _listed(value: Any, count: int | None = None) -> Sequence[Any]:
    if not isinstance(value, Sequence) or isinstance(value, str) or (count and len(value) != count):
        raise Invalid.on("value", "`between` takes two values" if count else "`in` takes a list")
    return value


def _equal(column: Column, path: str, value: Any, context: QueryContext) -> str:
    if isinstance(value, list | tuple | dict):
        raise Invalid.on("value", "one value; a list for `in` and `between`")
    if value is None:
        return f"({column.json} IS NULL)"
    if isinstance(value, bool):
        return "false" if column.is_text else f"{column.json} = '{str(value).lower()}'"
    number = _number(value) if not isinstance(value, str) or path == "value" else None
    if number is not None:
        return _compared(column, "=", number, context, column.number)
    at = instant(value) if isinstance(value, str) else None
    same = f"{column.text} = {context.bind(str(value))}"
    return f"({same} OR {_moment(column.text)} = {_micros(at)})" if at is not None else same


def _ordered(column: Column, order: str, value: Any, context: QueryContext) -> str:
    """Numbers by value, times by their instant, other text by code point."""
    if value is None or isinstance(value, bool | list | tuple | dict):
        raise Invalid.on("value", "compare with a number or a text")
    number = _number(value)
    if number is None:
        at = instant(value)
        if at is not None:
            return f"{_moment(column.text)} {order} {_micros(at)}"
        return f"{column.text} {order} {context.bind(value)}"
    compared = _compared(column, order, number, context, column.double)
    if not isinstance(value, str):
        return compared
    return f"CASE WHEN {column.double} IS NOT NULL THEN {compared} ELSE {column.text} {order} {context.bind(value)} END"


def _compared(column: Column, order: str, number: Decimal, context: QueryContext, has_number: str) -> str:
    """As DECIMAL where both fit 38 digits, digit by digit where they have 78, else as doubles."""
    long = _by_digits(column.amount, order, number, context)
    double = f"{column.double} {order} {context.bind(str(number))}::DOUBLE"
    slow = f"CASE WHEN {column.amount} IS NULL THEN {double} ELSE {long} END" if long else double
    exponent = number.as_tuple().exponent
    if number and not (isinstance(exponent, int) and exponent >= -18 and -18 <= number.adjusted() < 20):
        return f"({has_number} IS NOT NULL AND {slow})"
    exact = f"{column.decimal} {order} {context.bind(str(number))}::DECIMAL(38, 18)"
    return f"({has_number} IS NOT NULL AND CASE WHEN {column.decimal} IS NULL THEN {slow} ELSE {exact} END)"


def _by_digits(amount: str, order: str, number: Decimal, context: QueryContext) -> str | None:
    if not is_amount(f"{number:f}"):
        return None
    whole, _, fraction = f"{number.copy_abs():f}".partition(".")
    wanted = context.bind(whole.rjust(WHOLE, "0") + fraction.ljust(FRACTION, "0"))
    digits = (
        f"(lpad(ltrim(split_part({amount}, '.', 1), '-'), {WHOLE}, '0') || "
        f"rpad(split_part({amount}, '.', 2), {FRACTION}, '0'))"
    )
    negative = f"starts_with({amount}, '-')"
    if number < 0:  # of two such, the greater has the smaller digits
        return f"CASE WHEN {negative} THEN {wanted} {order} {digits} ELSE {str('>' in order).lower()} END"
    return f"CASE WHEN {negative} THEN {str('<' in order).lower()} ELSE {digits} {order} {wanted} END"


def _text(column: Column, operator: str, value: Any, context: QueryContext) -> str:
    if not isinstance(value, str):
        raise Invalid.on("value", f"`{operator}` takes text")
    wanted = context.bind(value)
    test = _TEXTS[operator].format(column.text, wanted)
    if operator != "contains" or column.is_text:
        return test
    return (
        f"CASE left({column.json}, 1) "
        f"WHEN '[' THEN list_contains(json_extract({column.json}, '$[*]'), to_json({wanted}))"
        f" WHEN '{{' THEN contains({column.json}, {wanted}) ELSE {test} END"
    )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, str) and not is_amount(value):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(text: str) -> str:
    """Microseconds since 1970 of a text that is a time; without an offset it is UTC."""
    plain = f"replace(replace(upper({text}), ',', '.'), ':60', ':59')"
    offset = rf"regexp_replace(regexp_replace({plain}, '\s?Z$', 'Z'), '\s?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\1:\2')"
    return f"CASE WHEN regexp_full_match({text}, '{_INSTANT}') THEN epoch_us(try_cast({offset} AS TIMESTAMPTZ)) END"


def _micros(at: Decimal) -> int:
    return int(at * 1_000_000 // 1)
