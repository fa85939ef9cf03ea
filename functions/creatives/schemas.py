"""Wire shapes of creatives."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from groundswell.approval.model import ApprovalStatus, Decision, Policy
from groundswell.creatives.model import Comment, Creative, Kind, Region, ShareLink, Version
from groundswell.creatives.review_tasks import review_task
from groundswell.http.approvals import ApprovalIn, ApprovalOut, DecisionOut, Reason, UserId, approval_out
from groundswell.http.schema import Changes, In, Line, Out, Time
from groundswell.http.timestamps import DueDate, Timestamp

Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=50)]


def _address(text: str) -> str:
    if not text.lower().startswith(("https://", "http://")) or any(character.isspace() for character in text):
        raise ValueError("an address that begins with https://")
    return text


Url = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_address)]


class CreativeFields(Changes):
    required: ClassVar[frozenset[str]] = frozenset({"title", "type"})

    title: Line | None = None
    type: Kind | None = None
    media_id: UserId | None = Field(default=None, description="Of an image or a video, or of a PDF as an image")
    url: Url | None = None
    text: Text | None = Field(default=None, description="The copy, or what goes with the picture")
    platform: Place | None = Field(default=None, description="Such as `meta_ads` or `facebook`: what is checked")
    placement: Place | None = Field(default=None, description="Such as `feed`, `story`, `reel`")
    due_date: DueDate | None = Field(default=None, description="A date, on the clocks of the client, or a time")
    approval: ApprovalIn | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        sent = self.changes()
        if "approval" in sent:
            sent["approval"] = self.approval.policy() if self.approval else Policy()
        return sent


class CreativeCreate(CreativeFields):
    title: Line
    type: Kind


class CreativeUpdate(CreativeFields):
    pass


class DecisionIn(In):
    """`creative_version` is the one you looked at: a newer one is not decided on unseen."""

    creative_version: int | None = Field(default=None, ge=1)
    version: int | None = Field(default=None, ge=1, description="The same as `creative_version`")
    client_id: str | None = None

    @property
    def seen(self) -> int | None:
        return self.creative_version or self.version


class ApproveIn(DecisionIn):
    comment: Reason | None = None


class RejectIn(DecisionIn):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=5000)]


class CheckOut(Out):
    rule: str
    ok: bool
    message: str


class CreativeOut(Out):
    id: str
    title: str
    type: Kind
    media_id: str | None
    url: str | None
    text: str | None
    platform: str | None
    placement: str | None
    due_date: str | None
    due_at: Time | None
    status: ApprovalStatus
    creative_version: int
    approval: ApprovalOut
    checks: list[CheckOut]
    decisions: list[DecisionOut]
    task_id: str
    submitted_by: str
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class VersionOut(Out):
    """`digest` is the SHA-256 of what was shown."""

    creative_version: int
    by: str
    at: Time
    title: str
    type: Kind
    media_id: str | None
    url: str | None
    text: str | None
    platform: str | None
    placement: str | None
    checks: list[CheckOut]
    digest: str


class LogEntryOut(Out):
    """`entry` is the decision as it was written, JSON; `seal` the SHA-256 of the seal before it, a zero byte and it."""

    number: int
    entry: str
    seal: str


class RegionIn(In):
    """In percent, from the upper left corner."""

    x: float = Field(ge=0, le=100)
    y: float = Field(ge=0, le=100)
    w: float = Field(gt=0, le=100)
    h: float = Field(gt=0, le=100)

    @model_validator(mode="after")
    def _within(self) -> "RegionIn":
        if self.x + self.w > 100 or self.y + self.h > 100:
            raise ValueError("must lie within the picture: x + w and y + h are 100 at most")
        return self


class CommentIn(In):
    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    region: RegionIn | None = None
    page: int | None = Field(default=None, ge=1, le=10_000)
    timecode: float | None = Field(default=None, ge=0, le=86_400, description="Seconds")
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        region = Region(**self.region.model_dump()) if self.region else None
        return {"text": self.text, "region": region, "page": self.page, "timecode": self.timecode}


class RegionOut(Out):
    x: float
    y: float
    w: float
    h: float


class CommentOut(Out):
    id: str
    by: str
    name: str | None
    at: Time
    text: str
    creative_version: int
    region: RegionOut | None
    page: int | None
    timecode: float | None
    resolved_at: Time | None
    resolved_by: str | None
    created_at: Time
    updated_at: Time
    version: int


class ShareIn(In):
    expires_at: Timestamp | None = None
    purpose: Literal["review"] = "review"
    client_id: str | None = None


class ShareOut(Out):
    """`creative_version` is what it was sent for, and decided on where the form names none; `decided_at` says that
    its one decision was made."""

    id: str
    purpose: str
    created_by: str
    created_at: Time
    expires_at: Time
    creative_version: int | None
    decided_at: Time | None
    revoked_at: Time | None
    updated_at: Time
    version: int


class ShareCreated(ShareOut):
    url: str


def creative_out(creative: Creative) -> CreativeOut:
    content = vars(creative.content)
    names = ("due_date", "due_at", "status", "creative_version", "submitted_by", "created_at", "updated_at", "version")
    return CreativeOut(
        id=creative.id,
        **content,
        **{name: getattr(creative, name) for name in names},
        approval=approval_out(creative.policy, creative.progress),
        checks=[CheckOut.model_validate(check) for check in creative.checks],
        decisions=[_decision(decision) for decision in creative.decisions],
        task_id=review_task(creative),
        created_by=creative.submitted_by,
    )


def _decision(decision: Decision) -> DecisionOut:
    return DecisionOut.model_validate(decision)


def version_out(version: Version) -> VersionOut:
    content = vars(version.content)
    checks = [CheckOut.model_validate(check) for check in version.checks]
    attributes = {"by": version.by, "at": version.at, "digest": version.digest}
    return VersionOut(creative_version=version.number, **content, **attributes, checks=checks)


def comment_out(comment: Comment) -> CommentOut:
    times = {"created_at": comment.at, "updated_at": comment.resolved_at or comment.at}
    names = (name for name in CommentOut.model_fields if name not in ("region", *times))
    region = RegionOut.model_validate(comment.region) if comment.region else None
    return CommentOut(**{name: getattr(comment, name) for name in names}, region=region, **times)


def share_out(link: ShareLink) -> ShareOut:
    return ShareOut(**_share(link))


def share_created(link: ShareLink, url: str) -> ShareCreated:
    return ShareCreated(**_share(link), url=url)


def _share(link: ShareLink) -> dict[str, Any]:
    names = ("id", "created_by", "created_at", "creative_version", "decided_at", "revoked_at", "version")
    updated_at = max(filter(None, (link.created_at, link.decided_at, link.revoked_at)))
    added = {"purpose": "review", "expires_at": link.ends_at, "updated_at": updated_at}
    return {name: getattr(link, name) for name in names} | added
