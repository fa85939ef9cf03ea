"""Wire shapes of approvals, the same for everything that needs a yes."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from groundswell.approval.approvals import Approval
from groundswell.approval.model import (
    APPROVERS_AT_MOST,
    STAGES_AT_MOST,
    ApprovalStatus,
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
        stages = tuple(stage.stage() for stage in self.stages)
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
        stages=[StageOut.model_validate(stage) for stage in policy.stages],
        stage=at.stage,
        missing=at.missing,
    )


class ApproveRevisionIn(In):
    """`revision` is the one you looked at: a newer one is not decided on unseen."""

    comment: Reason | None = None
    revision: int | None = Field(default=None, ge=1)
    client_id: str | None = None


class RefuseRevisionIn(In):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    revision: int | None = Field(default=None, ge=1)
    client_id: str | None = None


class ReviewOut(ApprovalOut):
    """Where the review of the newest revision stands."""

    status: ApprovalStatus


def review_out(approval: Approval | None, revision: int, authors: Sequence[str]) -> ReviewOut | None:
    """None where nobody has to approve it."""
    if approval is None:
        return None
    at = approval.progress(revision, authors)
    return ReviewOut(**approval_out(approval.policy, at).model_dump(), status=at.status)


def decisions_out(approval: Approval | None) -> list[DecisionOut]:
    """Oldest first, on any revision."""
    return [DecisionOut.model_validate(decision) for decision in approval.decisions] if approval else []
