"""Wire shapes of scores."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from functions.scoring.values import Scalar
from groundswell.http.schema import In, Line, Out, Time
from groundswell.http.timestamps import Timestamp
from groundswell.leads.model import Lead, Status
from groundswell.scoring.model import LARGEST_POINTS, Axis, Contribution, Event, Method, Score, Subject
from groundswell.scoring.subjects import subject_of
from groundswell.scoring.tallies import Performance

LEADS_AT_MOST = 100
EVENTS_AT_MOST = 1000


class EventIn(In):
    name: Line
    at: Timestamp


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
    created_at: Timestamp | None = None
    last_activity_at: Timestamp | None = None
    events: Annotated[tuple[EventIn, ...], Field(max_length=EVENTS_AT_MOST)] = ()

    def subject(self, now: datetime) -> Subject:
        own = {name: getattr(self, name) for name in type(self).model_fields if name not in _NOT_OWN}
        created, active = self.created_at or now, self.last_activity_at or now
        lead = Lead("", "", "", created, now, active, created, **own, **dict(self.identities))
        return subject_of(lead, tuple(Event(event.name, event.at) for event in self.events))


_NOT_OWN = frozenset({"identities", "created_at", "last_activity_at", "events"})


class ScoreIn(In):
    """One of `lead_ids`, whose scores are kept, `leads`, which are stored nowhere, and `all`: an operation."""

    lead_ids: Annotated[tuple[Line, ...], Field(min_length=1, max_length=LEADS_AT_MOST)] | None = None
    leads: Annotated[tuple[UnstoredLeadIn, ...], Field(min_length=1, max_length=LEADS_AT_MOST)] | None = None
    all: Literal[True] | None = None
    client_id: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(selector is not None for selector in (self.lead_ids, self.leads, self.all)) != 1:
            raise ValueError("one of lead_ids, leads and all")
        return self


class RuleReasonOut(Out):
    """`rule` is a rule's id, `cap:fit` or `cap:engagement` for what is taken off above a cap, or `adjustment:<id>`."""

    rule: str
    axis: Axis
    points: float
    text: str
    at: Time | None
    count: int


class FeatureReasonOut(Out):
    """What a field adds to the log-odds of being won; `(bound)` takes off what is beyond 15."""

    feature: str
    value: str | float | None
    contribution: float
    text: str
    at: Time | None = None


class PartOut(Out):
    """`weight` is that of a combined score."""

    score: float
    weight: float


class ComponentsOut(Out):
    rules: PartOut
    logistic: PartOut


class ScoreOut(Out):
    """By rules, `points` is the sum of the reasons' points, and `score` points / 100 within 0 and 1. By a model,
    `logit` is `intercept` and the sum of the reasons' contributions, to the last digit, and `score` its sigmoid;
    points are null. Combined, `score` is the sum of both `components` by their weights, and there are reasons of both
    kinds.

    `model` is what made it: rules, as long as no model is active. `stage` is `mql`, `sql` or null. `model_version` is
    the version of the config, `model_id` the model."""

    lead_id: str | None
    score: float
    grade: str
    stage: str | None
    fit: float | None
    engagement: float | None
    points: float | None
    intercept: float | None
    logit: float | None
    components: ComponentsOut | None
    model: Method
    model_version: int
    model_id: str | None
    scored_at: Time
    reasons: list[RuleReasonOut | FeatureReasonOut]


def score_out(score: Score) -> ScoreOut:
    chance, by_rules = score.chance, score.model is not Method.LOGISTIC
    reasons: list[RuleReasonOut | FeatureReasonOut] = []
    if by_rules:
        reasons += [RuleReasonOut.model_validate(reason) for reason in score.reasons]
    if chance:
        reasons += [_feature_out(contribution) for contribution in chance.contributions]
    return ScoreOut(
        **{name: getattr(score, name) for name in _SAME},
        fit=score.fit if by_rules else None,
        engagement=score.engagement if by_rules else None,
        points=score.points if by_rules else None,
        intercept=chance.intercept if chance else None,
        logit=chance.logit if chance else None,
        components=_components(score),
        model_id=chance.model_id if chance else None,
        reasons=reasons,
    )


_SAME = ("lead_id", "score", "grade", "stage", "model", "model_version", "scored_at")


def _components(score: Score) -> ComponentsOut | None:
    if score.chance is None or score.weights is None:
        return None
    rules = PartOut(score=score.rules_score, weight=score.weights.rules)
    return ComponentsOut(rules=rules, logistic=PartOut(score=score.chance.score, weight=score.weights.logistic))


def _feature_out(part: Contribution) -> FeatureReasonOut:
    value = "" if part.value is None else f" = {part.value:g}" if isinstance(part.value, float) else f" = {part.value}"
    text = f"{part.contribution:+.2f} {part.feature}{value}"
    return FeatureReasonOut(feature=part.feature, value=part.value, contribution=part.contribution, text=text)


class AdjustmentIn(In):
    """`points` in steps of 0.25, of either sign, and why."""

    points: Annotated[float, Field(ge=-LARGEST_POINTS, le=LARGEST_POINTS, multiple_of=0.25)]
    reason: Line
    axis: Axis = Axis.FIT
    client_id: str | None = None


class AdjustmentOut(Out):
    id: str
    axis: Axis
    points: float
    reason: str
    by: str
    at: Time


class BandOut(Out):
    """Closed leads whose last score while they were open was in [low, high)."""

    low: float
    high: float
    leads: int
    won: int
    lost: int
    won_rate: float | None


class PerformanceOut(Out):
    """`auc` is the chance that a won lead was in a higher band than a lost one, ties half; null while only one kind is
    known."""

    version: int | None
    won: int
    lost: int
    auc: float | None
    bands: list[BandOut]


def performance_out(performance: Performance) -> PerformanceOut:
    return PerformanceOut.model_validate(performance)
