"""Wire shapes of pages."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from groundswell.cms.model import LANGUAGES_AT_MOST, LARGEST_COPY, FieldDifference, Page, Snapshot, Status
from groundswell.cms.service import Draft
from groundswell.http.approvals import ApprovalIn, DecisionOut, ReviewOut, decisions_out, review_out
from groundswell.http.schema import Changes, In, Out, Time
from groundswell.http.timestamps import Timestamp

Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


_Languages = Field(max_length=LANGUAGES_AT_MOST)
Titles = Annotated[dict[Language, Annotated[str, StringConstraints(max_length=300)] | None], _Languages]
Lines = Annotated[dict[Language, Annotated[str, StringConstraints(max_length=1000)] | None], _Languages]
Bodies = Annotated[dict[Language, Annotated[str, StringConstraints(max_length=LARGEST_COPY)] | None], _Languages]


_BODY = "HTML by language: what runs, loads or frames is taken out. `url`s of media that it shows count as uses"


class PageFields(Changes):
    """Multilingual fields are objects by language (RFC 5646): languages that are absent stay, `null` takes one out."""

    required: ClassVar[frozenset[str]] = frozenset({"slug", "title", "status"})

    slug: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        default=None, description="Letters a to z and digits, joined by single hyphens; unique for the client"
    )
    title: Titles | None = None
    content: Bodies | None = Field(default=None, description=_BODY)
    meta_description: Lines | None = None
    seo_title: Titles | None = None
    seo_keywords: Lines | None = None
    status: Status | None = Field(
        default=None, description="`published` makes the draft public, now or at `publish_at`"
    )
    publish_at: Timestamp | None = None
    unpublish_at: Timestamp | None = None
    approval: ApprovalIn | None = Field(
        default=None, description="Who has to approve a revision before it is published; null: nobody"
    )
    client_id: str | None = None

    def changes(self) -> dict[str, Any]:
        changes = super().changes()
        if "approval" in changes:
            changes["approval"] = self.approval.policy() if self.approval else None
        return changes


class PageCreate(PageFields):
    slug: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="Letters a to z and digits, joined by single hyphens; unique for the client"
    )
    title: Titles


class PageUpdate(PageFields):
    version: int | None = Field(default=None, ge=1, description="The version you read, as `If-Match`")

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in super().changes().items() if name != "version"}


class PageSummary(Out):
    """A page without what it says. Who wrote it is not for the public: null."""

    id: str
    slug: str
    title: dict[str, str]
    status: Status
    is_published: bool
    has_unpublished_changes: bool
    published_at: Time | None
    publish_at: Time | None
    unpublish_at: Time | None
    live_slug: str | None
    revision: int
    live_revision: int | None
    media_ids: list[str]
    created_by: str | None
    created_at: Time
    updated_by: str | None
    updated_at: Time
    deleted_at: Time | None
    version: int


class PageOut(PageSummary):
    """The draft. `missing_translations` says which fields a language lacks that another one has."""

    content: dict[str, str]
    meta_description: dict[str, str]
    seo_title: dict[str, str]
    seo_keywords: dict[str, str]
    missing_translations: dict[str, list[str]]
    approval: ReviewOut | None
    decisions: list[DecisionOut]


class RestoreIn(In):
    revision: int | None = Field(default=None, ge=1, description="Absent: bring a deleted page back")


class PreviewIn(In):
    expires_at: Timestamp | None = Field(default=None, description="Seven days from now, unless it says otherwise")


class PreviewOut(Out):
    url: str
    expires_at: Time


class RevisionOut(Out):
    number: int
    at: Time
    by: str
    slug: str
    title: dict[str, str]
    page_version: int


class DifferenceOut(Out):
    """`diff` are the lines of a unified diff, of long texts alone."""

    field: str
    before: str | None = Field(serialization_alias="from")
    after: str | None = Field(serialization_alias="to")
    diff: list[str] | None


class DiffOut(Out):
    """`from` is null for the first revision: everything is new in it."""

    from_: int | None = Field(serialization_alias="from")
    to: int
    changes: list[DifferenceOut]


def summary(page: Page) -> PageSummary:
    return PageSummary(**_plain(page, PageSummary))


def page_out(draft: Draft, *, public: bool = False) -> PageOut:
    copy = draft.copy
    texts = {name: dict(getattr(copy, name)) for name in ("content", "meta_description", "seo_title", "seo_keywords")}
    plain = _plain(draft.page, PageSummary) | (dict.fromkeys(("created_by", "updated_by")) if public else {})
    approval = None if public else draft.page.approval
    return PageOut(
        **plain,
        **texts,
        missing_translations=copy.missing(),
        approval=review_out(approval, draft.page.revision, draft.page.authors),
        decisions=decisions_out(approval),
    )


def _plain(page: Page, shape: type[PageSummary]) -> dict[str, Any]:
    names = (name for name in shape.model_fields if name != "media_ids")
    return {name: getattr(page, name) for name in names} | {"media_ids": sorted({*page.media, *page.live_media})}


def revision_out(snapshot: Snapshot) -> RevisionOut:
    return RevisionOut(
        number=snapshot.number,
        at=snapshot.at,
        by=snapshot.by,
        slug=snapshot.slug,
        title=dict(snapshot.copy.title),
        page_version=snapshot.version,
    )


def difference_out(change: FieldDifference) -> DifferenceOut:
    return DifferenceOut(field=change.field, before=change.before, after=change.after, diff=_lines(change))


_LONG, _LINES_AT_MOST = 80, 2000


def _lines(change: FieldDifference) -> list[str] | None:
    from difflib import unified_diff

    before, after = _split(change.before), _split(change.after)
    if len(change.before or "") + len(change.after or "") < _LONG or len(before) + len(after) > _LINES_AT_MOST:
        return None
    return list(unified_diff(before, after, "from", "to", lineterm="", n=1))


def _split(text: str | None) -> list[str]:
    """A line for each element, as HTML has none of its own."""
    return (text or "").replace("><", ">\n<").splitlines()
