"""The same points, worked out slowly and another way: exact fractions, one rule and one occurrence at a time."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from groundswell.scoring.model import Rule, RuleSet, Subject

_STEP = 1024


def points_of(config: RuleSet, subject: Subject, now: datetime) -> tuple[Fraction, Fraction]:
    """(fit, engagement)."""
    sums = {"fit": Fraction(), "engagement": Fraction()}
    for rule in config.rules:
        sums[rule.axis] += Fraction(_event(rule, subject, now) if rule.when.event else _field(rule, subject))
    for axis, most in (("fit", config.caps.fit), ("engagement", config.caps.engagement)):
        if most is not None and sums[axis] > most:
            sums[axis] = Fraction(most)
    return sums["fit"], sums["engagement"]


def _field(rule: Rule, subject: Subject) -> float:
    value: Any = subject.fields["custom_fields"].get(rule.when.field)
    operator, wanted = rule.when.operator.value, rule.when.value
    if operator == "exists":
        holds = value is not None
    elif operator == "equals":
        holds = value == wanted
    elif operator == "not_equals":
        holds = value != wanted
    elif operator == "in":
        holds = value in wanted
    else:
        holds = value is not None and eval(f"value {_SIGNS[operator]} wanted")
    return rule.points if holds else 0


_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _event(rule: Rule, subject: Subject, now: datetime) -> Fraction:
    past = sorted(event.at for event in subject.events if event.name == rule.when.event and event.at <= now)
    operator, wanted = rule.when.operator.value, rule.when.value
    if operator in _SIGNS:
        holds = eval(f"len(past) {_SIGNS[operator]} wanted")
        return _total(rule, past[-1:], now) if holds else Fraction()
    if operator == "within_days":
        past = [at for at in past if at >= now - timedelta(days=wanted)]
    elif wanted is False:
        return Fraction() if past else _total(rule, [], now)
    if not past:
        return Fraction()
    chosen = [past[-1]]
    if rule.repeatable:
        chosen = [at for at in past if _later_that_day(past, at) < (rule.per_day or len(past))]
    return _total(rule, chosen, now)


def _later_that_day(past: list[datetime], at: datetime) -> int:
    place = past.index(at)
    return sum(1 for number, moment in enumerate(past) if number > place and moment.date() == at.date())


def _total(rule: Rule, times: list[datetime], now: datetime) -> Fraction:
    total = sum((_one(rule, at, now) for at in times), Fraction()) if times else Fraction(rule.points)
    if rule.max_points is None:
        return total
    return max(Fraction(-rule.max_points), min(Fraction(rule.max_points), total))


def _one(rule: Rule, at: datetime, now: datetime) -> Fraction:
    if rule.half_life_days is None:
        return Fraction(rule.points)
    days = (now - at).total_seconds() / 86400
    return Fraction(round(rule.points * 2 ** -(days / rule.half_life_days) * _STEP), _STEP)
