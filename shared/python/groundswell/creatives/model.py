"""A creative, its versions, and what is said of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from groundswell.access.model import ClientContext, Role
from groundswell.approval.model import ApprovalStatus, Decision, Policy, Progress, Review, progress
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Forbidden, Gone, Invalid, NotFound

MEDIA_AT_MOST = 80
"""Of all versions together."""
LINK_LASTS = timedelta(days=14)
LONGEST_LINK = timedelta(days=365)


class CreativeNotFound(NotFound):
    code = "CREATIVE_NOT_FOUND"
    message = "No such creative"


class CommentNotFound(NotFound):
    code = "COMMENT_NOT_FOUND"
    message = "No such comment"


class LinkNotFound(NotFound):
    code = "SHARE_LINK_NOT_FOUND"
    message = "No such link"


class LinkUsed(Gone):
    code = "SHARE_LINK_USED"
    message = "A decision was made by this link already"


class Kind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    COPY = "copy"
    LINK = "link"


@dataclass(frozen=True)
class Content:
    """What one version shows: a file of media, an address, or text."""

    title: str
    type: Kind
    media_id: str | None = None
    url: str | None = None
    text: str | None = None
    platform: str | None = None
    placement: str | None = None

    def check(self) -> None:
        """Raises Invalid where what its type shows is missing."""
        needed = {Kind.COPY: "text", Kind.LINK: "url"}.get(self.type)
        if needed and not getattr(self, needed):
            raise Invalid.on(needed, f"a {self.type} has one", "missing")
        if needed is None and not self.media_id and not self.url:
            raise Invalid.on("media_id", f"the {self.type}, as media or by its url", "missing")


@dataclass(frozen=True)
class Check:
    """What a platform asks for, and whether it is so. Nothing is refused for it: people decide."""

    rule: str
    ok: bool
    message: str


@dataclass(frozen=True)
class Version:
    """`digest` (SHA-256) is of what was shown: the content, and the file's own checksum."""

    number: int
    by: str
    at: datetime
    content: Content
    checks: tuple[Check, ...] = ()
    digest: str = ""


def digest(content: Content, file: str | None) -> str:
    fields = (content.title, content.type, content.media_id, content.url, content.text, content.platform, file)
    return sha256("\0".join(str(field or "") for field in fields).encode()).hexdigest()


@dataclass(frozen=True)
class LogEntry:
    """A decision as it stands in the log, JSON whose `shown` is the digest of the version it is about. `seal` is the
    SHA-256 of the seal before it and of this entry, so that none can be changed or left out unseen."""

    number: int
    entry: str
    seal: str


@dataclass(frozen=True)
class Creative:
    """`version` counts writes, `creative_version` what was submitted. `cycle` counts reviews: a new version continues
    the one under way, or begins the next. `authors` made the newest version, or submitted the first one."""

    id: str
    client_id: str
    org_id: str
    content: Content
    policy: Policy
    submitted_by: str
    authors: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    creative_version: int = 1
    cycle: int = 1
    checks: tuple[Check, ...] = ()
    decisions: tuple[Decision, ...] = ()
    due_date: str | None = None
    due_at: datetime | None = None
    timezone: str = "UTC"
    media_ids: tuple[str, ...] = ()
    digest: str = ""
    log_seal: str = ""
    version: int = 0

    @property
    def review(self) -> Review:
        return Review(self.policy, frozenset(self.authors), self.creative_version, self.decisions)

    @property
    def progress(self) -> Progress:
        return progress(self.review)

    @property
    def status(self) -> ApprovalStatus:
        return self.progress.status

    @property
    def awaited(self) -> tuple[str, ...]:
        """Whose decision the open stage waits for, as far as it names people."""
        at = self.progress
        if at.stage is None:
            return ()
        done = {decision.by for decision in self.review.current if decision.stage == at.stage}
        return tuple(
            approver for approver in self.policy.stages[at.stage].approvers if approver not in done | set(self.authors)
        )

    def need_editable_by(self, acting: ClientContext) -> None:
        """Whoever submitted it, or an editor. Raises Forbidden."""
        if not acting.role.covers(Role.EDITOR) and acting.actor_id != self.submitted_by:
            raise Forbidden("A member changes what they submitted; an editor changes all")

    def need_deletable_by(self, acting: ClientContext) -> None:
        """Whoever submitted it, or an admin. Raises Forbidden."""
        if not acting.role.covers(Role.ADMIN) and acting.actor_id != self.submitted_by:
            raise Forbidden("Whoever submitted a creative deletes it, or an admin")

    def decided(self, decision: Decision, now: datetime) -> tuple["Creative", LogEntry]:
        """With that decision, and what goes into the log."""
        document = {
            **vars(decision),
            "at": rfc3339(decision.at),
            "decision": decision.decision.value,
            "shown": self.digest,
        }
        text = json.dumps(document, sort_keys=True, ensure_ascii=False)
        seal = sha256(f"{self.log_seal}\0{text}".encode()).hexdigest()
        after = replace(self, decisions=(*self.decisions, decision), log_seal=seal, updated_at=now)
        return after, LogEntry(len(after.decisions), text, seal)

    def next_version(self, by: str, content: Content, policy: Policy, now: datetime) -> "Creative":
        """Under review again."""
        return replace(
            self,
            content=content,
            policy=policy,
            authors=tuple(dict.fromkeys((self.submitted_by, by))),
            creative_version=self.creative_version + 1,
            cycle=self.cycle + (self.status is not ApprovalStatus.PENDING),
            updated_at=now,
        )

    def showing(self, media_id: str) -> "Creative":
        """That file, by its own id. Raises Invalid."""
        media = tuple(dict.fromkeys((*self.media_ids, media_id)))
        if len(media) > MEDIA_AT_MOST:
            raise Invalid.on("media_id", f"at most {MEDIA_AT_MOST} files in all versions", "too_many")
        return replace(self, content=replace(self.content, media_id=media_id), media_ids=media)


@dataclass(frozen=True)
class Region:
    """A rectangle, in percent of width and height, from the upper left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Comment:
    """Anchored to a region of a picture, a page (from 1) or a timecode (seconds). `by` is a user or a guest's link."""

    id: str
    by: str
    at: datetime
    text: str
    creative_version: int
    region: Region | None = None
    page: int | None = None
    timecode: float | None = None
    name: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    version: int = 0


@dataclass(frozen=True)
class ShareLink:
    """Good for one decision. `decided_at` says that it was made; `creative_version` is the one that it was sent for."""

    id: str
    creative_id: str
    created_by: str
    created_at: datetime
    ends_at: datetime
    creative_version: int | None = None
    decided_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 0

    @property
    def actor(self) -> str:
        return f"guest:{self.id}"


def changed(content: Content, changes: Mapping[str, Any]) -> Content:
    """Raises Invalid."""
    after = replace(content, **{name: changes[name] for name in vars(content) if name in changes})
    after.check()
    return after


@dataclass(frozen=True)
class Filter:
    statuses: frozenset[ApprovalStatus] = field(default=frozenset())
    platform: str | None = None
    submitted_by: str | None = None

    def matches(self, creative: Creative) -> bool:
        return (
            (not self.statuses or creative.status in self.statuses)
            and self.platform in (None, creative.content.platform)
            and self.submitted_by in (None, creative.submitted_by)
        )
