"""Decisions on campaigns, by the same rules as on pages and creatives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from groundswell.access.model import ClientContext, Role
from groundswell.approval.approvals import NothingToApprove
from groundswell.approval.model import Decision, Policy, Verdict
from groundswell.approval.people import Team, check_approvers
from groundswell.campaigns.model import Bodies, Campaign
from groundswell.campaigns.reviewed import FindTemplate, is_outdated, revised, with_template
from groundswell.campaigns.service import CampaignService, CampaignStore
from groundswell.kernel.errors import PreconditionFailed

_ATTEMPTS = 4


class CampaignApprovals:
    def __init__(
        self,
        campaigns: CampaignService,
        store: CampaignStore,
        template: FindTemplate,
        team: Team,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._campaigns = campaigns
        self._store = store
        self._template = template
        self._team = team
        self._now = now
        self._new_id = new_id

    def check_people(self, who: ClientContext, policy: Policy | None) -> None:
        """Raises Invalid for approvers who do not work for the client."""
        check_approvers(self._team, who, policy)

    def decide(
        self, who: ClientContext, campaign_id: str, verdict: Verdict, reason: str | None, revision: int | None
    ) -> tuple[Campaign, Bodies]:
        """On the revision that was looked at, the newest where none is named: a template that was changed since makes
        another one. An approval starts nothing.

        Raises CampaignNotFound, CampaignLocked, NothingToApprove, and what `approval.model.decide` raises.
        """
        for left in reversed(range(_ATTEMPTS)):
            campaign, bodies = self._campaigns.whole(who.client_id, campaign_id)
            try:
                return self._decided(who, campaign, verdict, reason, revision), bodies
            except PreconditionFailed:
                if not left:
                    raise
        raise PreconditionFailed

    def _decided(
        self, who: ClientContext, campaign: Campaign, verdict: Verdict, reason: str | None, revision: int | None
    ) -> Campaign:
        if campaign.approval is None:
            raise NothingToApprove
        campaign.need_editable()
        campaign = self._renewed(campaign)
        seen = revision or campaign.revision
        decision = Decision(self._new_id(), who.actor_id, self._now(), verdict, seen, 0, reason)
        may_approve = who.role.covers(Role.ADMIN)
        approval = campaign.approval and campaign.approval.decided(
            decision, campaign.revision, campaign.authors, may_approve=may_approve
        )
        if approval is None:
            return campaign
        return self._store.save(campaign, replace(campaign, approval=approval, updated_at=self._now()))

    def _renewed(self, campaign: Campaign) -> Campaign:
        if not is_outdated(campaign, self._template):
            return campaign
        again = revised(campaign, campaign.revised_by or campaign.created_by)
        return self._store.save(campaign, with_template(again, self._template))
