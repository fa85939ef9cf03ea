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


class Method(StrEnum):
    """What a score is made by: points of rules, a model's chance, or both by their weights."""

    RULES = "rules"
    LOGISTIC = "logistic"
    COMBINED = "combined"


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
class Adjustment:
    """Points that somebody gave or took by hand, and why. They count beyond the caps."""

    id: str
    axis: Axis
    points: float
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Subject:
    """What is scored. `fields` are a lead's by name, with `custom_fields` and `external` as mappings in them."""

    fields: Mapping[str, Any]
    events: tuple[Event, ...] = ()
    lead_id: str | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class Reason:
    """A part of the points. `rule` is its rule's id, `cap:fit`, or `adjustment:<id>`; `at` the newest occurrence, None
    for a field."""

    rule: str
    axis: Axis
    points: float
    text: str
    at: datetime | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a feature adds to the log-odds of being won. `value` is the lead's, as the model compares it."""

    feature: str
    contribution: float
    value: Any = None


@dataclass(frozen=True)
class Chance:
    """A model's part of a score: `score` is the sigmoid of `logit`, which is exactly the intercept and all
    contributions."""

    model_id: str
    score: float
    logit: float
    intercept: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Weights:
    """Of the two parts of a combined score; they add up to 1."""

    rules: float = 0.5
    logistic: float = 0.5


@dataclass(frozen=True)
class Score:
    """By rules: `points` is exactly the sum of the reasons' points, `rules_score` points / 100 within 0 and 1. `score`
    is that, or the model's chance, or both by `weights`, as `model` says. `model_version` is the config's that made it.
    """

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
    model: Method = Method.RULES
    rules_score: float = 0.0
    chance: Chance | None = None
    weights: Weights | None = None


@dataclass(frozen=True)
class TaskAction:
    """Opens a task about the lead."""

    assignees: tuple[str, ...] = ()
    priority: str = "Medium"
    name: str | None = None


@dataclass(frozen=True)
class Action:
    """What happens once whenever a lead comes to a stage from below."""

    create_task: TaskAction | None = None
    webhook: bool = False
    list_id: str | None = None


@dataclass(frozen=True)
class Actions:
    mql: Action | None = None
    sql: Action | None = None


@dataclass(frozen=True)
class RuleSet:
    """All that the scores of a client follow from. Version 0 is that of a client who has not set any: no rules.

    `model_id` is the active model; while there is none, scores are by rules whatever `model` says.
    """

    rules: tuple[Rule, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    caps: Caps = field(default_factory=Caps)
    model: Method = Method.RULES
    model_id: str | None = None
    weights: Weights = field(default_factory=Weights)
    actions: Actions = field(default_factory=Actions)
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
        return _shown(self.before) != _shown(self.after)


def _shown(score: Score) -> tuple[float, float, str]:
    return score.score, score.points, score.grade
