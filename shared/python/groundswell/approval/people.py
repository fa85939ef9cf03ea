"""Whether those who are to say yes are there to say it."""

from collections.abc import Sequence
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.approval.model import Policy
from groundswell.kernel.errors import Invalid


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of them who may work for the client now."""


def check_approvers(team: Team, who: ClientContext, policy: Policy | None) -> None:
    """Raises Invalid for approvers who do not work for the client."""
    approvers = policy.approvers if policy else ()
    unknown = set(approvers) - team.working(who.client_id, who.org_id, approvers) if approvers else set()
    if unknown:
        raise Invalid.on("approval.approvers", f"nobody of this client: {', '.join(sorted(unknown))}", "unknown")
