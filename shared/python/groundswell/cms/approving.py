"""Decisions on pages, by the same rules as on creatives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from groundswell.access.model import ClientContext, Role
from groundswell.approval.approvals import NothingToApprove
from groundswell.approval.model import ApprovalStatus, Decision, Policy, Verdict
from groundswell.approval.people import Team, check_approvers
from groundswell.cms.model import Page
from groundswell.cms.service import Draft, PageService, PageStore
from groundswell.kernel.errors import PreconditionFailed

_ATTEMPTS = 4


class PageApprovals:
    def __init__(
        self,
        pages: PageService,
        store: PageStore,
        team: Team,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._pages = pages
        self._store = store
        self._team = team
        self._now = now
        self._new_id = new_id

    def check_people(self, who: ClientContext, policy: Policy | None) -> None:
        """Raises Invalid for approvers who do not work for the client."""
        check_approvers(self._team, who, policy)

    def decide(
        self, who: ClientContext, page_id: str, verdict: Verdict, reason: str | None, revision: int | None
    ) -> Draft:
        """On the revision that was looked at, the newest where none is named. The last approval of a page that should
        have been published by now publishes it.

        Raises PageNotFound, NothingToApprove, and what `approval.model.decide` raises.
        """
        for left in reversed(range(_ATTEMPTS)):
            draft = self._pages.get(who.client_id, page_id)
            page = draft.page
            if page.approval is None:
                raise NothingToApprove
            wanted = Decision(self._new_id(), who.actor_id, self._now(), verdict, revision or page.revision, 0, reason)
            may_approve = who.role.covers(Role.ADMIN)
            approval = page.approval.decided(wanted, page.revision, page.authors, may_approve=may_approve)
            if approval is None:
                return draft
            try:
                saved = self._store.save(page, replace(page, approval=approval, updated_at=self._now()), None, None)
            except PreconditionFailed:
                if not left:
                    raise
            else:
                return self._published_if_due(who, Draft(saved, draft.copy))
        raise PreconditionFailed

    def _published_if_due(self, who: ClientContext, draft: Draft) -> Draft:
        page = draft.page
        overdue = page.publish_at is not None and page.publish_at <= self._now()
        if overdue and self._is_approved(page):
            return self._pages.publish(who, page.id, page.version)
        return draft

    def _is_approved(self, page: Page) -> bool:
        return page.approval is not None and (
            page.approval.progress(page.revision, page.authors).status is ApprovalStatus.APPROVED
        )
