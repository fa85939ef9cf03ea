"""What an object keeps that needs a yes before it goes out: a page, a post."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from groundswell.approval.model import (
    DECISIONS_AT_MOST,
    ApprovalStatus,
    Decision,
    Policy,
    Progress,
    Review,
    ReviewEnded,
    decide,
    progress,
)
from groundswell.kernel.errors import Conflict


class AwaitsApproval(Conflict):
    code = "AWAITS_APPROVAL"
    message = "Somebody else has to approve it first"


class NothingToApprove(Conflict):
    code = "NOTHING_TO_APPROVE"
    message = "It does not wait for approval"


@dataclass(frozen=True)
class Approval:
    """Who has to say yes, and what was decided on any version, oldest first."""

    policy: Policy
    decisions: tuple[Decision, ...] = ()

    def progress(self, version: int, authors: Sequence[str]) -> Progress:
        return progress(self._review(version, authors))

    def need_approved(self, version: int, authors: Sequence[str]) -> None:
        """Raises AwaitsApproval, with how many are missing."""
        at = self.progress(version, authors)
        if at.status is not ApprovalStatus.APPROVED:
            raise AwaitsApproval(details={"status": at.status.value, "stage": at.stage, "missing": at.missing})

    def decided(
        self, decision: Decision, version: int, authors: Sequence[str], *, may_approve: bool
    ) -> "Approval | None":
        """With that decision; None where the same person decided the same before. Raises what `model.decide` raises."""
        made = decide(self._review(version, authors), decision, may_approve=may_approve)
        if made is None:
            return None
        if len(self.decisions) >= DECISIONS_AT_MOST:
            raise ReviewEnded(f"At most {DECISIONS_AT_MOST} decisions are kept")
        return replace(self, decisions=(*self.decisions, made))

    def _review(self, version: int, authors: Sequence[str]) -> Review:
        return Review(self.policy, frozenset(authors), version, self.decisions)


def under(policy: Policy | None, before: Approval | None, authors: Sequence[str]) -> Approval | None:
    """What was decided stays: it is on earlier versions. Raises Invalid for a policy that nobody could ever satisfy."""
    if policy is None:
        return None
    policy.check(frozenset(authors))
    return replace(before, policy=policy) if before else Approval(policy)
