"""Wire shapes of lead scoring."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints, model_validator

from groundswell.http.schema import In, Line, Out, Time
from groundswell.kernel.ids import new_id
from groundswell.leads.model import Lead, Status
from groundswell.scoring.model import (
    LARGEST_POINTS,
    RULES_AT_MOST,
    Axis,
    Condition,
    Effect,
    Event,
    Operator,
    Rule,
    RuleSet,
    Score,
    Subject,
)
from groundswell.scoring.service import Preview
from groundswell.scoring.subjects import subject_of

LEADS_AT_MOST = 100
EVENTS_AT_MOST = 1000
SAMPLE = 20
Points = Annotated[float, Field(ge=-LARGEST_POINTS, le=LARGEST_POINTS)]
Days = Annotated[float, Field(gt=0, le=3650)]
Limit = Annotated[float, Field(ge=0, le=100)]
"""A score of 0 to 1, or points above 1."""
Scalar = (
    Annotated[str, StringConstraints(max_length=2000)] | StrictBool | int | Annotated[float, Field(allow_inf_nan=False)]
)
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


class ConfigIn(In):
    """What is absent stays; `rules` are replaced as a whole. A threshold is a score (0.7) or points (70)."""

    model: Literal["rules"] | None = None
    rules: Annotated[tuple[RuleIn, ...], Field(max_length=RULES_AT_MOST)] | None = None
    thresholds: ThresholdsIn | None = None
    caps: CapsIn | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's terms."""
        values: dict[str, Any] = {}
        if self.rules is not None:
            values["rules"] = tuple(each.rule() for each in self.rules)
        if self.thresholds is not None:
            values["thresholds"] = self.thresholds.model_dump(exclude_none=True)
        if self.caps is not None:
            values["caps"] = self.caps.model_dump(exclude_unset=True)
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


class ConfigOut(Out):
    """Version 0 is that of a client who has not set any: no rules."""

    model: Literal["rules"] = "rules"
    rules: list[RuleOut]
    thresholds: ThresholdsOut
    caps: CapsOut
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
    sample = [_effect_out(each) for each in preview.changed[:SAMPLE]]
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


class EventIn(In):
    name: Line
    at: AwareDatetime


class IdentitiesIn(In):
    telegram_chat_id: Line | None = None
    wallet: Line | None = None
    distinct_id: Line | None = None
    external: Annotated[dict[str, Line], Field(max_length=20)] = Field(default_factory=dict)


class UnstoredLeadIn(In):
    """A lead's fields, as `POST /leads` takes them, and what it did. Nothing is required and nothing is kept."""

    email: Line | None = None
    phone: Line | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    company: Line | None = None
    title: Line | None = None
    website: Annotated[str, StringConstraints(max_length=500)] | None = None
    source: Line | None = None
    status: Status = Status.NEW
    tags: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    owner_id: Line | None = None
    locale: Line | None = None
    timezone: Line | None = None
    custom_fields: Annotated[
        dict[Annotated[str, StringConstraints(min_length=1, max_length=100)], Scalar | None], Field(max_length=200)
    ] = Field(default_factory=dict)
    identities: IdentitiesIn = Field(default_factory=IdentitiesIn)
    created_at: AwareDatetime | None = None
    last_activity_at: AwareDatetime | None = None
    events: Annotated[tuple[EventIn, ...], Field(max_length=EVENTS_AT_MOST)] = ()

    def subject(self, now: datetime) -> Subject:
        own = {name: getattr(self, name) for name in type(self).model_fields if name not in _NOT_OWN}
        created, active = self.created_at or now, self.last_activity_at or now
        lead = Lead("", "", "", created, now, active, created, **own, **dict(self.identities))
        return subject_of(lead, tuple(Event(each.name, each.at) for each in self.events))


_NOT_OWN = frozenset({"identities", "created_at", "last_activity_at", "events"})


class ScoreIn(In):
    """Either `lead_ids`, whose scores are kept, or `leads`, which are stored nowhere."""

    lead_ids: Annotated[tuple[Line, ...], Field(min_length=1, max_length=LEADS_AT_MOST)] | None = None
    leads: Annotated[tuple[UnstoredLeadIn, ...], Field(min_length=1, max_length=LEADS_AT_MOST)] | None = None
    client_id: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.lead_ids is None) == (self.leads is None):
            raise ValueError("either lead_ids or leads")
        return self


class ReasonOut(Out):
    """`rule` is a rule's id, or `cap:fit`, `cap:engagement` for what is taken off above a cap."""

    rule: str
    axis: Axis
    points: float
    text: str
    at: Time | None
    count: int


class ScoreOut(Out):
    """`points` is the sum of the reasons' points, `score` is points / 100 within 0 and 1; `stage` is `mql`, `sql` or
    null. `model_version` is the version of the config."""

    lead_id: str | None
    score: float
    grade: str
    stage: str | None
    fit: float
    engagement: float
    points: float
    model_version: int
    scored_at: Time
    reasons: list[ReasonOut]


def score_out(score: Score) -> ScoreOut:
    return ScoreOut.model_validate(score)
