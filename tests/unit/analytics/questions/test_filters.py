"""Which events a condition lets through."""

from decimal import Decimal

import pytest

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.kernel.errors import Invalid
from tests.fakes.rows import row

EVENT = row(
    1,
    "ada",
    "paid",
    user_id="u-1",
    value="12.50",
    properties={"plan": "team", "seats": 5, "ratio": 1.0, "trial": True, "tags": ["a", "b"], "none": None, "q": 'a"b'},
    web3={"value": "115792089237316195423570985008687907853269984665640564039457584007913129639935"},
    context={"page": {"path": "/pricing"}},
)
TRUE = [
    ("name", "eq", "paid"),
    ("user_id", "eq", "u-1"),
    ("person", "neq", "bob"),
    ("value", "gt", Decimal("12.49")),
    ("value", "lte", Decimal("12.5")),
    ("properties.plan", "in", ("free", "team")),
    ("properties.plan", "contains", "ea"),
    ("properties.plan", "lt", "test"),
    ("properties.seats", "eq", Decimal("5.0")),
    ("properties.seats", "gte", "5"),
    ("properties.ratio", "eq", Decimal(1)),
    ("properties.trial", "eq", True),
    ("properties.tags", "contains", "b"),
    ("properties.none", "exists", False),
    ("properties.none", "eq", None),
    ("properties.missing", "exists", False),
    ("properties.missing", "neq", "x"),
    ("properties.q", "eq", 'a"b'),
    ("web3.value", "gt", Decimal(2**256 - 2)),
    ("context.page.path", "eq", "/pricing"),
]
FALSE = [
    ("name", "eq", "Paid"),
    ("value", "lt", Decimal("12.5")),
    ("properties.plan", "in", ()),
    ("properties.plan", "gt", Decimal(1)),
    ("properties.seats", "eq", "5"),
    ("properties.seats", "contains", "5"),
    ("properties.ratio", "eq", True),
    ("properties.trial", "eq", Decimal(1)),
    ("properties.trial", "gt", Decimal(0)),
    ("properties.missing", "gt", Decimal(0)),
    ("properties.missing", "contains", ""),
    ("properties.plan.deeper", "exists", True),
    ("web3.value", "gt", Decimal(2**256 - 1)),
]


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"), [(*case, True) for case in TRUE] + [(*case, False) for case in FALSE]
)
def test_a_condition_compares_by_value_and_type(field, operator, value, expected):
    assert Condition(Field(field), Operator(operator), value).holds(EVENT) is expected


def test_a_match_needs_the_name_and_every_condition():
    plan, seats = (Condition(Field(f"properties.{name}"), Operator.EXISTS) for name in ("plan", "seats"))
    missing = Condition(Field("properties.missing"), Operator.EXISTS)

    assert Match("paid", (plan, seats))(EVENT)
    assert Match()(EVENT)
    assert not Match("viewed", (plan,))(EVENT)
    assert list(Match(None, (plan, missing)).among([EVENT])) == []


@pytest.mark.parametrize(
    "path", ["plan", "properties", "properties.", "traits", "more.x", "", "properties." + "x" * 300]
)
def test_what_is_no_field_is_refused(path):
    with pytest.raises(Invalid) as refused:
        Field(path, "by")

    assert refused.value.problems[0].field == "by"


@pytest.mark.parametrize(
    ("operator", "value"),
    [("in", "x"), ("eq", ("x",)), ("exists", "yes"), ("contains", Decimal(1)), ("gt", None), ("gt", True)],
)
def test_an_operator_needs_a_value_it_can_use(operator, value):
    with pytest.raises(Invalid) as refused:
        Condition(Field("name"), Operator(operator), value)

    assert refused.value.problems[0].field == "value"


def test_numbers_that_no_sum_could_hold_are_not_summed():
    for text in (1e300, "1e400", "NaN", "", "0x10", True, [1], {"a": 1}, None, "1" * 79):
        assert Field("properties.n").amount(row(1, properties={"n": text})) is None
    assert Field("properties.n").amount(row(1, properties={"n": 1e-3})) == Decimal("0.001")
    assert Field("properties.n").amount(row(1, properties={"n": "-0.10"})) == Decimal("-0.1")
