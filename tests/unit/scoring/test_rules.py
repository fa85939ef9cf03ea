"""Rules give points, every one of which is explained."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.scoring.model import Axis, Caps, Condition, Event, Operator, Rule, RuleSet, Subject, Thresholds
from groundswell.scoring.rules import RuleScorer
from tests.unit.scoring.oracle import points_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PRICING = Rule("p", "Visited pricing", Axis.ENGAGEMENT, Condition(event="Pricing Viewed"), 10)


def scored(*rules: Rule, fields: dict[str, Any] | None = None, days_ago: tuple[float, ...] = (), **more: Any) -> Any:
    events = tuple(Event("Pricing Viewed", NOW - timedelta(days=days)) for days in days_ago)
    return RuleScorer(RuleSet(rules, **more)).score(Subject(fields or {}, events), NOW)


def on(field: str, operator: str, value: Any = None, points: float = 5) -> Rule:
    return Rule("f", "Fits", Axis.FIT, Condition(field=field, operator=Operator(operator), value=value), points)


def test_a_score_is_the_sum_of_its_reasons_over_a_hundred() -> None:
    score = scored(
        on("title", "contains", "head", 12), replace(PRICING, points=-2.5), fields={"title": "Head"}, days_ago=(1,)
    )
    assert [(reason.rule, reason.points, reason.text) for reason in score.reasons] == [
        ("f", 12, "+12 Fits"),
        ("p", -2.5, "-2.5 Visited pricing"),
    ]
    assert (score.fit, score.engagement, score.points, score.score) == (12, -2.5, 9.5, 0.095)


@pytest.mark.parametrize(("points", "score"), [(-40, 0.0), (250, 1.0), (50, 0.5)])
def test_a_score_lies_within_zero_and_one_whatever_the_points(points: float, score: float) -> None:
    assert scored(on("email", "exists", points=points), fields={"email": "a@b.example"}).score == score


def test_an_event_counts_once_by_its_newest_occurrence() -> None:
    [reason] = scored(PRICING, days_ago=(9, 3, 5)).reasons
    assert (reason.points, reason.at, reason.count) == (10, NOW - timedelta(days=3), 1)


def test_a_repeatable_event_counts_each_time_up_to_so_many_a_day_and_so_many_points() -> None:
    times = (0.1, 0.2, 0.3, 1.1)
    repeatable = replace(PRICING, repeatable=True)
    assert scored(repeatable, days_ago=times).points == 40
    assert scored(replace(repeatable, per_day=2), days_ago=times).points == 30
    assert scored(replace(repeatable, max_points=25), days_ago=times).points == 25
    assert scored(replace(repeatable, points=-10, max_points=25), days_ago=times).points == -25


def test_points_halve_every_half_life() -> None:
    decaying = replace(PRICING, half_life_days=7, repeatable=True)
    assert scored(decaying, days_ago=(0,)).points == 10
    assert scored(decaying, days_ago=(7, 14)).points == 7.5
    assert scored(decaying, days_ago=(3.5,)).points == pytest.approx(10 / 2**0.5, abs=0.0005)


def test_an_event_may_have_to_be_recent_or_frequent_or_absent() -> None:
    def when(operator: str, value: Any) -> Rule:
        return replace(PRICING, when=Condition(event="Pricing Viewed", operator=Operator(operator), value=value))

    assert scored(when("within_days", 7), days_ago=(8,)).points == 0
    assert scored(when("within_days", 7), days_ago=(7,)).points == 10
    assert scored(when("gte", 3), days_ago=(1, 2)).points == 0
    assert scored(when("gte", 3), days_ago=(1, 2, 3)).points == 10
    assert scored(when("exists", False)).points == 10
    assert scored(when("exists", False), days_ago=(1,)).points == 0


def test_what_has_not_happened_yet_does_not_count() -> None:
    assert scored(PRICING, days_ago=(-1,)).reasons == ()


def test_what_an_axis_has_above_its_cap_is_taken_off_with_a_reason() -> None:
    score = scored(
        replace(PRICING, points=50),
        on("email", "exists"),
        fields={"email": "x"},
        days_ago=(1,),
        caps=Caps(engagement=20),
    )
    assert (score.engagement, score.fit, score.points) == (20, 5, 25)
    assert (score.reasons[-1].rule, score.reasons[-1].points) == ("cap:engagement", -30)


@pytest.mark.parametrize(
    ("points", "grade", "stage"),
    [(80, "A", "sql"), (79.75, "B", "sql"), (60, "B", "mql"), (40, "C", None), (39.75, "D", None)],
)
def test_thresholds_give_the_grade_and_the_stage(points: float, grade: str, stage: str | None) -> None:
    for limits in (Thresholds(0.8, 0.6, 0.4, 0.5, 0.75), Thresholds(80, 60, 40, 50, 75)):
        score = scored(on("email", "exists", points=points), fields={"email": "x"}, thresholds=limits)
        assert (score.grade, score.stage) == (grade, stage)


FIELDS = {
    "title": "Head of Growth",
    "tags": ("Enterprise", "berlin"),
    "custom_fields": {"seats": 40, "visits": "5.0", "trial": True, "signed": "2026-11-20", "empty": ""},
    "external": {"crm": "4711"},
    "last_activity_at": NOW - timedelta(days=2),
}


@pytest.mark.parametrize(
    ("field", "operator", "value", "holds"),
    [
        ("title", "equals", "head of growth", True),
        ("title", "contains", "GROWTH", True),
        ("title", "starts_with", "head", True),
        ("title", "starts_with", "growth", False),
        ("tags", "contains", "enterprise", True),
        ("tags", "contains", "enter", False),
        ("tags", "equals", "Berlin", True),
        ("tags", "in", ["paris", "BERLIN"], True),
        ("tags", "not_equals", "berlin", False),
        ("seats", "gt", 39, True),
        ("custom_fields.seats", "lte", 39.5, False),
        ("visits", "gte", 5, True),
        ("visits", "equals", 5, True),
        ("title", "gt", 5, False),
        ("trial", "equals", True, True),
        ("trial", "equals", "true", True),
        ("trial", "equals", 1, False),
        ("signed", "within_days", 11, True),
        ("signed", "within_days", 10, False),
        ("signed", "gt", "2026-11-19T00:00:00Z", True),
        ("last_activity_at", "within_days", 2, True),
        ("identities.external.crm", "exists", None, True),
        ("identities.external.shop", "exists", False, True),
        ("empty", "exists", None, False),
        ("nowhere", "not_equals", "x", True),
        ("nowhere", "equals", "x", False),
        ("nowhere", "gt", 0, False),
        ("nowhere", "contains", "none", False),
    ],
)
def test_a_condition_on_a_field_reads_it_as_people_mean_it(field: str, operator: str, value: Any, holds: bool) -> None:
    assert bool(scored(on(field, operator, value), fields=FIELDS).reasons) is holds


quarters = st.integers(-80, 80).map(lambda integer: integer / 4)
field_conditions = st.one_of(
    st.builds(Condition, field=st.sampled_from("xy"), operator=st.just(Operator.EXISTS)),
    st.builds(
        Condition,
        field=st.sampled_from("xy"),
        operator=st.sampled_from([*["gt", "gte", "lt", "lte", "equals", "not_equals"]]).map(Operator),
        value=st.integers(-3, 3),
    ),
    st.builds(
        Condition, field=st.just("x"), operator=st.just(Operator.IN), value=st.lists(st.integers(-3, 3), min_size=1)
    ),
)
event_conditions = st.one_of(
    st.builds(Condition, event=st.sampled_from("ab"), value=st.sampled_from([None, True, False])),
    st.builds(
        Condition,
        event=st.sampled_from("ab"),
        operator=st.sampled_from(["gt", "gte", "lt", "lte", "within_days"]).map(Operator),
        value=st.integers(1, 9),
    ),
)
field_rules = st.builds(Rule, st.uuids().map(str), st.just("n"), st.sampled_from(Axis), field_conditions, quarters)
event_rules = st.builds(
    Rule,
    st.uuids().map(str),
    st.just("n"),
    st.sampled_from(Axis),
    event_conditions,
    quarters,
    repeatable=st.booleans(),
    per_day=st.none() | st.integers(1, 3),
    max_points=st.none() | st.integers(1, 200).map(lambda integer: integer / 4),
    half_life_days=st.none() | st.floats(0.1, 60),
)
caps = st.builds(Caps, st.none() | st.integers(1, 30), st.none() | st.integers(1, 30))
rule_sets = st.builds(RuleSet, st.lists(field_rules | event_rules, max_size=8).map(tuple), caps=caps)
events = st.builds(
    Event,
    st.sampled_from("abc"),
    st.integers(-60 * 24, 30 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
)
subjects = st.builds(
    Subject,
    st.dictionaries(st.sampled_from("xyz"), st.integers(-3, 3)).map(lambda dictionary: {"custom_fields": dictionary}),
    st.lists(events, max_size=12, unique_by=lambda event: event.at).map(tuple),
)


@given(rule_sets, subjects)
def test_any_rules_give_what_working_them_out_slowly_gives_and_the_reasons_add_up(
    config: RuleSet, subject: Subject
) -> None:
    score = RuleScorer(config).score(subject, NOW)
    assert (Fraction(score.fit), Fraction(score.engagement)) == points_of(config, subject, NOW)
    assert score.points == sum(reason.points for reason in score.reasons) == score.fit + score.engagement
    assert Fraction(score.points) == sum((Fraction(reason.points) for reason in score.reasons), Fraction())
    assert score.score == max(0.0, min(1.0, score.points / 100))


@given(rule_sets, subjects)
def test_the_order_of_events_changes_nothing(config: RuleSet, subject: Subject) -> None:
    backwards = replace(subject, events=subject.events[::-1])
    assert RuleScorer(config).score(backwards, NOW) == RuleScorer(config).score(subject, NOW)
