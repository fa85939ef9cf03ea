"""What can be done with pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.approval.approvals import Approval, AwaitsApproval, under
from groundswell.audit.model import SYSTEM
from groundswell.cms import events
from groundswell.cms.cleaning import CopyCleaner, Sanitiser
from groundswell.cms.history import PageHistory, RevisionStore
from groundswell.cms.model import Copy, NothingToRestore, Page, PageNotFound, Snapshot, Status, check_schedule
from groundswell.cms.slugs import check_slug
from groundswell.kernel.errors import PreconditionFailed, PreconditionRequired
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page as Listed
from groundswell.kernel.page import Position

type Values = Mapping[str, Any]
_ATTEMPTS = 4


class PageStore(RevisionStore, Protocol):
    def page(self, client_id: str, limit: int, position: Position | None, *, deleted: bool) -> Listed[Page]: ...

    def save(
        self,
        before: Page | None,
        after: Page,
        draft: Snapshot | None,
        live: Snapshot | None,
        messages: Sequence[Message] = (),
    ) -> Page:
        """`draft` is the new revision, if there is one; `live` what the public reads, if that changes.

        Raises PreconditionFailed, SlugTaken, MediaNotFound.
        """


@dataclass(frozen=True)
class Draft:
    """A page with what it says."""

    page: Page
    copy: Copy


class PageService:
    """`strict` says whether the client wants a version with every change."""

    def __init__(
        self,
        store: PageStore,
        sanitiser: Sanitiser,
        strict: Callable[[str], bool],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.history = PageHistory(store)
        self._store = store
        self._cleaner = CopyCleaner(sanitiser)
        self._strict = strict
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, limit: int, position: Position | None, *, deleted: bool) -> Listed[Page]:
        return self._store.page(client_id, limit, position, deleted=deleted)

    def get(self, client_id: str, page_id: str) -> Draft:
        """Raises PageNotFound."""
        page = self.history.page(client_id, page_id)
        return Draft(page, self.history.draft(page).copy)

    def published(self, client_id: str, page_id: str) -> Draft:
        """What everybody may read of it, and nothing of its draft. Raises PageNotFound."""
        page = self.history.page(client_id, page_id)
        if page.live_revision is None or page.live_slug is None:
            raise PageNotFound
        copy = self.history.revision(client_id, page_id, page.live_revision).copy
        shown = replace(page, slug=page.live_slug, title=copy.title, revision=page.live_revision, media=page.live_media)
        return Draft(replace(shown, publish_at=None, unpublish_at=None), copy)

    def create(self, who: ClientContext, values: Values) -> Draft:
        """Raises Invalid, SlugTaken, AwaitsApproval."""
        now = self._now()
        blank = Page(
            self._new_id(),
            who.client_id,
            "",
            {},
            0,
            who.actor_id,
            created_at=now,
            updated_by=who.actor_id,
            updated_at=now,
        )
        return self._write(who.actor_id, None, blank, Copy(), {"slug": None, **values})

    def update(self, who: ClientContext, page_id: str, values: Values, expected: int | None) -> Draft:
        """What is absent stays. Raises PageNotFound, Invalid, SlugTaken, PreconditionFailed naming the fields that
        differ from the version that was read, PreconditionRequired where the client wants one."""
        if expected is None and self._strict(who.client_id):
            raise PreconditionRequired
        for left in reversed(range(_ATTEMPTS)):
            page = self.history.page(who.client_id, page_id)
            self.history.need_version(page, expected, values)
            try:
                return self._write(who.actor_id, page, page, self.history.draft(page).copy, values)
            except PreconditionFailed:
                if not left:
                    raise
        raise PreconditionFailed

    def publish(self, who: ClientContext, page_id: str, expected: int | None) -> Draft:
        """The draft as it is now becomes public. Raises PageNotFound, PreconditionFailed."""
        return self._turn(who.actor_id, self._expected(who.client_id, page_id, expected), Status.PUBLISHED)

    def unpublish(self, who: ClientContext, page_id: str, expected: int | None) -> Draft:
        """Raises PageNotFound, PreconditionFailed."""
        return self._turn(who.actor_id, self._expected(who.client_id, page_id, expected), Status.DRAFT)

    def publish_on_time(self, client_id: str, page_id: str, due: datetime) -> bool:
        """Whether it was still to be published then."""
        page = self._store.find(client_id, page_id)
        if page is None or page.deleted_at or page.publish_at != due:
            return False
        try:
            page.need_approved()
        except AwaitsApproval:
            return False  # it is published with the last approval
        self._turn(SYSTEM, page, Status.PUBLISHED)
        return True

    def unpublish_on_time(self, client_id: str, page_id: str, due: datetime) -> bool:
        page = self._store.find(client_id, page_id)
        if page is None or page.deleted_at or page.unpublish_at != due:
            return False
        self._turn(SYSTEM, page, Status.DRAFT)
        return True

    def delete(self, who: ClientContext, page_id: str, expected: int | None) -> None:
        """Into the trash: it is not public any more, and its slugs are free.

        Raises PageNotFound, PreconditionFailed.
        """
        page = self._expected(who.client_id, page_id, expected)
        after = replace(page.deleted(self._now()), updated_by=who.actor_id, updated_at=self._now())
        self._store.save(page, after, None, None, events.turned(page, after, after.updated_at))

    def restore(self, who: ClientContext, page_id: str, revision: int | None) -> Draft:
        """A deleted page as a draft, or a page's earlier revision as its draft: what is public stays as it is.

        Raises PageNotFound, RevisionNotFound, NothingToRestore, SlugTaken.
        """
        page = self._store.find(who.client_id, page_id) if can_be_id(page_id) else None
        if page is None:
            raise PageNotFound
        if revision is None and page.deleted_at is None:
            raise NothingToRestore
        kept = self.history.draft(page) if revision is None else self.history.revision(who.client_id, page_id, revision)
        draft = replace(page, deleted_at=None)
        return self._write(who.actor_id, page, draft, Copy(), {"slug": kept.slug, **vars(kept.copy)})

    def _expected(self, client_id: str, page_id: str, expected: int | None) -> Page:
        page = self.history.page(client_id, page_id)
        self.history.need_version(page, expected, {})
        return page

    def _turn(self, actor: str, page: Page, status: Status) -> Draft:
        draft = self.history.draft(page)
        now = self._now()
        if status is Status.PUBLISHED:
            page.need_approved()
            after, live = page.published(now), draft
        else:
            after, live = page.unpublished(), None
        after = replace(after, updated_by=actor, updated_at=now)
        messages = events.turned(page, after, now)
        return Draft(self._store.save(page, after, None, live, messages), draft.copy)

    def _write(self, actor: str, before: Page | None, page: Page, present: Copy, values: Values) -> Draft:
        """A new revision, and what else is asked for."""
        now = self._now()
        copy = present.merged(self._cleaner.clean(values))
        after = replace(
            page,
            slug=check_slug(values["slug"] or "") if "slug" in values else page.slug,
            title=copy.title,
            media=self._cleaner.media(page.client_id, copy),
            publish_at=values.get("publish_at", page.publish_at),
            unpublish_at=values.get("unpublish_at", page.unpublish_at),
            revision=page.revision + 1,
            revised_by=actor,
            approval=_approval(page, values),
            updated_by=actor,
            updated_at=now,
        )
        check_schedule(after.publish_at, after.unpublish_at)
        draft = Snapshot(
            after.revision,
            now,
            actor,
            after.slug,
            copy,
            version=page.version + 1,
            publish_at=after.publish_at,
            unpublish_at=after.unpublish_at,
        )
        after, live = _turned(after, draft, values.get("status"), now)
        return Draft(self._store.save(before, after, draft, live, events.turned(before, after, now)), copy)


def _approval(page: Page, values: Values) -> Approval | None:
    """What was decided stays: it is of earlier revisions. Raises Invalid for what could never be approved."""
    if "approval" not in values:
        return page.approval
    return under(values["approval"], page.approval, page.authors)


def _turned(page: Page, draft: Snapshot, status: Status | None, now: datetime) -> tuple[Page, Snapshot | None]:
    """As the status asks for: published at once, unless a time to come is named."""
    waits = page.publish_at is not None and page.publish_at > now
    due = page.publish_at is not None and not waits
    if due or (status is Status.PUBLISHED and not waits):
        page.need_approved()
        return page.published(now), draft
    if status is Status.DRAFT and page.is_published:
        return page.unpublished(), None
    return page, None
