"""What is counted of the events of a series: SQL for its parts, and the figure they make.

Sums are exact for amounts of 78 digits and 30 decimals (a uint256 of wei): they are added up in four limbs, what is
short as decimals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from groundswell.analytics.engine.columns import FRACTION, WHOLE
from groundswell.analytics.engine.formulas import Value
from groundswell.analytics.engine.sums import SHORT, is_short

_LIMB = 26
_EXACTLY, _DIGITS = Context(prec=200), Context(prec=15)
_DECIMAL = "try_cast(amount AS DECIMAL(38, 18))"


@dataclass(frozen=True)
class Measure:
    """`parts` is SQL for a list of texts over `who` and `amount`; `figure` is what they mean."""

    parts: str
    figure: Callable[[Sequence[str | None]], Value]
    of_amounts: bool = False
    empty: Value = 0
    """Where there is no event."""


def _limb(start: int) -> str:
    return f"substr(lpad(ltrim(split_part(amount, '.', 1), '-'), {WHOLE}, '0'), {start}, {_LIMB})"


def _limbs() -> str:
    short, sign = is_short("amount"), "CASE WHEN starts_with(amount, '-') THEN -1 ELSE 1 END"
    whole = (_limb(start) for start in range(1, WHOLE, _LIMB))
    digits = (*whole, f"rpad(split_part(amount, '.', 2), {FRACTION}, '0')")
    limbs = (f"sum(CASE WHEN NOT {short} THEN {sign} * ({digit})::HUGEINT END)::VARCHAR" for digit in digits)
    return f"sum(CASE WHEN {short} THEN amount::{SHORT} END)::VARCHAR, {', '.join(limbs)}"


def _sum(parts: Sequence[str | None]) -> Decimal:
    short, *limbs = parts
    high, middle, low, fraction = (int(limb or 0) for limb in limbs)
    whole = (high * 10**_LIMB + middle) * 10**_LIMB + low
    long = Decimal(whole * 10**FRACTION + fraction).scaleb(-FRACTION, _EXACTLY)
    total = _EXACTLY.add(long, Decimal(short or 0)).normalize(_EXACTLY)
    return Decimal(f"{total:f}")


def _count(parts: Sequence[str | None]) -> int:
    return int(parts[0] or 0)


def _mean(parts: Sequence[str | None]) -> Decimal | None:
    *summed, number = parts
    return _quotient(_sum(summed), number)


def _per_person(parts: Sequence[str | None]) -> Decimal | None:
    return _quotient(Decimal(parts[0] or 0), parts[1])


def _quotient(over: Decimal, under: str | None) -> Decimal | None:
    return _DIGITS.plus(_EXACTLY.divide(over, Decimal(under))) if int(under or 0) and under else None


def _one(parts: Sequence[str | None]) -> Decimal | None:
    if parts[0] is None:
        return None
    value = Decimal(parts[0]).normalize(_EXACTLY)
    return Decimal(f"{value:f}")


def _exactly(aggregate: str, otherwise: str) -> str:
    """Of decimals where all amounts are of 38 digits, else of the doubles they are nearest to."""
    return f"CASE WHEN count(amount) = count({_DECIMAL}) THEN {aggregate}::VARCHAR ELSE {otherwise}::VARCHAR END"


PERSONS = "count(DISTINCT who)::VARCHAR"
_DOUBLE = "amount::DOUBLE"
MEASURES = {
    "count": Measure("count(*)::VARCHAR", _count),
    "unique": Measure(PERSONS, _count),
    "sum": Measure(_limbs(), _sum, of_amounts=True),
    "average": Measure(f"{_limbs()}, count(amount)::VARCHAR", _mean, of_amounts=True, empty=None),
    "min": Measure(_exactly(f"min({_DECIMAL})", f"arg_min(amount, {_DOUBLE})"), _one, of_amounts=True, empty=None),
    "max": Measure(_exactly(f"max({_DECIMAL})", f"arg_max(amount, {_DOUBLE})"), _one, of_amounts=True, empty=None),
    "count_per_person": Measure(f"count(who)::VARCHAR, {PERSONS}", _per_person, empty=None),
    "sum_per_person": Measure(f"{_limbs()}, {PERSONS}", _mean, of_amounts=True, empty=None),
}


def percentile(percent: Decimal) -> Measure:
    """The least amount that so many percent of all do not exceed (nearest rank)."""
    share = f"{percent / 100:f}"
    parts = _exactly(f"quantile_disc({_DECIMAL}, {share})", f"quantile_disc({_DOUBLE}, {share})")
    return Measure(parts, _one, of_amounts=True, empty=None)
