"""Figures of a sample of persons, with the error that comes of it.

A person is in the sample with everything they did, or not at all: the sample is of clusters (Cochran, Sampling
Techniques, 9A), drawn by a digest of who they are, so that the same persons are in every answer. What nobody did
stands for itself. With a share p and what each one in the sample did y, a total is estimated as sum(y) / p, and its
variance as (1 - p) / p^2 * sum(y^2).
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal

from groundswell.analytics.engine.formulas import Value
from groundswell.analytics.engine.measures import PERSONS, Measure

_MILLION = 1_000_000
_DIGITS = Context(prec=15)
_BY_PERSON = "coalesce(list_sum(list_transform(map_values(histogram(who)), lambda n: n * n)), 0)"
_SQUARES: Mapping[str, str] = {
    "count": f"({_BY_PERSON} + count(*) - count(who))::VARCHAR",
    "unique": PERSONS,
}
MEASURED = tuple(_SQUARES)
"""Of which an estimate and its error are known."""


def in_sample(percent: Decimal) -> str:
    """SQL: whether somebody is in a sample of so many percent."""
    most = int(percent / 100 * _MILLION)
    return f"md5_number_lower(coalesce(events.person, events.id)) % {_MILLION} < {most}"


def sampled(name: str, measure: Measure, percent: Decimal) -> Measure:
    """The measure as an estimate of all; the last of its parts is for `error`."""

    def figure(parts: Sequence[str | None]) -> Value:
        return int((Decimal(parts[0] or 0) * 100 / percent).to_integral_value())

    return Measure(f"{measure.parts}, {_SQUARES[name]}", figure)


def error(parts: Sequence[str | None], percent: Decimal) -> Decimal:
    """The standard error of the estimate."""
    share, squares = percent / 100, Decimal(parts[-1] or 0)
    return _DIGITS.plus(((1 - share) * squares).sqrt(_DIGITS) / share)
