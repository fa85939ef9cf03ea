"""Posts: written, checked, scheduled, approved, cancelled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Any, Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.approval.approvals import Approval, AwaitsApproval, NothingToApprove, under
from groundswell.approval.model import ApprovalStatus, Decision, Policy, Verdict
from groundswell.approval.people import Team, check_approvers
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid, require_version
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.social.events import awaited
from groundswell.social.model import (
    Account,
    AccountNotFound,
    AccountStatus,
    NeedsReauth,
    Network,
    Part,
    Post,
    PostClosed,
    PostNotFound,
    PostStatus,
    PostUnderWay,
    ShortLink,
    SlotTaken,
)
from groundswell.social.queueing import next_slot
from groundswell.social.short_links import links_in, shortened
from groundswell.social.snapshots import Snapshot
from groundswell.social.text import Attachment, check_media, check_texts
from groundswell.social.visits import Visits

_ACTIVE = frozenset({PostStatus.PENDING_APPROVAL, PostStatus.SCHEDULED, PostStatus.PUBLISHING})

_SLOTS_TRIED = 60


@dataclass(frozen=True)
class Content:
    """What somebody writes: one text, or the texts of a thread, each with its files. `fields` name them in problems."""

    texts: tuple[str, ...]
    media: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    first_comment: str | None = None


class PostStore(Protocol):
    def find(self, client_id: str, post_id: str) -> Post | None: ...

    def page(
        self, client_id: str, network: Network, statuses: Sequence[PostStatus], limit: int, position: Position | None
    ) -> Page[Post]:
        """Newest first."""

    def named(self, client_id: str, network: Network, network_id: str) -> Post | None: ...

    def account(self, client_id: str, account_id: str) -> Account | None: ...

    def save(self, before: Post | None, post: Post, messages: Sequence[Message] = (), *, in_slot: bool = False) -> Post:
        """With its timer, its files' uses, its short links, the guards of its text and (`in_slot`) of its slot. Raises
        PreconditionFailed, DuplicatePost, SlotTaken."""

    def visits(self, client_id: str, post_ids: Sequence[str]) -> Mapping[str, Visits]:
        """Of those that anybody came by."""

    def slots_taken(self, client_id: str, account_id: str) -> Sequence[datetime]: ...

    def posts(self, client_id: str, post_ids: Sequence[str]) -> Sequence[Post]:
        """Those that there are, in no order."""

    def latest(self, client_id: str, network: Network) -> Sequence[Snapshot]:
        """The newest of each post."""

    def snapshots(self, client_id: str, post_id: str) -> Sequence[Snapshot]:
        """Oldest first."""


class Files(Protocol):
    def attachment(self, client_id: str, media_id: str) -> Attachment | None:
        """None for what is not there or not complete."""


class PostService:
    def __init__(
        self,
        store: PostStore,
        files: Files,
        team: Team,
        publish: Callable[[Post], Message],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        shorten: Callable[[str, str, str], str],
    ) -> None:
        """`shorten` makes a short URL: of a client's post, for a URL."""
        self._store = store
        self._files = files
        self._team = team
        self._publish = publish
        self._now = now
        self._new_id = new_id
        self._shorten = shorten

    def list(
        self, client_id: str, network: Network, statuses: Sequence[PostStatus], limit: int, position: Position | None
    ) -> Page[Post]:
        return self._store.page(client_id, network, statuses, limit, position)

    def get(self, client_id: str, network: Network, post_id: str) -> Post:
        """By our id, or the network's own of one of its parts. Raises PostNotFound."""
        post = self._store.find(client_id, post_id) or self._store.named(client_id, network, post_id)
        if post is None or post.network is not network:
            raise PostNotFound
        return post

    def create(self, who: ClientContext, network: Network, content: Content, options: Mapping[str, Any]) -> Post:
        """`options`: account_id, and scheduled_at, queue, approval, short_links. Raises Invalid, NeedsReauth,
        DuplicatePost."""
        account = self._account(who.client_id, network, options["account_id"])
        self._check_approvers(who, options)
        now = self._now()
        blank = Post(self._new_id(), who.client_id, network, account.id, (), PostStatus.DRAFT, who.actor_id, now, now)
        post = self._written(blank, content, short_links=bool(options.get("short_links")))
        return self._save_timed(None, post, account, options)

    def update(
        self,
        who: ClientContext,
        network: Network,
        post_id: str,
        content: Content | None,
        options: Mapping[str, Any],
        expected: int | None,
    ) -> Post:
        """What is absent is kept; a new text takes an approval back. Raises PostNotFound, PostClosed, Invalid."""
        post = self.get(who.client_id, network, post_id)
        require_version(expected, post.version)
        post.need_editable()
        changed = replace(post, updated_at=self._now(), error=None)
        if content:
            short = bool(options.get("short_links", bool(post.links)))
            changed = self._written(changed, content, short_links=short)
            changed = replace(changed, approved_by=None, revision=post.revision + 1, written_by=who.actor_id)
        self._check_approvers(who, options)
        account = self._account(who.client_id, network, options.get("account_id", post.account_id))
        return self._save_timed(post, replace(changed, account_id=account.id), account, options)

    def visits(self, client_id: str, posts: Iterable[Post]) -> Mapping[str, Visits]:
        """Who came by them, by their ids: of those with short links."""
        with_links = [post.id for post in posts if post.links]
        return self._store.visits(client_id, with_links) if with_links else {}

    def cancel(self, who: ClientContext, network: Network, post_id: str, expected: int | None) -> Post:
        """What is not published yet never will be. Cancelling twice changes nothing. Raises PostNotFound, PostClosed,
        PostUnderWay."""
        post = self.get(who.client_id, network, post_id)
        require_version(expected, post.version)
        if post.status is PostStatus.CANCELLED:
            return post
        self._need_still(post)
        if post.status is PostStatus.PUBLISHED:
            raise PostClosed
        return self._store.save(post, replace(post, status=PostStatus.CANCELLED, updated_at=self._now()))

    def publish(self, who: ClientContext, network: Network, post_id: str, expected: int | None) -> Post:
        """Have it published now; a failed one goes on at its first unpublished part. Raises PostNotFound, PostClosed,
        PostUnderWay, AwaitsApproval, NeedsReauth."""
        post = self.get(who.client_id, network, post_id)
        require_version(expected, post.version)
        self._need_still(post)
        if post.status in (PostStatus.PUBLISHED, PostStatus.CANCELLED):
            raise PostClosed
        if post.approval and not post.approved_by:
            raise AwaitsApproval
        self._usable(self._account(who.client_id, network, post.account_id))
        now = self._now()
        due = replace(
            post, status=PostStatus.SCHEDULED, scheduled_at=now, updated_at=now, error=None, attempt=post.attempt + 1
        )
        return self._store.save(post, due, [self._publish(due)])

    def approve(
        self, who: ClientContext, network: Network, post_id: str, comment: str | None, revision: int | None
    ) -> Post:
        """The last approval that is needed sends it on its way. Of the revision that was looked at, the newest where
        none is named.

        Raises PostNotFound, NothingToApprove, and what `approval.model.decide` raises.
        """
        return self._decide(who, self.get(who.client_id, network, post_id), Verdict.APPROVE, comment, revision)

    def hand_back(
        self, who: ClientContext, network: Network, post_id: str, reason: str | None, revision: int | None
    ) -> Post:
        """As a draft. Raises what `approve` does."""
        post = self.get(who.client_id, network, post_id)
        return self._decide(who, post, Verdict.REQUEST_CHANGES, reason or "Handed back as a draft", revision)

    def _decide(
        self, who: ClientContext, post: Post, verdict: Verdict, reason: str | None, revision: int | None
    ) -> Post:
        if post.status is not PostStatus.PENDING_APPROVAL:
            raise NothingToApprove
        now = self._now()
        decision = Decision(self._new_id(), who.actor_id, now, verdict, revision or post.revision, 0, reason)
        may_approve = who.role.covers(Role.EDITOR)
        review = (post.review or Approval(Policy())).decided(
            decision, post.revision, post.authors, may_approve=may_approve
        )
        if review is None:
            return post
        decided = replace(post, review=review, updated_at=now)
        if verdict is not Verdict.APPROVE:
            return self._store.save(post, replace(decided, status=PostStatus.DRAFT, revision=post.revision + 1))
        if review.progress(post.revision, post.authors).status is ApprovalStatus.APPROVED:
            decided = replace(decided, approved_by=who.actor_id)
        decided = replace(decided, status=_ready(decided))
        return self._store.save(post, decided, awaited(post, decided))

    def engagement(
        self, client_id: str, network: Network, start: int | None, end: int | None, account_id: str | None
    ) -> Sequence[tuple[Post, Snapshot]]:
        """Of posts that were published in [start, end), in ms since 1970, newest first."""
        snapshots = {snapshot.post_id: snapshot for snapshot in self._store.latest(client_id, network)}
        posts = [
            post
            for post in self._store.posts(client_id, tuple(snapshots))
            if post.published_at
            and (start or 0) <= millis(post.published_at) < (end or inf)
            and account_id in (None, post.account_id)
        ]
        posts.sort(key=lambda post: post.id, reverse=True)
        return [(post, snapshots[post.id]) for post in posts]

    def snapshots(self, client_id: str, network: Network, post_id: str) -> tuple[Post, Sequence[Snapshot]]:
        """Raises PostNotFound."""
        post = self.get(client_id, network, post_id)
        return post, self._store.snapshots(client_id, post.id)

    def _check_approvers(self, who: ClientContext, options: Mapping[str, Any]) -> None:
        policy = options.get("approval")
        if isinstance(policy, Policy):
            check_approvers(self._team, who, policy)

    def _need_still(self, post: Post) -> None:
        if post.status is PostStatus.PUBLISHING:
            raise PostUnderWay

    def _account(self, client_id: str, network: Network, account_id: str) -> Account:
        account = self._store.account(client_id, account_id)
        if account is None or account.network is not network:
            raise Invalid.on("account_id", AccountNotFound.message, "unknown")
        return account

    def _usable(self, account: Account) -> None:
        if account.status(self._now()) is AccountStatus.NEEDS_REAUTH:
            raise NeedsReauth(details={"account_id": account.id})

    def _written(self, post: Post, content: Content, *, short_links: bool) -> Post:
        """With what it says. Texts are counted as they go out."""
        texts = (*content.texts, *([content.first_comment] if content.first_comment else ()))
        urls = links_in(texts) if short_links else ()
        links = tuple(ShortLink(url, self._shorten(post.client_id, post.id, url)) for url in urls)
        parts = self._parts(post.client_id, post.network, content, lambda text: shortened(text, links))
        return replace(post, parts=parts, links=links, first_comment=bool(content.first_comment))

    def _parts(
        self, client_id: str, network: Network, content: Content, as_sent: Callable[[str], str]
    ) -> tuple[Part, ...]:
        lengths = check_texts(network, [as_sent(text) for text in content.texts], content.fields)
        parts = []
        for text, length, media_ids, name in zip(content.texts, lengths, content.media, content.fields, strict=True):
            self._check_files(client_id, network, media_ids, name)
            if not text and not media_ids:
                raise Invalid.on(name, "a text or a file", "missing")
            parts.append(Part(text, length, media_ids))
        if content.first_comment:
            (length,) = check_texts(network, [as_sent(content.first_comment)], ["first_comment"])
            parts.append(Part(content.first_comment, length))
        return tuple(parts)

    def _check_files(self, client_id: str, network: Network, media_ids: Sequence[str], name: str) -> None:
        where = "media_ids" if name == "text" else f"{name}.media_ids"
        files = [(media_id, self._files.attachment(client_id, media_id)) for media_id in media_ids]
        missing = [media_id for media_id, file in files if file is None]
        if missing:
            raise Invalid.on(where, f"no such file, or its upload is not complete: {', '.join(missing)}", "unknown")
        check_media(network, [file for _, file in files if file], where)

    def _save_timed(self, before: Post | None, post: Post, account: Account, options: Mapping[str, Any]) -> Post:
        """In its slot, if it goes into the queue: the next one where somebody takes it at the same moment."""
        if not options.get("queue"):
            timed = self._timed(post, account, options)
            return self._store.save(before, timed, awaited(before, timed))
        seen = self._store.slots_taken(post.client_id, account.id)
        booked_slots = {slot for slot in seen if slot != post.scheduled_at}
        for _ in range(_SLOTS_TRIED):
            at = next_slot(account.queue, booked_slots, self._now())
            timed = self._timed(post, account, {**options, "scheduled_at": at})
            try:
                return self._store.save(before, timed, awaited(before, timed), in_slot=True)
            except SlotTaken:
                booked_slots.add(at)
        raise SlotTaken

    def _timed(self, post: Post, account: Account, options: Mapping[str, Any]) -> Post:
        approval: bool | Policy = options.get("approval", post.approval)
        at = options.get("scheduled_at", post.scheduled_at)
        if "scheduled_at" in options and at is not None and at <= self._now():
            raise Invalid.on("scheduled_at", "lies in the past: publish it now instead", "past")
        timed = replace(post, scheduled_at=at, approval=bool(approval))
        if isinstance(approval, Policy):
            timed = replace(timed, review=under(approval, post.review, post.authors))
        status = _ready(timed)
        if status in _ACTIVE:
            self._usable(account)
        # Whoever set a time anew wants it to go out anew: a timer of before is for an attempt of before.
        return replace(timed, status=status, attempt=post.attempt + (status is PostStatus.SCHEDULED))


def _ready(post: Post) -> PostStatus:
    if post.approval and not post.approved_by:
        return PostStatus.PENDING_APPROVAL
    return PostStatus.SCHEDULED if post.scheduled_at else PostStatus.DRAFT
