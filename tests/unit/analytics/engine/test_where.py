"""Which events a condition lets through in SQL: those that it lets through in Python."""

import json
import random
from decimal import Decimal

import pytest

from groundswell.analytics.engine.columns import QueryContext
from groundswell.analytics.engine.model import Statement
from groundswell.analytics.engine.where import holds
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Operator
from groundswell.analytics.questions.values import Object
from groundswell.kernel.errors import Invalid
from tests.fakes.questions import FakeLake, happened
from tests.fakes.rows import row
from tests.unit.analytics.questions.test_filters import FALSE, TRUE

VALUES = [
    *("team", "5", "12.5", "", "a", "ab", "2026-03-01", "2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00Z", "ß"),
    *("2026-03-01T10:00:00.5+0000", "null", "true"),
    *(5, 5.0, 12.5, -3, 0, 10**19, 2**255, 0.1, 1e21, True, False, None, ["a", 5, "b"], {"b": 1, "a": "team"}),
]
ASKED = [
    Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value for value in VALUES
]
SCALARS = [value for value in ASKED if not isinstance(value, list | dict)]
OPERATORS = list(Operator)


def question(chance):
    operator = chance.choice(OPERATORS)
    value = {
        Operator.IN: lambda: tuple(chance.sample(SCALARS, 3)),
        Operator.EXISTS: lambda: chance.random() < 0.5,
        Operator.CONTAINS: lambda: chance.choice([scalar for scalar in SCALARS if isinstance(scalar, str)]),
    }.get(operator, lambda: chance.choice([scalar for scalar in SCALARS if scalar not in (None, True, False)]))()
    return chance.choice(["properties.x", "properties.deep.x", "user_id", "value", "name"]), operator, value


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return FakeLake(tmp_path_factory.mktemp("lake"), [event for event, _ in EVENTS])


def _made():
    chance = random.Random(11)
    for at in range(len(VALUES) * 2):
        x, deep = VALUES[at % len(VALUES)], chance.choice(VALUES)
        fields = {"properties": {"x": x, "deep": {"x": deep}, "other": 1}}
        own = {"value": chance.choice([None, "5", "12.50", "-3", "100000000000000000000000"])}
        user = chance.choice(["team", "5", "2026-03-01", "ab"])
        name = chance.choice(["a", "team", "12.5"])
        yield happened(at, at, name, user, **own, **fields), row(at, user, name, user_id=user, **own, **fields)


EVENTS = list(_made())


def matching(lake, conditions):
    """Of each condition, the times of the events it lets through."""
    context = QueryContext()
    sql = ", ".join(f"list(ts ORDER BY ts) FILTER ({holds([condition], context)})" for condition in conditions)
    parameters = context.parameters | {name: ["team"] for name in context.cohorts}
    table = lake.run(Statement(f"SELECT {sql} FROM events{context.join}", parameters))
    return [times or [] for times in json.loads(bytes(table.rows))[0]]


def odd(event, condition):
    """Python takes an object for text, which is before and after others."""
    return isinstance(condition.field.of(event), Object) and condition.operator.value[0] in "gl"


def test_random_conditions_let_the_same_events_through(lake):
    chance = random.Random(3)
    conditions = [question(chance) for _ in range(100)]

    matches = matching(lake, [{"field": path, "operator": op.value, "value": value} for path, op, value in conditions])

    for (path, operator, value), times in zip(conditions, matches, strict=True):
        condition = Condition(Field(path), operator, value)
        wanted = [event.ts for _, event in EVENTS if condition.holds(event) and not odd(event, condition)]
        assert times == wanted, (path, operator, value)
    assert sum(map(len, matches)) > 300


def test_what_is_true_of_an_event_in_python_is_true_in_sql(tmp_path):
    event = happened(
        *(1, 1, "paid", "u-1"),
        value="12.50",
        properties={
            "plan": "team",
            "seats": 5,
            "ratio": 1.0,
            "trial": True,
            "tags": ["a", "b"],
            "none": None,
            "q": 'a"b',
        },
        web3={"value": "115792089237316195423570985008687907853269984665640564039457584007913129639935"},
        context={"page": {"path": "/pricing"}},
    )
    conditions = [{"field": path, "operator": operator, "value": value} for path, operator, value in (*TRUE, *FALSE)]

    matches = matching(FakeLake(tmp_path, [event]), conditions)

    assert [bool(match) for match in matches] == [True] * len(TRUE) + [False] * len(FALSE)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ({"field": "properties.x", "operator": "starts_with", "value": "te"}, {"team"}),
        ({"field": "properties.x", "operator": "ends_with", "value": "am"}, {"team"}),
        ({"field": "properties.x", "operator": "regex", "value": "^(a|t)[a-z]+$"}, {"team", "ab", "true"}),
        ({"field": "properties.x", "operator": "between", "value": [5, 12.5]}, {"5", "12.5", 5, 12.5}),
        (
            {"field": "properties.x", "operator": "between", "value": ["2026-03-01", "2026-03-01T10:00:00Z"]},
            {"2026-03-01", "2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00Z"},
        ),
        ({"any": [{"field": "properties.x", "value": "a"}, {"field": "properties.x", "value": 5}]}, {"a", 5}),
        (
            {
                "all": [
                    {"field": "properties.x", "operator": "contains", "value": "a"},
                    {"not": {"field": "properties.x", "operator": "in", "value": ["a", "team"]}},
                    {"field": "properties.x", "operator": "is_set"},
                    {"field": "properties.x", "operator": "not_regex", "value": "[{\\[]"},
                ]
            },
            {"ab"},
        ),
        ({"cohort": "ours"}, None),
    ],
)
def test_more_operators_and_groups(lake, condition, wanted):
    [times] = matching(lake, [condition])

    if wanted is None:
        assert times == [event.ts for _, event in EVENTS if event.user_id == "team"]
        return
    values = [VALUES[ts % len(VALUES)] for ts in times]
    assert {value for value in values if not isinstance(value, list | dict)} - {"a", "null"} == wanted - {"a", "null"}


@pytest.mark.parametrize("path", ["nothing", "properties", "properties.", "properties..x", "person.", "value.x", "x\0"])
def test_what_is_no_field_is_refused(path):
    with pytest.raises(Invalid):
        QueryContext().column(path)


def test_odd_names_of_members_are_names(tmp_path):
    names = ["a b", 'q"t', "it's", "back\\slash", "*", "$", "[0]", "é"]
    lake = FakeLake(tmp_path, [happened(at, at, properties={name: at}) for at, name in enumerate(names)])

    matches = matching(lake, [{"field": f"properties.{name}", "operator": "is_set"} for name in names])

    assert matches == [[at] for at in range(len(names))]
