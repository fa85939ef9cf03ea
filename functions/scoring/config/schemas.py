"""Wire shapes of the config."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StringConstraints

from functions.scoring.values import Scalar
from groundswell.http.schema import In, Line, Out, Time, any_case
from groundswell.kernel.ids import new_id
from groundswell.scoring.model import (
    LARGEST_POINTS,
    RULES_AT_MOST,
    Action,
    Axis,
    Condition,
    Effect,
    Method,
    Operator,
    Rule,
    RuleSet,
    TaskAction,
)
from groundswell.scoring.service import Preview
from groundswell.tasks.model import Priority

SAMPLE = 20
Points = Annotated[float, Field(ge=-LARGEST_POINTS, le=LARGEST_POINTS)]
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[float, Field(gt=0, le=3650)]
Limit = Annotated[float, Field(ge=0, le=100)]
"""A score of 0 to 1, or points above 1."""
RuleId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class ConditionIn(In):
    """About a `field` (a lead's, or a custom field by its name) or about an `event`."""

    field: Line | None = None
    event: Line | None = None
    operator: Operator = Operator.EXISTS
    value: Scalar | Annotated[list[Scalar], Field(max_length=100)] | None = None


class RuleIn(In):
    """`points` in steps of 0.25. Of an event the newest occurrence counts; with `repeatable` all do, at most `per_day`
    of one UTC day and `max_points` in all. `half_life_days` halves what one gives every so many days."""

    id: RuleId = Field(default_factory=new_id)
    name: Line
    axis: Axis
    when: ConditionIn
    points: Points
    repeatable: StrictBool = False
    per_day: Annotated[int, Field(ge=1, le=1000)] | None = None
    max_points: Annotated[float, Field(gt=0, le=LARGEST_POINTS)] | None = None
    half_life_days: Days | None = None

    def rule(self) -> Rule:
        return Rule(**{**dict(self), "when": Condition(**dict(self.when))})


class ThresholdsIn(In):
    A: Limit | None = None
    B: Limit | None = None
    C: Limit | None = None
    mql: Limit | None = None
    sql: Limit | None = None


class CapsIn(In):
    """The most points of an axis; null is any."""

    fit: Points | None = None
    engagement: Points | None = None


class WeightsIn(In):
    """Of the parts of a combined score: they add up to 1."""

    rules: Share
    logistic: Share


class TaskActionIn(In):
    """Opens a task about the lead."""

    assignees: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    priority: Annotated[Priority, any_case(Priority)] = Priority.MEDIUM
    name: Line | None = None


class ActionIn(In):
    """What happens once whenever a lead comes to the stage from below: a task, the webhook event `lead.stage_reached`,
    a place on a list."""

    create_task: TaskActionIn | None = None
    webhook: StrictBool = False
    list_id: Line | None = None

    def action(self) -> Action:
        task = self.create_task
        made = TaskAction(task.assignees, task.priority.value, task.name) if task else None
        return Action(made, self.webhook, self.list_id)


class ActionsIn(In):
    """What is absent stays, null clears."""

    mql: ActionIn | None = None
    sql: ActionIn | None = None


class ConfigIn(In):
    """What is absent stays; `rules` are replaced as a whole. A threshold is a score (0.7) or points (70)."""

    model: Method | None = None
    rules: Annotated[tuple[RuleIn, ...], Field(max_length=RULES_AT_MOST)] | None = None
    thresholds: ThresholdsIn | None = None
    caps: CapsIn | None = None
    weights: WeightsIn | None = None
    actions: ActionsIn | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's terms."""
        values: dict[str, Any] = {}
        if self.model is not None:
            values["model"] = self.model
        if self.rules is not None:
            values["rules"] = tuple(rule.rule() for rule in self.rules)
        if self.thresholds is not None:
            values["thresholds"] = self.thresholds.model_dump(exclude_none=True)
        if self.caps is not None:
            values["caps"] = self.caps.model_dump(exclude_unset=True)
        if self.weights is not None:
            values["weights"] = dict(self.weights)
        if self.actions is not None:
            sent = self.actions
            values["actions"] = {
                name: action.action() if (action := getattr(sent, name)) else None for name in sent.model_fields_set
            }
        return values


class ConditionOut(Out):
    field: str | None
    event: str | None
    operator: Operator
    value: Any


class RuleOut(Out):
    id: str
    name: str
    axis: Axis
    when: ConditionOut
    points: float
    repeatable: bool
    per_day: int | None
    max_points: float | None
    half_life_days: float | None


class ThresholdsOut(Out):
    A: float
    B: float
    C: float
    mql: float
    sql: float


class CapsOut(Out):
    fit: float | None
    engagement: float | None


class WeightsOut(Out):
    rules: float
    logistic: float


class TaskActionOut(Out):
    assignees: list[str]
    priority: str
    name: str | None


class ActionOut(Out):
    create_task: TaskActionOut | None
    webhook: bool
    list_id: str | None


class ActionsOut(Out):
    mql: ActionOut | None
    sql: ActionOut | None


class ConfigOut(Out):
    """Version 0 is that of a client who has not set any: no rules. `model_id` is the active model; while there is none,
    scores are by rules whatever `model` says."""

    model: Method
    model_id: str | None
    rules: list[RuleOut]
    thresholds: ThresholdsOut
    caps: CapsOut
    weights: WeightsOut
    actions: ActionsOut
    updated_at: Time | None
    updated_by: str | None
    version: int


def config_out(config: RuleSet) -> ConfigOut:
    return ConfigOut.model_validate(config)


class EffectOut(Out):
    lead_id: str
    before: float
    after: float
    grade_before: str
    grade_after: str


class PreviewOut(Out):
    """`leads` is how many were scored (the newest), `changed` how many of them would have other points or another
    grade; `sample` are the first of those."""

    leads: int
    changed: int
    sample: list[EffectOut]


def preview_out(preview: Preview) -> PreviewOut:
    sample = [_effect_out(effect) for effect in preview.changed[:SAMPLE]]
    return PreviewOut(leads=preview.leads, changed=len(preview.changed), sample=sample)


def _effect_out(effect: Effect) -> EffectOut:
    before, after = effect.before, effect.after
    return EffectOut(
        lead_id=effect.lead_id,
        before=before.score,
        after=after.score,
        grade_before=before.grade,
        grade_after=after.grade,
    )
