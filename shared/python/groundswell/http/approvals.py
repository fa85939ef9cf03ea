"""Wire shapes of approvals, the same for everything that needs a yes."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from groundswell.approval.model import (
    APPROVERS_AT_MOST,
    STAGES_AT_MOST,
    Policy,
    Progress,
    Stage,
    Verdict,
)
from groundswell.http.schema import In, Out, Time

UserId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Reason = Annotated[str, StringConstraints(max_length=5000)]


def _once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


Approvers = Annotated[tuple[UserId, ...], Field(max_length=APPROVERS_AT_MOST), AfterValidator(_once)]


class StageIn(In):
    name: Annotated[str, StringConstraints(max_length=100)] = ""
    required: int = Field(default=1, ge=1, le=APPROVERS_AT_MOST)
    approvers: Approvers = ()

    def stage(self) -> Stage:
        return Stage(self.required, self.approvers, self.name)


class ApprovalIn(In):
    """`required` of `approvers` have to approve; without approvers, of the client's admins. Or `stages`, in order."""

    required: int = Field(default=1, ge=1, le=APPROVERS_AT_MOST)
    approvers: Approvers = ()
    stages: Annotated[tuple[StageIn, ...], Field(max_length=STAGES_AT_MOST)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> "ApprovalIn":
        if self.stages and self.approvers:
            raise ValueError("name approvers or stages, not both")
        return self

    def policy(self) -> Policy:
        stages = tuple(each.stage() for each in self.stages)
        return Policy(stages or (Stage(self.required, self.approvers),))


class DecisionOut(Out):
    """`by` is a user, or `guest:<link>`, who calls themselves `name`. `version` is what they decided on."""

    id: str
    by: str
    name: str | None
    at: Time
    decision: Verdict
    version: int
    stage: int
    reason: str | None


class StageOut(Out):
    name: str
    required: int
    approvers: list[str]


class ApprovalOut(Out):
    """`stage` is the open one, from 0, and `missing` how many more have to approve in it; null at the end."""

    required: int
    approvers: list[str]
    stages: list[StageOut]
    stage: int | None
    missing: int


def approval_out(policy: Policy, at: Progress) -> ApprovalOut:
    return ApprovalOut(
        required=policy.stages[0].required,
        approvers=list(policy.approvers),
        stages=[StageOut.model_validate(each) for each in policy.stages],
        stage=at.stage,
        missing=at.missing,
    )
