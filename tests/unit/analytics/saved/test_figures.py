"""The one number of an answer."""

from decimal import Decimal

import msgspec
import pytest

from groundswell.analytics.saved.figures import figure_of

ANSWER = {
    "total": {"figures": {"A": {"total": Decimal("12.50"), "points": [1, None, 3]}}},
    "steps": [{"of_first": 1.0}, {"of_first": 0.25}],
    "rows": msgspec.Raw(b'[[7,"8","many",true,null,[1]]]'),
}


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("total.figures.A.total", Decimal("12.50")),
        ("total.figures.A.points.-1", Decimal(3)),
        ("steps.-1.of_first", Decimal("0.25")),
        ("rows.0.0", Decimal(7)),
        ("rows.0.1", Decimal(8)),
        ("rows.0.2", None),
        ("rows.0.3", None),
        ("rows.0.4", None),
        ("rows.0.5", None),
        ("rows.1.0", None),
        ("total.figures.A.points.1", None),
        ("total.figures.B.total", None),
        ("steps.first", None),
        ("total", None),
    ],
)
def test_a_figure_is_the_number_at_its_place_and_otherwise_unknown(path, number):
    assert figure_of(ANSWER, path) == number


@pytest.mark.parametrize("value", ["NaN", "Infinity", float("inf")])
def test_what_is_no_finite_number_is_unknown(value):
    assert figure_of({"a": value}, "a") is None
