"""Policies, decisions, and what they amount to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from groundswell.kernel.errors import Conflict, FieldProblem, Forbidden, Invalid

STAGES_AT_MOST = 10
APPROVERS_AT_MOST = 20
DECISIONS_AT_MOST = 300
GUEST = "guest:"
"""What actors begin with who came by a link."""


class OwnWork(Forbidden):
    code = "OWN_WORK"
    message = "Nobody decides on their own work: somebody else has to"


class NotAnApprover(Forbidden):
    code = "NOT_AN_APPROVER"
    message = "You are not one of the approvers of this stage"


class OlderVersion(Conflict):
    code = "OLDER_VERSION"
    message = "There is a newer version: look at that"


class ReviewEnded(Conflict):
    code = "REVIEW_ENDED"
    message = "This version was decided on: a new version begins a new review"


class AlreadyDecided(Conflict):
    code = "ALREADY_DECIDED"
    message = "You decided on this version already"


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"


class ApprovalStatus(StrEnum):
    PENDING = "pending"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"


_ENDS = {Verdict.REJECT: ApprovalStatus.REJECTED, Verdict.REQUEST_CHANGES: ApprovalStatus.CHANGES_REQUESTED}


@dataclass(frozen=True)
class Stage:
    """`required` different people of `approvers`; without any, of those who may approve."""

    required: int = 1
    approvers: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Policy:
    """At least one stage."""

    stages: tuple[Stage, ...] = (Stage(),)

    @property
    def approvers(self) -> tuple[str, ...]:
        """Of all stages, each once."""
        return tuple(dict.fromkeys(user_id for stage in self.stages for user_id in stage.approvers))

    def check(self, authors: frozenset[str]) -> None:
        """Raises Invalid for what could never be approved."""
        problems = [
            FieldProblem("approval.required", "too_many", f"{stage.required} of {len(others)} who did not make it")
            for stage in self.stages
            if stage.approvers and len(others := set(stage.approvers) - authors) < stage.required
        ]
        if problems:
            raise Invalid(problems=tuple(problems))


@dataclass(frozen=True)
class Decision:
    """`by` is a user's id, or `guest:<link>`; `name` is what a guest calls themselves. `stage` counts from 0."""

    id: str
    by: str
    at: datetime
    decision: Verdict
    version: int
    stage: int = 0
    reason: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Review:
    """`authors` made the newest version, or submitted the first one. `decisions` are on all versions, oldest first."""

    policy: Policy
    authors: frozenset[str]
    version: int
    decisions: Sequence[Decision] = ()

    @property
    def current(self) -> tuple[Decision, ...]:
        """Those on the newest version."""
        return tuple(decision for decision in self.decisions if decision.version == self.version)


@dataclass(frozen=True)
class Progress:
    """Where a review stands: the stage that is open (None at the end), and how many more it needs."""

    status: ApprovalStatus
    stage: int | None = None
    missing: int = 0


def progress(review: Review) -> Progress:
    for decision in review.current:
        if decision.decision in _ENDS:
            return Progress(_ENDS[decision.decision])
    for number, stage in enumerate(review.policy.stages):
        people = {decision.by for decision in review.current if decision.stage == number}
        if len(people) < stage.required:
            return Progress(ApprovalStatus.PENDING, number, stage.required - len(people))
    return Progress(ApprovalStatus.APPROVED)


def decide(review: Review, decision: Decision, *, may_approve: bool) -> Decision | None:
    """The decision with its stage; None where the same person decided the same before. `may_approve` is whether the
    person is one of those who may approve what names no approvers.

    Raises OlderVersion, OwnWork, AlreadyDecided, ReviewEnded, NotAnApprover, Invalid without a reason.
    """
    if decision.version != review.version:
        raise OlderVersion(details={"version": review.version})
    if decision.by in review.authors:
        raise OwnWork
    if decision.decision is not Verdict.APPROVE and not (decision.reason or "").strip():
        raise Invalid.on("reason", "say why", "missing")
    at = progress(review)
    if _is_repeat(review, decision, at):
        return None
    if at.stage is None:
        raise ReviewEnded(f"This version is {at.status.value.replace('_', ' ')}: a new version begins a new review")
    _need_approver(review.policy.stages[at.stage], decision, may_approve=may_approve)
    return replace(decision, stage=at.stage)


def _is_repeat(review: Review, decision: Decision, at: Progress) -> bool:
    """Raises AlreadyDecided where it is not what the person decided before."""
    own = [made for made in review.current if made.by == decision.by]
    if not own or (at.stage is not None and own[-1].stage < at.stage):
        return False  # a later stage may ask the same person again
    if own[-1].decision is not decision.decision:
        raise AlreadyDecided
    return True


def _need_approver(stage: Stage, decision: Decision, *, may_approve: bool) -> None:
    if decision.by.startswith(GUEST):
        return
    if decision.by not in stage.approvers if stage.approvers else not may_approve:
        raise NotAnApprover
