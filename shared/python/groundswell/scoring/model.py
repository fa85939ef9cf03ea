"""What scores a lead, and what a score says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.kernel.errors import NotFound

RULES_AT_MOST = 100
LARGEST_POINTS = 1000


class ConfigNotFound(NotFound):
    code = "SCORING_CONFIG_NOT_FOUND"
    message = "There is no such version of the scoring config"


class Axis(StrEnum):
    """Who the lead is, and what they do."""

    FIT = "fit"
    ENGAGEMENT = "engagement"


class Operator(StrEnum):
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IN = "in"
    EXISTS = "exists"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    WITHIN_DAYS = "within_days"


@dataclass(frozen=True)
class Condition:
    """About one field of a lead, or about an event by its name: `exists` and `within_days` hold of each occurrence,
    the other operators of how many there are."""

    field: str | None = None
    event: str | None = None
    operator: Operator = Operator.EXISTS
    value: Any = None


@dataclass(frozen=True)
class Rule:
    """`points` are in steps of 0.25. Of an event's occurrences the newest counts; with `repeatable` all do, at most
    `per_day` of one UTC day and `max_points` in all (of either sign). `half_life_days` halves what an occurrence gives
    every so many days."""

    id: str
    name: str
    axis: Axis
    when: Condition
    points: float
    repeatable: bool = False
    per_day: int | None = None
    max_points: float | None = None
    half_life_days: float | None = None


@dataclass(frozen=True)
class Thresholds:
    """The least score of a grade (below C is D) and of a stage: 0 to 1, or in points above 1 up to 100."""

    A: float = 0.8
    B: float = 0.6
    C: float = 0.4
    mql: float = 0.5
    sql: float = 0.75

    def grade(self, score: float) -> str:
        return next((name for name in "ABC" if score >= as_score(getattr(self, name))), "D")

    def stage(self, score: float) -> str | None:
        """`sql`, `mql` or neither."""
        return next((name for name in ("sql", "mql") if score >= as_score(getattr(self, name))), None)


def as_score(threshold: float) -> float:
    return threshold / 100 if threshold > 1 else threshold


@dataclass(frozen=True)
class Caps:
    """The most points of an axis; what is above is taken off by a reason of its own."""

    fit: float | None = None
    engagement: float | None = None


@dataclass(frozen=True)
class Event:
    """Something a lead did."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Subject:
    """What is scored. `fields` are a lead's by name, with `custom_fields` and `external` as mappings in them."""

    fields: Mapping[str, Any]
    events: tuple[Event, ...] = ()
    lead_id: str | None = None


@dataclass(frozen=True)
class Reason:
    """A part of the score. `rule` is its rule's id, or `cap:fit`; `at` the newest occurrence, None for a field."""

    rule: str
    axis: Axis
    points: float
    text: str
    at: datetime | None = None
    count: int = 1


@dataclass(frozen=True)
class Score:
    """`points` is exactly the sum of the reasons' points, `score` points / 100 within 0 and 1. `model_version` is the
    config's that made it."""

    score: float
    grade: str
    stage: str | None
    fit: float
    engagement: float
    points: float
    reasons: tuple[Reason, ...]
    scored_at: datetime
    model_version: int
    lead_id: str | None = None


@dataclass(frozen=True)
class RuleSet:
    """All that the scores of a client follow from. Version 0 is that of a client who has not set any: no rules."""

    rules: tuple[Rule, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    caps: Caps = field(default_factory=Caps)
    updated_at: datetime | None = None
    updated_by: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Effect:
    """What other rules would make of one lead."""

    lead_id: str
    before: Score
    after: Score

    @property
    def changes(self) -> bool:
        return (self.before.points, self.before.grade) != (self.after.points, self.after.grade)
