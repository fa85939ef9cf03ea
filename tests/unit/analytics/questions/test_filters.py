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


NOON = [
    *("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z", "2026-03-01 12:00:00", "2026-03-01T14:00:00+02:00"),
    *("2026-03-01t12:00z", "2026-03-01T06:30:00.000000000-0530", "2026-03-02T02:00+14"),
]
LATER = [
    *("2026-03-01T12:00:00.001Z", "2026-03-01T12:00:00.000000001Z", "2026-03-01T11:30:00-01:00", "2026-03-02"),
    "9999-12-31T23:59:59-23:59",
]


def holds(value, operator, wanted):
    return Condition(Field("properties.at"), Operator(operator), wanted).holds(row(1, properties={"at": value}))


@pytest.mark.parametrize("found", NOON)
@pytest.mark.parametrize("wanted", NOON)
def test_one_instant_is_one_time_however_it_is_spelled(found, wanted):
    holding = {operator for operator in ("eq", "neq", "gt", "gte", "lt", "lte") if holds(found, operator, wanted)}

    assert holding == {"eq", "gte", "lte"}
    assert holds(found, "in", ("never", wanted))


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("noon", NOON)
def test_times_compare_by_their_instants_and_not_as_texts(later, noon):
    holding = {operator for operator in ("eq", "neq", "gt", "gte", "lt", "lte") if holds(later, operator, noon)}

    assert holding == {"neq", "gt", "gte"}
    assert holds(noon, "lt", later)
    assert not holds(noon, "gte", later)


@pytest.mark.parametrize("odd", ["never", "2026-13-01", "2026-03-01T25:00Z", "2026-03-01-rc1", "20260301", 5, None])
def test_what_is_no_time_is_neither_before_nor_after_one(odd):
    assert [operator for operator in ("eq", "gt", "gte", "lt", "lte") if holds(odd, operator, "2026-03-01")] == []
    assert holds(odd, "neq", "2026-03-01")


def test_a_leap_second_is_the_last_of_its_minute():
    assert holds("2016-12-31T23:59:60Z", "eq", "2016-12-31T23:59:59Z")


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
