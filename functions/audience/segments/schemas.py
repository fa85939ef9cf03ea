"""Wire shapes of segments."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictBool, StringConstraints

from groundswell.audience.segments.model import RULES_AT_MOST, Match, Rule, Segment
from groundswell.audience.segments.service import Preview
from groundswell.audience.segments.store import rules_of
from groundswell.http.schema import Changes, In, Line, Out, Time
from groundswell.leads.model import Lead

Scalar = (
    Annotated[str, StringConstraints(max_length=2000)] | StrictBool | int | Annotated[float, Field(allow_inf_nan=False)]
)
Several = Annotated[list[Scalar], Field(max_length=100)]
Description = Annotated[str, StringConstraints(max_length=2000)]


class RuleIn(In):
    """About a `field` of the lead (a custom field by its name), about an `event` of its person (`value`: how many,
    `within`: how long ago at most), about its `score` (`score` or `grade`), or about a `list` that it is on.

    Operators: `equals, not_equals, contains, not_contains, starts_with, not_starts_with, in, not_in, exists,
    not_exists, gt, gte, lt, lte, within_days`, and `within` with a duration (`15m`, `6h`, `30d`) for times.
    """

    field: Line | None = None
    event: Line | None = None
    score: Literal["score", "grade"] | StrictBool | Annotated[float, Field(ge=0, le=1)] | None = None
    list: Line | None = None
    operator: Annotated[str, StringConstraints(max_length=32, to_lower=True)] | None = None
    value: Scalar | Several | None = None
    within: Annotated[str, StringConstraints(max_length=8)] | None = None

    def rule(self) -> Rule:
        own: dict[str, Any] = {"event": self.event, "list": self.list, "value": self.value, "within": self.within}
        if self.field in ("score", "grade"):
            own["score"] = self.field
        else:
            own["field"] = self.field
        if isinstance(self.score, str):
            own["score"] = self.score
        elif self.score is not None and self.score is not False:
            own["score"] = "score"
            if self.value is None and not isinstance(self.score, bool):
                own["value"] = self.score
        return Rule(operator=self.operator or self._usual(), **own)

    def _usual(self) -> str:
        if self.list is not None:
            return "in"
        if self.score is not None:
            return "gte"
        return "within" if self.field is not None and self.within is not None else "exists"


Rules = Annotated[tuple[RuleIn, ...], Field(min_length=1, max_length=RULES_AT_MOST)]


class SegmentIn(In):
    name: Line
    match: Match = Match.ALL
    rules: Rules
    description: Description | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        rules = tuple(rule.rule() for rule in self.rules)
        return {"name": self.name, "match": self.match, "rules": rules, "description": self.description}


class SegmentUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset({"name", "match", "rules"})

    name: Line | None = None
    match: Match | None = None
    rules: Rules | None = None
    description: Description | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changes = self.changes()
        if self.rules is not None:
            changes["rules"] = tuple(rule.rule() for rule in self.rules)
        return changes


class SegmentOut(Out):
    """`members` is how many leads are in it. `refreshed_at` is when all leads were last asked: null until the first
    time is over. Since then each is asked when it changes; rules on events and on how long ago are asked every hour."""

    id: str
    client_id: str
    name: str
    description: str | None
    match: Match
    rules: list[dict[str, Any]]
    members: int
    refreshed_at: Time | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def segment_out(segment: Segment, sizes: Mapping[str, int]) -> SegmentOut:
    own = {name: getattr(segment, name) for name in SegmentOut.model_fields if name not in ("members", "rules")}
    rules = [dict(rule) for rule in rules_of(segment.rules)]
    return SegmentOut(**own, rules=rules, members=sizes.get(segment.id, 0))


class SampleOut(Out):
    lead_id: str
    email: str | None
    name: str | None


class PreviewOut(Out):
    """How many leads the rules hold for now, and the newest ten of them. Of more than 20,000 leads the newest 20,000
    are `asked`, and `exact` is false."""

    count: int
    sample: list[SampleOut]
    examined: int = Field(serialization_alias="asked")
    exact: bool


def preview_out(preview: Preview) -> PreviewOut:
    sample = [_sample_out(lead) for lead in preview.sample]
    return PreviewOut(count=preview.count, sample=sample, examined=preview.examined, exact=preview.exact)


def _sample_out(lead: Lead) -> SampleOut:
    return SampleOut(lead_id=lead.id, email=lead.email, name=lead.name or None)
