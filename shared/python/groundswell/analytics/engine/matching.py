"""Which events match, as SQL: by the verdicts of `questions.filters`, in place where a value is plain."""

from collections.abc import Callable
from decimal import Decimal

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.terms import Term, spelled
from groundswell.analytics.questions.fields import amount
from groundswell.analytics.questions.filters import Condition, Match, Operator, verdict
from groundswell.analytics.questions.instants import instant
from groundswell.analytics.questions.values import Value, decoded

_ORDERS = {Operator.GT: ">", Operator.GTE: ">=", Operator.LT: "<", Operator.LTE: "<="}
_DIGITS = r"-?[0-9]{1,18}(\.[0-9]{1,18})?"
_WRITTEN = r"-?[0-9]{1,78}(\.[0-9]{1,30})?"
_UTC = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z"
_EXACT = "DECIMAL(38, 18)"
_ROOM = Decimal(10) ** 19
EVERY = "true"
"""What `matches` says of a match that leaves nothing out."""


def matches(emitter: Emitter, match: Match) -> str:
    """SQL over `picked` that is true or false."""
    tests = [f"name = {emitter.bind(match.name)}"] if match.name is not None else []
    tests += [_test(emitter, condition) for condition in match.where]
    return f"({' AND '.join(tests)})" if tests else EVERY


def _test(emitter: Emitter, condition: Condition) -> str:
    term, holds = emitter.term(condition.field), verdict(condition)
    return term.cases(
        odd=_judged(emitter, term, term.odd, holds),
        text=_of_text(emitter, term, condition, holds),
        number=_of_number(emitter, term, condition, holds),
        true=_constant(holds(True)),
        false=_constant(holds(False)),
        missing=_constant(holds(None)),
    )


def _judged(emitter: Emitter, term: Term, when: str, holds: Callable[[Value], bool]) -> str:
    return emitter.judged(term, when, holds, "BOOLEAN")


def _constant(held: bool) -> str:
    return "true" if held else "false"


def _of_text(emitter: Emitter, term: Term, condition: Condition, holds: Callable[[Value], bool]) -> str:
    operator, wanted = condition.operator, condition.value
    if operator is Operator.EXISTS:
        return _constant(wanted is True)
    if operator is Operator.CONTAINS:
        return f"contains({term.text}, {emitter.bind(wanted)})" if isinstance(wanted, str) else "false"
    if operator in _ORDERS:
        return _ordered_text(emitter, term, condition, holds)
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    texts = [value for value in several if type(value) is str]
    equal = _one_of(emitter, term.text, texts)
    equal = f"NOT {equal}" if operator is Operator.NEQ else equal
    if all(instant(text) is None for text in texts):
        return equal
    return f"CASE WHEN {_may_be_time(term)} THEN {_judged(emitter, term, _is_time_text(term), holds)} ELSE {equal} END"


def _one_of(emitter: Emitter, expression: str, texts: list[str]) -> str:
    if len(texts) > 1:
        return f"({expression} IN (SELECT unnest({emitter.bind(texts)}::VARCHAR[])))"
    return f"({expression} = {emitter.bind(texts[0])})" if texts else "false"


def _may_be_time(term: Term) -> str:
    return f"regexp_matches({term.text}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"


def _is_time_text(term: Term) -> str:
    return f"{term.is_text} AND {_may_be_time(term)}"


def _ordered_text(emitter: Emitter, term: Term, condition: Condition, holds: Callable[[Value], bool]) -> str:
    wanted, sign = condition.value, _ORDERS[condition.operator]
    if type(wanted) is str and instant(wanted) is not None:
        return _ordered_time(emitter, term, condition, holds)
    words = f"{term.text} {sign} {emitter.bind(wanted)}" if isinstance(wanted, str) else "false"
    if _number(wanted) is None:
        return f"({words})"
    looks = f"regexp_full_match({term.text}, '{_WRITTEN}')"
    numbers = _compared(emitter, term, term.text, f"{term.is_text} AND {looks}", condition, holds)
    return f"CASE WHEN {looks} THEN {numbers} ELSE ({words}) END"


def _ordered_time(emitter: Emitter, term: Term, condition: Condition, holds: Callable[[Value], bool]) -> str:
    """In UTC, as most are spelled, by microseconds; else asked for."""
    end = (instant(str(condition.value)) or Decimal(0)) * 1_000_000
    at = f"epoch_us(try_cast({term.text} AS TIMESTAMP))"
    utc = f"(regexp_full_match({term.text}, '{_UTC}') AND {at} IS NOT NULL)"
    if end != end.to_integral_value():
        return (
            f"CASE WHEN {_may_be_time(term)} THEN {_judged(emitter, term, _is_time_text(term), holds)} ELSE false END"
        )
    judged = _judged(emitter, term, f"{_is_time_text(term)} AND NOT {utc}", holds)
    compared = f"{at} {_ORDERS[condition.operator]} {emitter.bind(int(end))}"
    return f"CASE WHEN {utc} THEN {compared} WHEN {_may_be_time(term)} THEN {judged} ELSE false END"


def _of_number(emitter: Emitter, term: Term, condition: Condition, holds: Callable[[Value], bool]) -> str:
    operator, wanted = condition.operator, condition.value
    if operator is Operator.EXISTS:
        return _constant(wanted is True)
    if operator is Operator.CONTAINS:
        return "false"
    if operator in _ORDERS:
        return _compared(emitter, term, term.number, term.is_number, condition, holds)
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    numbers = [spelled(decoded(str(value).encode())) for value in several if isinstance(value, Decimal)]
    equal = _one_of(emitter, term.number, [number for number in numbers if number is not None])
    return f"NOT {equal}" if operator is Operator.NEQ else equal


def _compared(
    emitter: Emitter, term: Term, text: str, when: str, condition: Condition, holds: Callable[[Value], bool]
) -> str:
    """A number against a number, of as many digits as a decimal of SQL has; else asked for."""
    end = _number(condition.value)
    if end is None:
        return "false"
    if -end.as_tuple().exponent > 18:  # type: ignore[operator]
        return _judged(emitter, term, when, holds)
    bound = emitter.bind(f"{max(-_ROOM, min(_ROOM, end)):f}")
    small = f"regexp_full_match({text}, '{_DIGITS}')"
    judged = _judged(emitter, term, f"{when} AND NOT {small}", holds)
    sign = _ORDERS[condition.operator]
    return f"CASE WHEN {small} THEN {text}::{_EXACT} {sign} {bound}::{_EXACT} ELSE {judged} END"


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else amount(value)
