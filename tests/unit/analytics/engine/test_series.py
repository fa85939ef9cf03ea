"""Series over random events, against counting by hand."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import pytest

from groundswell.analytics.engine.formulas import Formula
from groundswell.analytics.engine.series import Chart, Series
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.model import HOUR
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid
from tests.fakes.questions import FakeLake, happened

START = round(datetime(2026, 3, 27, tzinfo=UTC).timestamp() * 1000)
WINDOW = Window(START, START + 4 * 24 * HOUR)
DAYS = Calendar(Granularity.DAY, "Europe/Berlin")
PLANS = ["team", "solo", 5, 5.0, None, True, "5"]
AMOUNTS = ["12.50", "0.1", "-3", "115792089237316195423570985008687907853269984665640564039457584007913129639935", None]


def _made():
    chance = random.Random(5)
    for _ in range(400):
        properties = {"plan": chance.choice(PLANS), "n": chance.choice([1, 2.5, "7", "x", None])}
        yield {
            "ts": START + chance.randrange(-24, 5 * 24) * HOUR,
            "name": chance.choice("ab"),
            "person": chance.choice(["ann", "bob", "cid", None]),
            "properties": properties,
            "value": chance.choice(AMOUNTS),
            "currency": chance.choice(["EUR", None]),
            "context": {"geo": {"country": chance.choice(["DE", "FR"])}},
        }


EVENTS = list(_made())


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    events = [happened(at, **event) for at, event in enumerate(EVENTS)]
    return FakeLake(tmp_path_factory.mktemp("lake"), events)


def chart(*series, granularity=DAYS, **more):
    starts = granularity.starts(WINDOW) if granularity else [WINDOW.start]
    return Chart(series, WINDOW, starts, granularity, **more)


def day(event):
    return datetime.fromtimestamp(event["ts"] / 1000, ZoneInfo("Europe/Berlin")).date().isoformat()


def among(events, **wanted):
    return [
        event for event in events if event["ts"] in WINDOW and all(event[key] == value for key, value in wanted.items())
    ]


def numbers(events):
    """Of the property `n`."""
    return [Decimal(str(event["properties"]["n"])) for event in events if event["properties"]["n"] not in ("x", None)]


MEASURES = {
    "count": len,
    "unique": lambda events: len({event["person"] for event in events} - {None}),
    "sum": lambda events: sum(numbers(events), Decimal(0)),
    "average": lambda events: (values := numbers(events)) and sum(values) / len(values),
    "min": lambda events: min(numbers(events), default=None),
    "max": lambda events: max(numbers(events), default=None),
    "percentile": lambda events: (
        (ordered := sorted(numbers(events))) and ordered[ceil(Fraction(90, 100) * len(ordered)) - 1]
    ),
    "count_per_person": lambda events: ratio(sum(event["person"] is not None for event in events), events),
    "sum_per_person": lambda events: ratio(sum(numbers(events)), events),
}


def ratio(over, events):
    persons = MEASURES["unique"](events)
    return Decimal(over) / persons if persons else None


def near(actual, wanted):
    return wanted in (None, []) if actual is None else abs(Decimal(str(actual)) - Decimal(wanted)) < Decimal("1e-9")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_what_counting_by_hand_says_in_each_bucket_and_in_all(lake, measure):
    of = None if measure in ("count", "unique", "count_per_person") else "properties.n"
    question = chart(Series("A", "a", measure=measure, of=of, percent=Decimal(90)))

    answer = lake.ask(question)

    figures, by_day = answer["total"]["figures"]["A"], {}
    for event in among(EVENTS, name="a"):
        by_day.setdefault(day(event), []).append(event)
    assert near(figures["total"], MEASURES[measure](among(EVENTS, name="a")))
    assert len(figures["points"]) == len(answer["buckets"]) == 5
    for bucket, point in zip(answer["buckets"], figures["points"], strict=True):
        assert near(point, MEASURES[measure](by_day.get(bucket[:10], []))), bucket


def test_two_breakdowns_tell_values_apart_and_the_rest_is_measured_as_a_whole(lake):
    question = chart(Series("A", measure="unique"), breakdowns=("properties.plan", "country"), top=5, granularity=None)

    answer = lake.ask(question)

    persons, events = {}, among(EVENTS)
    for event in events:
        plan, country = event["properties"]["plan"], event["context"]["geo"]["country"]
        persons.setdefault((type(plan) is bool, plan, country), set()).add(event["person"])
    groups = [group["values"] for group in answer["groups"]]
    sizes = [group["figures"]["A"]["total"] for group in answer["groups"]]
    for values, size in zip(groups, sizes, strict=True):
        plan = values["properties.plan"]
        assert len(persons.pop((plan is True, plan, values["country"])) - {None}) == size
    assert sizes == sorted(sizes, reverse=True)
    assert answer["rest"]["figures"]["A"]["total"] == len(set().union(*persons.values()) - {None})
    assert "points" not in answer["rest"]["figures"]["A"]
    assert len(groups) == 5


def test_amounts_are_added_up_to_the_last_digit_and_never_across_currencies(lake):
    in_euro = [event for event in among(EVENTS, currency="EUR") if event["value"]]

    answer = lake.ask(chart(Series("A", measure="sum", currency="EUR"), granularity=None))

    exact = sum(Fraction(event["value"]) for event in in_euro)
    assert Fraction(str(answer["total"]["figures"]["A"]["total"])) == exact
    with pytest.raises(Invalid) as refused:
        lake.ask(chart(Series("A", measure="sum"), granularity=None))
    assert refused.value.problems[0].field == "series.0.currency"


def test_formulas_are_of_figures_not_of_events(lake):
    series = (Series("A", "a"), Series("B", "b", measure="unique"))
    question = chart(*series, formulas={"F": "A / (A - A) + 1", "G": "(A + B) * -2.5"}, breakdowns=("country",))

    answer = lake.ask(question)

    for line in (answer["total"], *answer["groups"]):
        a, b, g = (line["figures"][name] for name in "ABG")
        assert g["total"] == (a["total"] + b["total"]) * Decimal("-2.5")
        assert g["points"] == [(x + y) * Decimal("-2.5") for x, y in zip(a["points"], b["points"], strict=True)]
        assert line["figures"]["F"]["total"] is None


def test_traits_of_persons_break_down_and_filter_all_their_events(tmp_path):
    lake = FakeLake(
        tmp_path,
        [
            happened(0, START, "bought", "ann"),
            happened(1, START + 1, "identify", "ann", kind="identify", traits={"plan": "solo", "age": 30}),
            happened(2, START + 2, "$set", "ann", properties={"$set": {"plan": "team"}, "$set_once": {"from": "x"}}),
            happened(3, START + 3, "$set", "ann", properties={"$set_once": {"from": "y", "plan": "none"}}),
            happened(4, START + 4, "bought", "bob"),
            happened(5, START + 5, "group", "bob", kind="group", traits={"plan": "company"}),
        ],
    )
    bought = Series("A", "bought")

    plans = lake.ask(chart(bought, breakdowns=("person.plan", "person.from")))
    adults = lake.ask(chart(bought, where=[{"field": "person.age", "operator": "gte", "value": 18}]))

    assert [(group["values"], group["figures"]["A"]["total"]) for group in plans["groups"]] == [
        ({"person.plan": "team", "person.from": "x"}, 1),
        ({"person.plan": None, "person.from": None}, 1),
    ]
    assert adults["total"]["figures"]["A"]["total"] == 1


def test_unique_values_of_a_field_are_groups_or_whatever_it_names(lake):
    answer = lake.ask(chart(Series("A", measure="unique", of="properties.plan"), granularity=None))

    counts = Counter(
        (type(event["properties"]["plan"]) is bool, event["properties"]["plan"]) for event in among(EVENTS)
    )
    assert answer["total"]["figures"]["A"]["total"] == len(counts) - 1, "null is no value"


@pytest.mark.parametrize(
    "text", ["A + C", "A ** 2", "__import__('os')", "A if B else A", "", "A.real", "(" * 90, "1 < 2"]
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(Invalid) as refused:
        Formula(text, frozenset("AB"), "formulas.F")
    assert refused.value.problems[0].field == "formulas.F"
