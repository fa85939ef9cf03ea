"""Comments on creatives, and links for people without an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.creatives import events as news
from groundswell.creatives.model import (
    LINK_LASTS,
    LONGEST_LINK,
    Comment,
    CommentNotFound,
    Creative,
    LinkNotFound,
    ShareLink,
)
from groundswell.kernel.errors import Forbidden, Invalid
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.links.service import LinkService

PURPOSE = "review"


class DiscussionStore(Protocol):
    def comments(self, client_id: str, creative_id: str, limit: int, position: Position | None) -> Page[Comment]:
        """Oldest first."""

    def comment(self, client_id: str, creative_id: str, comment_id: str) -> Comment | None: ...

    def save_comment(
        self, client_id: str, creative_id: str, comment: Comment, messages: Sequence[Message]
    ) -> Comment: ...

    def remove_comment(self, client_id: str, creative_id: str, comment: Comment) -> None: ...

    def links(self, client_id: str, creative_id: str) -> tuple[ShareLink, ...]: ...

    def link(self, client_id: str, creative_id: str, link_id: str) -> ShareLink | None: ...

    def save_link(self, client_id: str, link: ShareLink) -> ShareLink: ...


@dataclass(frozen=True)
class Discussion:
    """`find` raises CreativeNotFound. `may` says whether somebody has at least that role in a client now."""

    store: DiscussionStore
    find: Callable[[str, str], Creative]
    links: LinkService
    public_url: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    may: Callable[[str, str, Role], bool]

    def comments(self, client_id: str, creative_id: str, limit: int, position: Position | None) -> Page[Comment]:
        """Raises CreativeNotFound."""
        return self.store.comments(client_id, self.find(client_id, creative_id).id, limit, position)

    def comment(self, client_id: str, creative_id: str, comment_id: str) -> Comment:
        """Raises CreativeNotFound, CommentNotFound."""
        creative = self.find(client_id, creative_id)
        comment = self.store.comment(client_id, creative.id, comment_id) if can_be_id(comment_id) else None
        if comment is None:
            raise CommentNotFound
        return comment

    def add(self, who: ClientContext, creative_id: str, values: Mapping[str, Any]) -> Comment:
        """Raises CreativeNotFound."""
        creative = self.find(who.client_id, creative_id)
        now = self.now()
        comment = Comment(self.new_id(), who.actor_id, now, creative_version=creative.creative_version, **values)
        messages = news.commented(creative, comment, now)
        return self.store.save_comment(who.client_id, creative.id, comment, messages)

    def resolve(self, who: ClientContext, creative_id: str, comment_id: str, *, resolved: bool) -> Comment:
        """Or open it again; the same twice changes nothing. Raises CreativeNotFound, CommentNotFound."""
        comment = self.comment(who.client_id, creative_id, comment_id)
        if (comment.resolved_at is not None) == resolved:
            return comment
        after = replace(
            comment,
            resolved_at=self.now() if resolved else None,
            resolved_by=who.actor_id if resolved else None,
        )
        return self.store.save_comment(who.client_id, creative_id, after, ())

    def remove(self, who: ClientContext, creative_id: str, comment_id: str) -> None:
        """Raises CreativeNotFound, CommentNotFound, Forbidden for all but its author and admins."""
        comment = self.comment(who.client_id, creative_id, comment_id)
        if comment.by != who.actor_id and not who.role.covers(Role.ADMIN):
            raise Forbidden("Whoever wrote a comment deletes it, or an admin")
        self.store.remove_comment(who.client_id, creative_id, comment)

    def share(self, who: ClientContext, creative_id: str, expires_at: datetime | None) -> tuple[ShareLink, str]:
        """(link, address), good for one decision. Raises CreativeNotFound, Forbidden, Invalid."""
        creative = self.find(who.client_id, creative_id)
        creative.need_editable_by(who)
        now = self.now()
        until = expires_at or now + LINK_LASTS
        if not now < until <= now + LONGEST_LINK:
            raise Invalid.on("expires_at", "between now and a year from now", "range")
        link = ShareLink(self.new_id(), creative.id, who.actor_id, now, until, creative.creative_version)
        link = self.store.save_link(who.client_id, link)
        claims = {"id": creative.id, "link": link.id}
        token = self.links.sign(who.client_id, PURPOSE, claims, until)
        return link, f"{self.public_url}/r/{token}"

    def shared(self, client_id: str, creative_id: str) -> Sequence[ShareLink]:
        """Raises CreativeNotFound."""
        return self.store.links(client_id, self.find(client_id, creative_id).id)

    def link(self, client_id: str, creative_id: str, link_id: str) -> ShareLink:
        """Raises CreativeNotFound, LinkNotFound."""
        creative = self.find(client_id, creative_id)
        link = self.store.link(client_id, creative.id, link_id) if can_be_id(link_id) else None
        if link is None:
            raise LinkNotFound
        return link

    def revoke(self, who: ClientContext, creative_id: str, link_id: str) -> None:
        """Raises CreativeNotFound, Forbidden, LinkNotFound."""
        self.find(who.client_id, creative_id).need_editable_by(who)
        link = self.link(who.client_id, creative_id, link_id)
        if link.revoked_at is None:
            self.store.save_link(who.client_id, replace(link, revoked_at=self.now()))

    def open(self, token: str) -> tuple[str, ShareLink, Creative]:
        """(client, link, creative) of an address. Raises LinkUnknown, LinkExpired, CreativeNotFound; LinkNotFound for
        one that was revoked, or whose maker may make none now."""
        opened = self.links.open(PURPOSE, token)
        creative_id, link_id = str(opened.claims["id"]), str(opened.claims["link"])
        link = self.store.link(opened.client_id, creative_id, link_id)
        if link is None or link.revoked_at is not None:
            raise LinkNotFound
        creative = self.find(opened.client_id, creative_id)
        needed = Role.MEMBER if link.created_by == creative.submitted_by else Role.EDITOR
        if not self.may(link.created_by, opened.client_id, needed):
            raise LinkNotFound
        return opened.client_id, link, creative
