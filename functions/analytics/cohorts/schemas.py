"""Wire shapes of cohorts."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from functions.analytics.exact import written
from functions.analytics.questions.schemas import MatchIn, Scalar, exact
from groundswell.analytics.cohorts.model import Cohort
from groundswell.analytics.cohorts.rules import Definition, Did, HasTrait, Rule
from groundswell.analytics.cohorts.service import Wanted
from groundswell.http.schema import In, Line, Out, Time
from groundswell.operations.model import Operation, Status


class RuleIn(In):
    """`did` (at least `at_least` times, in the last `days` or ever), or `trait` `equals`; `not` turns it round."""

    did: MatchIn | None = None
    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    days: Annotated[int, Field(ge=1, le=3_660)] | None = None
    trait: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    equals: Scalar = None
    negated: bool = Field(default=False, alias="not")

    @model_validator(mode="after")
    def _one(self) -> "RuleIn":
        if (self.did is None) == (self.trait is None):
            raise ValueError("send did or trait")
        return self

    def rule(self) -> Rule:
        if self.did is not None:
            return Did(self.did.match(), self.at_least, self.days, self.negated)
        return HasTrait(self.trait or "", exact(self.equals), self.negated)


class CohortIn(In):
    """Persons for whom all rules hold, or any."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    match: Literal["all", "any"] = "all"
    rules: Annotated[list[RuleIn], Field(min_length=1, max_length=20)]
    client_id: str | None = None

    def definition(self) -> Definition:
        return Definition(tuple(rule.rule() for rule in self.rules), any_of=self.match == "any")

    def wanted(self) -> Wanted:
        document = self.model_dump(by_alias=True, exclude_unset=True, exclude={"client_id"})
        everything = self.model_dump(by_alias=True, exclude={"client_id"})
        return Wanted(self.name, written(document), self.definition(), written(everything))


class CohortUpdate(In):
    """Absent keeps."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=200)] | None = None
    match: Literal["all", "any"] | None = None
    rules: Annotated[list[RuleIn], Field(min_length=1, max_length=20)] | None = None
    client_id: str | None = None

    @field_validator("name", "match", "rules")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("cannot be cleared")
        return value

    def merged(self, definition: Mapping[str, Any]) -> CohortIn:
        """The cohort to be; `definition` is the one there is."""
        changes = self.model_dump(by_alias=True, exclude_unset=True, exclude={"client_id"})
        return CohortIn.model_validate({**definition, **changes})


class CohortOut(Out):
    id: str
    client_id: str
    name: str
    match: str
    rules: list[dict[str, Any]]
    size: int
    taken_at: Time
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class TakingOut(Out):
    """The operation that takes the members. `GET /operations/{id}` says how far it is; once it succeeded, its result
    has `cohort_id`, `size`, `events` and `as_of`."""

    id: str
    job: str
    status: Status
    progress: int
    created_at: Time
    updated_at: Time
    cohort_id: str


class MemberOut(Out):
    person: str


class ExportOut(Out):
    taken_at: Time
    size: int
    persons: list[str]


def taking_out(operation: Operation) -> TakingOut:
    attributes = {name: getattr(operation, name) for name in TakingOut.model_fields if name != "cohort_id"}
    return TakingOut(**attributes, cohort_id=operation.state["cohort"]["id"])


def cohort_out(cohort: Cohort) -> CohortOut:
    wanted = json.loads(cohort.definition)
    attributes = {name: getattr(cohort, name) for name in CohortOut.model_fields if name not in ("match", "rules")}
    return CohortOut(**attributes, match=wanted.get("match", "all"), rules=wanted["rules"])
