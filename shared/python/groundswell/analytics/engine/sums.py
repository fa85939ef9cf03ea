"""Sums of decimals without a digit lost: a decimal of SQL has 38, what is summed here up to 108."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.questions.fields import Field, amount
from groundswell.analytics.questions.values import Value
from groundswell.events.eventlog.records import EXACT

SHORT, _SHORT = "DECIMAL(18, 8)", 10
"""What holds an amount of ten characters; sums of it have 20 more digits."""
_WRITTEN = r"-?[0-9]{1,78}(\.[0-9]{1,30})?"
_WHOLE, _PLACES, _DIGITS = 80, 30, 11
_LIMBS = (_WHOLE + _PLACES) // _DIGITS


def amounts(emitter: Emitter, field: Field) -> str:
    """SQL of the text of the amount that a field holds, a number or its text; NULL for none."""
    term = emitter.term(field)
    large = f"NOT regexp_full_match({term.number}, '{_WRITTEN}')"
    odd = emitter.judged(term, f"{term.odd} OR ({term.is_number} AND {large})", _plain, "VARCHAR")
    number = f"CASE WHEN {large} THEN {odd} ELSE {term.number} END"
    text = f"CASE WHEN regexp_full_match({term.text}, '{_WRITTEN}') THEN {term.text} END"
    return f"({term.cases(odd=odd, text=text, number=number, true='NULL', false='NULL', missing='NULL')})"


def is_short(text: str) -> str:
    """SQL that says whether the text of an amount is: no pattern is looked for, of which each costs as much as all
    else."""
    return f"strlen({text}) <= {_SHORT}"


def columns(text: str) -> str:
    """Of SQL of an amount's text, what `summed` adds up."""
    small = is_short(text)
    whole = f"ltrim(split_part({text}, '.', 1), '-')"
    long = f"lpad({whole}, {_WHOLE}, '0') || rpad(split_part({text}, '.', 2), {_PLACES}, '0')"
    sign = f"CASE WHEN starts_with({text}, '-') THEN -1 ELSE 1 END"
    limbs = (
        f"CASE WHEN NOT {small} THEN {sign} * substr({long}, {at * _DIGITS + 1}, {_DIGITS})::BIGINT END AS limb{at}"
        for at in range(_LIMBS)
    )
    return (
        f"length(split_part({text}, '.', 2)) AS places, CASE WHEN {small} THEN {text}::{SHORT} END AS small, "
        f"{', '.join(limbs)}"
    )


def summed() -> str:
    """The same columns of a group of rows, or of groups."""
    limbs = (f"sum(limb{at}) AS limb{at}" for at in range(_LIMBS))
    return f"max(places) AS places, sum(small) AS small, {', '.join(limbs)}"


def shown() -> str:
    """SQL of a sum as `decimal` reads it."""
    return f"[places::VARCHAR, small::VARCHAR, {', '.join(f'limb{at}::VARCHAR' for at in range(_LIMBS))}]"


def decimal(parts: Sequence[str | None] | None) -> Decimal:
    places, small, *limbs = parts or [None, None]
    if places is None:
        return Decimal(0)
    value = Decimal(small or 0)
    whole = sum(int(limb or 0) * 10 ** (_DIGITS * (_LIMBS - at)) for at, limb in enumerate(limbs, 1))
    exact = EXACT.add(value, EXACT.scaleb(Decimal(whole), -_PLACES))
    return EXACT.quantize(exact, Decimal(1).scaleb(-int(places)))


def _plain(value: Value) -> Any:
    number = amount(value)
    return None if number is None else f"{number:f}"
