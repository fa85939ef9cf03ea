"""Wire shapes of posts."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, model_validator

from groundswell.approval.approvals import Approval
from groundswell.approval.model import Policy
from groundswell.http.approvals import ApprovalIn, DecisionOut, Reason, ReviewOut, review_out
from groundswell.http.schema import Changes, In, Out, Time
from groundswell.http.timestamps import Timestamp
from groundswell.kernel.errors import DomainError
from groundswell.social.model import PARTS_AT_MOST, Network, PartState, Post, PostStatus
from groundswell.social.service import Content
from groundswell.social.visits import NOBODY, Visits

POSTS_AT_ONCE = 50
_LONGEST = 6000  # characters: longer than any network takes, so that refusals name the length
Text = Annotated[str, StringConstraints(max_length=_LONGEST)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
MediaIds = Annotated[list[Id], Field(max_length=20)]


class PartIn(In):
    text: Text = ""
    media_ids: MediaIds = Field(default_factory=list)


class HandBackIn(In):
    """`revision` is the one you looked at: a newer one is not decided on unseen."""

    reason: Reason | None = None
    revision: int | None = Field(default=None, ge=1)
    client_id: str | None = None


class _Written(Changes):
    text: Text | None = None
    thread: Annotated[
        list[Text | PartIn] | None,
        Field(min_length=1, max_length=PARTS_AT_MOST, description="X alone: texts, or texts with files of their own"),
    ] = None
    media_ids: MediaIds | None = Field(default=None, description="Files of the text, or of a thread's first part")
    first_comment: Text | None = Field(default=None, description="Published in reply, right afterwards")
    scheduled_at: Timestamp | None = None
    queue: bool | None = Field(default=None, description="Goes out at the account's next free slot")
    approval: bool | ApprovalIn | None = Field(
        default=None,
        description="Another editor has to approve it; or so many others, of these approvers or (without any) of the "
        "client's editors, also in stages",
    )
    short_links: bool | None = Field(
        default=None, description="Links lead by way of us: clicks are counted, and who signs up brings the post along"
    )
    client_id: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "_Written":
        if self.text is not None and self.thread is not None:
            raise ValueError("text or thread, not both")
        if self.scheduled_at is not None and self.queue:
            raise ValueError("scheduled_at or queue, not both")
        return self

    def options(self) -> dict[str, Any]:
        names = {"account_id", "scheduled_at", "queue", "approval", "short_links"}
        values = {name: value for name, value in self.changes().items() if name in names}
        if isinstance(self.approval, ApprovalIn):
            values["approval"] = self.approval.policy()
        return {name: value for name, value in values.items() if value is not None or name == "scheduled_at"}

    def content(self) -> Content | None:
        """None where nothing of what it says is to change."""
        if not {"text", "thread", "media_ids", "first_comment"} & self.model_fields_set:
            return None
        if self.thread is None:
            return Content((self.text or "",), (tuple(self.media_ids or ()),), ("text",), self.first_comment or None)
        parts = [part if isinstance(part, PartIn) else PartIn(text=part) for part in self.thread]
        if self.media_ids:
            parts[0] = PartIn(text=parts[0].text, media_ids=[*self.media_ids, *parts[0].media_ids])
        return Content(
            tuple(part.text for part in parts),
            tuple(tuple(part.media_ids) for part in parts),
            tuple(f"thread.{place}" for place in range(len(parts))),
            self.first_comment or None,
        )


class PostCreate(_Written):
    """A text, a thread or a file; when it goes out, if it does of itself."""

    account_id: Id


class PostUpdate(_Written):
    """Absent keeps; `scheduled_at` null makes it a draft. What it says changes as a whole: send all of it."""

    required: ClassVar[frozenset[str]] = frozenset({"account_id", "approval", "short_links"})

    account_id: Id | None = None


class BulkIn(In):
    """Each is made, or refused, for itself."""

    posts: Annotated[list[PostCreate], Field(min_length=1, max_length=POSTS_AT_ONCE)]
    client_id: str | None = None


class PartOut(Out):
    """`length` is in the network's own characters."""

    text: str
    length: int
    media_ids: list[str]
    state: PartState
    network_id: str | None
    url: str | None


class FailureOut(Out):
    kind: str
    message: str
    part: int
    at: Time


class LinkOut(Out):
    """`clicks` by people, as far as programs say what they are."""

    url: str
    short_url: str
    clicks: int = 0


class PostOut(Out):
    """`parts` are the text, or the thread's; last the first comment, where there is one. `leads` came by short links.

    `revision` counts what it said, `review` says where the review of the newest one stands, and `decisions` are on any
    of them: their `version` is the revision.
    """

    id: str
    network: Network
    account_id: str
    status: PostStatus
    parts: list[PartOut]
    first_comment: bool
    links: list[LinkOut]
    leads: int
    scheduled_at: Time | None
    approval: bool
    approved_by: str | None
    approvals_missing: int
    revision: int
    review: ReviewOut | None
    decisions: list[DecisionOut]
    published_at: Time | None
    error: FailureOut | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class RefusalOut(Out):
    code: str
    message: str
    field: str | None


class OutcomeOut(Out):
    """`post` or `error`, of the one at that place of the request."""

    index: int
    post: PostOut | None
    error: RefusalOut | None


def post_out(post: Post, visits: Visits = NOBODY) -> PostOut:
    approval = (post.review or Approval(Policy())) if post.approval else None
    plain = {name: getattr(post, name) for name in PostOut.model_fields if name != "leads"}
    review = review_out(approval, post.revision, post.authors)
    shown = PostOut.model_validate({**plain, "review": review, "leads": visits.leads}, from_attributes=True)
    for place, link in enumerate(shown.links):
        link.clicks = visits.clicks.get(place, 0)
    return shown


def outcome_out(index: int, made: Post | DomainError) -> OutcomeOut:
    if isinstance(made, Post):
        return OutcomeOut(index=index, post=post_out(made), error=None)
    problem = next(iter(getattr(made, "problems", ())), None)
    words = f"{problem.field}: {problem.message}" if problem else made.text
    error = RefusalOut(code=made.code, message=words, field=problem.field if problem else None)
    return OutcomeOut(index=index, post=None, error=error)
