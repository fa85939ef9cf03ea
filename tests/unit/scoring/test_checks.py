"""Rules that cannot work are refused, by the path of what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.scoring.checks import check
from groundswell.scoring.model import Axis, Caps, Condition, Operator, Rule, RuleSet, Thresholds


def rule(operator: str, value: Any = None, points: float = 5, **more: Any) -> Rule:
    about = {"field": more.pop("field", None), "event": more.pop("event", None)}
    when = Condition(operator=Operator(operator), value=value, **about)
    return Rule("r", "Rule", Axis.FIT, when, points, **more)


def problems(config: RuleSet) -> list[str]:
    with pytest.raises(Invalid) as refused:
        check(config)
    return [problem.field for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (rule("gt", 5, field="title"), "when.operator"),
        (rule("within_days", 5, field="email"), "when.operator"),
        (rule("contains", "x", field="created_at"), "when.operator"),
        (rule("gt", 5, field="created_at"), "when.value"),
        (rule("gt", 5, field="tags"), "when.operator"),
        (rule("contains", "x", event="Viewed"), "when.operator"),
        (rule("gte", "often", event="Viewed"), "when.value"),
        (rule("gte", True, event="Viewed"), "when.value"),
        (rule("equals", None, field="title"), "when.value"),
        (rule("equals", {"a": 1}, field="title"), "when.value"),
        (rule("in", "Berlin", field="city"), "when.value"),
        (rule("in", [], field="city"), "when.value"),
        (rule("in", ["a", {}], field="city"), "when.value"),
        (rule("exists", "yes", field="city"), "when.value"),
        (rule("within_days", 0, field="signed"), "when.value"),
        (rule("within_days", "7", field="signed"), "when.value"),
        (rule("gt", "many", field="seats"), "when.value"),
        (rule("exists"), "when"),
        (rule("exists", field="a", event="b"), "when"),
        (rule("exists", field="a", points=0.1), "points"),
        (rule("exists", field="a", half_life_days=7), "half_life_days"),
        (rule("exists", event="a", max_points=0.3), "max_points"),
    ],
)
def test_a_rule_that_cannot_work_is_named(wrong: Rule, path: str) -> None:
    assert f"rules.0.{path}" in problems(RuleSet((wrong,)))


def test_ids_are_unique_thresholds_descend_and_caps_are_positive() -> None:
    twice = rule("exists", field="a")
    assert problems(RuleSet((twice, replace(twice, points=1)))) == ["rules.1.id"]
    assert problems(RuleSet(thresholds=Thresholds(A=50, B=0.6))) == ["thresholds.A"]
    assert problems(RuleSet(thresholds=Thresholds(mql=0.9))) == ["thresholds.sql"]
    assert problems(RuleSet(caps=Caps(fit=-5))) == ["caps.fit"]


@pytest.mark.parametrize(
    "right",
    [
        rule("exists", field="email"),
        rule("in", ["Berlin", 5, True], field="custom_fields.city"),
        rule("gt", "2026-11-01T00:00:00Z", field="created_at"),
        rule("gte", 3, event="Viewed"),
        rule("within_days", 30, event="Viewed", repeatable=True, per_day=3, half_life_days=14, max_points=40),
        rule("contains", "enterprise", field="tags", points=-2.5),
    ],
)
def test_rules_that_work_pass(right: Rule) -> None:
    check(RuleSet((right,)))
