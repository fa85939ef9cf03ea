"""What can be done with pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.approval.approvals import Approval, AwaitsApproval, under
from groundswell.audit.model import SYSTEM
from groundswell.cms import events
from groundswell.cms.model import (
    MEDIA_AT_MOST,
    NAMES,
    Copy,
    FieldDifference,
    NothingToRestore,
    Page,
    PageNotFound,
    RevisionNotFound,
    Snapshot,
    Status,
    check_schedule,
    differences,
)
from groundswell.cms.slugs import check_slug
from groundswell.kernel.errors import Invalid, PreconditionFailed, PreconditionRequired
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page as Listed
from groundswell.kernel.page import Position

type Values = Mapping[str, Any]
_ATTEMPTS = 4
_HTML = frozenset({"content"})


class PageStore(Protocol):
    def find(self, client_id: str, page_id: str) -> Page | None: ...

    def snapshot(self, client_id: str, page_id: str, number: int) -> Snapshot | None: ...

    def snapshots(self, client_id: str, page_id: str, limit: int, before: int | None) -> tuple[Snapshot, ...]:
        """Newest first, those of a smaller number than `before`."""

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


class Sanitiser(Protocol):
    def html(self, text: str) -> str: ...

    def plain(self, text: str) -> str: ...

    def media_in(self, client_id: str, html: str) -> frozenset[str]:
        """The client's files that it shows or links to."""


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
        self._store = store
        self._sanitiser = sanitiser
        self._strict = strict
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, limit: int, position: Position | None, *, deleted: bool) -> Listed[Page]:
        return self._store.page(client_id, limit, position, deleted=deleted)

    def get(self, client_id: str, page_id: str) -> Draft:
        """Raises PageNotFound."""
        page = self._page(client_id, page_id)
        return Draft(page, self._draft(page).copy)

    def published(self, client_id: str, page_id: str) -> Draft:
        """What everybody may read of it, and nothing of its draft. Raises PageNotFound."""
        page = self._page(client_id, page_id)
        if page.live_revision is None or page.live_slug is None:
            raise PageNotFound
        copy = self.revision(client_id, page_id, page.live_revision).copy
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
            page = self._page(who.client_id, page_id)
            self._need_version(page, expected, values)
            try:
                return self._write(who.actor_id, page, page, self._draft(page).copy, values)
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
        kept = self._draft(page) if revision is None else self.revision(who.client_id, page_id, revision)
        draft = replace(page, deleted_at=None)
        return self._write(who.actor_id, page, draft, Copy(), {"slug": kept.slug, **vars(kept.copy)})

    def revision(self, client_id: str, page_id: str, number: int) -> Snapshot:
        """Raises RevisionNotFound."""
        found = self._store.snapshot(client_id, page_id, number)
        if found is None:
            raise RevisionNotFound
        return found

    def revisions(self, client_id: str, page_id: str, limit: int, before: int | None) -> Sequence[Snapshot]:
        """Raises PageNotFound."""
        return self._store.snapshots(client_id, self._page(client_id, page_id).id, limit, before)

    def diff(
        self, client_id: str, page_id: str, number: int, against: int | None
    ) -> tuple[int | None, Sequence[FieldDifference]]:
        """(the other revision: the one before, unless another is named; what is different in `number`).

        Raises PageNotFound, RevisionNotFound.
        """
        self._page(client_id, page_id)
        after = self.revision(client_id, page_id, number)
        if against is not None:
            return against, differences(self.revision(client_id, page_id, against), after)
        earlier = self._store.snapshots(client_id, page_id, 1, number)
        before = earlier[0] if earlier else Snapshot(0, after.at, "", "", Copy(), 0)
        return before.number or None, differences(before, after)

    def _page(self, client_id: str, page_id: str) -> Page:
        page = self._store.find(client_id, page_id) if can_be_id(page_id) else None
        if page is None or page.deleted_at is not None:
            raise PageNotFound
        return page

    def _draft(self, page: Page) -> Snapshot:
        return self.revision(page.client_id, page.id, page.revision)

    def _expected(self, client_id: str, page_id: str, expected: int | None) -> Page:
        page = self._page(client_id, page_id)
        self._need_version(page, expected, {})
        return page

    def _need_version(self, page: Page, expected: int | None, values: Values) -> None:
        if expected is None or expected == page.version:
            return
        changed = self._changed_since(page, expected)
        wanted = {name.partition(".")[0] for name in changed} & values.keys()
        text = f"Version {expected} is not the newest: {', '.join(changed) or 'its state'} changed since"
        details = {
            "expected_version": expected,
            "version": page.version,
            "fields": changed,
            "conflicts": sorted(wanted),
        }
        raise PreconditionFailed(text, details=details)

    def _changed_since(self, page: Page, version: int) -> Sequence[str]:
        """Fields that are not as they were in that version."""
        newest = self._draft(page)
        for each in self._store.snapshots(page.client_id, page.id, 100, None):
            if each.version <= version:
                names = [difference.field for difference in differences(each, newest)]
                return names or ["status"]
        return []

    def _turn(self, actor: str, page: Page, status: Status) -> Draft:
        draft = self._draft(page)
        now = self._now()
        if status is Status.PUBLISHED:
            page.need_approved()
            after, live = page.published(now), draft
        else:
            after, live = page.unpublished(), None
        after = replace(after, updated_by=actor, updated_at=now)
        said = events.turned(page, after, now)
        return Draft(self._store.save(page, after, None, live, said), draft.copy)

    def _write(self, actor: str, before: Page | None, page: Page, present: Copy, values: Values) -> Draft:
        """A new revision, and what else is asked for."""
        now = self._now()
        copy = present.merged(self._clean(values))
        after = replace(
            page,
            slug=check_slug(values["slug"] or "") if "slug" in values else page.slug,
            title=copy.title,
            media=self._media(page.client_id, copy),
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

    def _clean(self, values: Values) -> dict[str, Any]:
        return {name: self._clean_texts(name, values[name]) for name in NAMES & values.keys()}

    def _clean_texts(self, name: str, texts: Mapping[str, str | None] | None) -> Mapping[str, str | None] | None:
        if texts is None:
            return None
        clean = self._sanitiser.html if name in _HTML else self._sanitiser.plain
        return {language: None if text is None else clean(text) for language, text in texts.items()}

    def _media(self, client_id: str, copy: Copy) -> tuple[str, ...]:
        found = frozenset[str]().union(*(self._sanitiser.media_in(client_id, html) for html in copy.content.values()))
        if len(found) > MEDIA_AT_MOST:
            raise Invalid.on("content", f"at most {MEDIA_AT_MOST} files", "too_many")
        return tuple(sorted(found))


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
