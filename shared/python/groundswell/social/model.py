"""Accounts at networks, and posts to them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.approval.approvals import Approval
from groundswell.approval.model import Decision, Policy
from groundswell.kernel.errors import Conflict, Invalid, NotFound
from groundswell.social.networks.port import Budget

ACCOUNTS_AT_MOST = 50
PARTS_AT_MOST = 25
EXPIRING = timedelta(days=7)
"""An account whose tokens nobody can renew says so for so long before they end."""
LEASE = timedelta(seconds=90)
"""How long whoever publishes a post keeps others away: longer than the network may take to answer."""
UPLOAD_LEASE = timedelta(seconds=330)
"""The same while files are sent: longer than the worker lives."""


class Network(StrEnum):
    LINKEDIN = "linkedin"
    TWITTER = "twitter"


class AccountStatus(StrEnum):
    OK = "ok"
    EXPIRING = "expiring"
    NEEDS_REAUTH = "needs_reauth"


class PostStatus(StrEnum):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_editable(self) -> bool:
        return self in (PostStatus.DRAFT, PostStatus.PENDING_APPROVAL, PostStatus.SCHEDULED, PostStatus.FAILED)


class PartState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    """Whether it arrived is not known: it is looked for before it is sent again."""
    PUBLISHED = "published"
    FAILED = "failed"


class AccountNotFound(NotFound):
    code = "ACCOUNT_NOT_FOUND"
    message = "No such account"


class PostNotFound(NotFound):
    code = "POST_NOT_FOUND"
    message = "No such post"


class PostClosed(Conflict):
    code = "POST_CLOSED"
    message = "It is being published, or is over: make a new one"


class PostUnderWay(Conflict):
    code = "POST_UNDER_WAY"
    message = "It is being published already"


class DuplicatePost(Conflict):
    code = "DUPLICATE_POST"
    message = "The account has a post with this text from the last day: change the text, or cancel the other one"


class SlotTaken(Conflict):
    code = "SLOT_TAKEN"
    message = "Somebody else took this slot of the queue at the same moment: try again"


class NeedsReauth(Conflict):
    code = "NEEDS_REAUTH"
    message = "The network does not let us in any more: connect the account again"


class NetworkNotConfigured(Conflict):
    code = "NETWORK_NOT_CONFIGURED"
    message = "This installation has no app at the network: set its client id and secret, or send credentials"


class TooManyAccounts(Conflict):
    code = "TOO_MANY_ACCOUNTS"
    message = f"A client has at most {ACCOUNTS_AT_MOST} accounts of a network: disconnect one first"


class AccountInUse(Conflict):
    code = "IN_USE"
    message = "Posts wait to be published with this account: cancel them first"


class CredentialsRejected(Invalid):
    code = "CREDENTIALS_REJECTED"


@dataclass(frozen=True)
class Slot:
    """`weekday`: 0 is Monday. `at` is on the clocks of the queue's zone: `09:30`."""

    weekday: int
    at: str


@dataclass(frozen=True)
class Queue:
    """When posts that only wait for their turn go out."""

    timezone: str = "UTC"
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Account:
    """`sealed` are its tokens, as `storage.sealing` keeps them."""

    id: str
    client_id: str
    org_id: str
    network: Network
    network_id: str
    handle: str
    name: str
    sealed: str = field(repr=False)
    refreshable: bool
    created_by: str
    created_at: datetime
    updated_at: datetime
    token_ends_at: datetime | None = None
    rejected: str | None = None
    """Why the network does not take the tokens any more."""
    budget: Budget | None = None
    queue: Queue = Queue()
    version: int = 0

    def status(self, now: datetime) -> AccountStatus:
        if self.rejected or (self.token_ends_at and not self.refreshable and self.token_ends_at <= now):
            return AccountStatus.NEEDS_REAUTH
        if self.token_ends_at and not self.refreshable and self.token_ends_at - EXPIRING <= now:
            return AccountStatus.EXPIRING
        return AccountStatus.OK


@dataclass(frozen=True)
class Part:
    """`length` in the network's own characters. `uploaded` are the network's ids of its media, the last of which it
    may still work on (`processing`). `sent_at` is when its last attempt began."""

    text: str
    length: int
    media_ids: tuple[str, ...] = ()
    state: PartState = PartState.PENDING
    uploaded: tuple[str, ...] = ()
    processing: bool = False
    sent_at: datetime | None = None
    network_id: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class ShortLink:
    """`url` as somebody wrote it; in what goes out `short_url` stands in its place."""

    url: str
    short_url: str

    @property
    def code(self) -> str:
        return self.short_url.rpartition("/")[2]


@dataclass(frozen=True)
class Failure:
    """`kind`: refused, duplicate, needs_reauth, unavailable. `message` is for people."""

    kind: str
    message: str
    part: int
    at: datetime


@dataclass(frozen=True)
class Post:
    """`parts` are one, or a thread. `first_comment` is published as the last part, in reply to the first. `revision`
    counts what it said, `written_by` wrote the newest, and `review` has what was decided on any."""

    id: str
    client_id: str
    network: Network
    account_id: str
    parts: tuple[Part, ...]
    status: PostStatus
    created_by: str
    created_at: datetime
    updated_at: datetime
    scheduled_at: datetime | None = None
    first_comment: bool = False
    links: tuple[ShortLink, ...] = ()
    approval: bool = False
    approved_by: str | None = None
    revision: int = 1
    written_by: str | None = None
    review: Approval | None = None
    attempt: int = 0
    leased_until: datetime | None = None
    published_at: datetime | None = None
    error: Failure | None = None
    version: int = 0

    @property
    def authors(self) -> tuple[str, str]:
        return self.created_by, self.written_by or self.created_by

    @property
    def approvals_missing(self) -> int:
        """How many more have to say yes."""
        if not self.approval or self.approved_by:
            return 0
        return (self.review or Approval(Policy())).progress(self.revision, self.authors).missing

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return self.review.decisions if self.review else ()

    @property
    def next_part(self) -> int | None:
        """The first that is not published."""
        return next((place for place, part in enumerate(self.parts) if part.state is not PartState.PUBLISHED), None)

    @property
    def begun(self) -> bool:
        return any(part.state is not PartState.PENDING for part in self.parts)

    def with_part(self, place: int, **changes: Any) -> "Post":
        part = replace(self.parts[place], **changes)
        return replace(self, parts=(*self.parts[:place], part, *self.parts[place + 1 :]))

    def need_editable(self) -> None:
        """Raises PostClosed: what began to be published is not changed any more."""
        if not self.status.is_editable or self.begun:
            raise PostClosed

    def reply_to(self, place: int) -> str | None:
        if place == 0:
            return None
        return self.parts[0 if self.first_comment and place == len(self.parts) - 1 else place - 1].network_id
