"""Pages, what they say in each language, and their states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.approval.approvals import Approval
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Conflict, Invalid, NotFound

type Texts = Mapping[str, str]
"""By language (RFC 5646)."""
LANGUAGES_AT_MOST = 30
LARGEST_COPY = 1_000_000
"""Characters of all texts of a page together."""
MEDIA_AT_MOST = 40
REVISIONS_AT_MOST = 200
DEFAULT_LANGUAGE = "en"


class PageNotFound(NotFound):
    code = "PAGE_NOT_FOUND"
    message = "No such page"


class RevisionNotFound(NotFound):
    code = "REVISION_NOT_FOUND"
    message = f"No such revision: a page keeps its newest {REVISIONS_AT_MOST}"


class SlugTaken(Conflict):
    code = "SLUG_TAKEN"
    message = "Another page has this slug, or one that looks like it"


class NothingToRestore(Conflict):
    code = "NOTHING_TO_RESTORE"
    message = "The page is not deleted: name a revision to go back to"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Copy:
    """What a page says. `content` is sanitised HTML, everything else plain text."""

    title: Texts = field(default_factory=dict)
    content: Texts = field(default_factory=dict)
    meta_description: Texts = field(default_factory=dict)
    seo_title: Texts = field(default_factory=dict)
    seo_keywords: Texts = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the titles, the default one first."""
        return tuple(sorted(self.title, key=lambda language: (language != DEFAULT_LANGUAGE, language)))

    def merged(self, changes: Mapping[str, Mapping[str, str | None] | None]) -> "Copy":
        """Languages that are absent stay, null takes one out (RFC 7396). Raises Invalid."""
        copy = replace(self, **{name: _merged(getattr(self, name), changes[name]) for name in NAMES & changes.keys()})
        copy.check()
        return copy

    def check(self) -> None:
        """Raises Invalid."""
        if not self.title:
            raise Invalid.on("title", "a title in one language at least", "missing")
        languages = {language for name in NAMES for language in getattr(self, name)}
        if len(languages) > LANGUAGES_AT_MOST:
            raise Invalid.on("title", f"at most {LANGUAGES_AT_MOST} languages", "too_many")
        if sum(len(text) for name in NAMES for text in getattr(self, name).values()) > LARGEST_COPY:
            raise Invalid.on("content", f"at most {LARGEST_COPY:,} characters in all languages", "too_long")

    def missing(self) -> dict[str, list[str]]:
        """By language, the fields that another language has and this one lacks."""
        used = [name for name in ORDER if getattr(self, name)]
        languages = sorted({language for name in used for language in getattr(self, name)})
        lacking = {language: [name for name in used if language not in getattr(self, name)] for language in languages}
        return {language: names for language, names in lacking.items() if names}


ORDER = tuple(field.name for field in fields(Copy))
NAMES = frozenset(ORDER)


def _merged(present: Texts, changes: Mapping[str, str | None] | None) -> Texts:
    if changes is None:
        return {}
    return {language: text for language, text in {**present, **changes}.items() if text is not None}


@dataclass(frozen=True)
class Page:
    """`slug` is the draft's, `live_slug` where the published copy is. `former_slugs` once were, and lead there.

    `revision` is the draft's, `live_revision` the published one's. `media` are all that either shows. With an
    `approval` a revision is published when others than its author have approved it.
    """

    id: str
    client_id: str
    slug: str
    title: Texts
    revision: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    live_slug: str | None = None
    live_revision: int | None = None
    published_at: datetime | None = None
    publish_at: datetime | None = None
    unpublish_at: datetime | None = None
    former_slugs: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    live_media: tuple[str, ...] = ()
    deleted_at: datetime | None = None
    revised_by: str | None = None
    approval: Approval | None = None
    version: int = 0

    @property
    def status(self) -> Status:
        return Status.PUBLISHED if self.is_published else Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.live_revision is not None

    @property
    def has_unpublished_changes(self) -> bool:
        return self.is_published and self.live_revision != self.revision

    @property
    def authors(self) -> tuple[str, str]:
        """Who does not decide on it: whoever made the page, and whoever wrote its newest revision."""
        return self.created_by, self.revised_by or self.created_by

    def need_approved(self) -> None:
        """Raises AwaitsApproval."""
        if self.approval:
            self.approval.need_approved(self.revision, self.authors)

    @property
    def slugs(self) -> frozenset[str]:
        """All that nobody else may have; a deleted page has none."""
        if self.deleted_at is not None:
            return frozenset()
        return frozenset(filter(None, (self.slug, self.live_slug, *self.former_slugs)))

    @property
    def shown_media(self) -> frozenset[str]:
        return frozenset((*self.media, *self.live_media)) if self.deleted_at is None else frozenset()

    def published(self, now: datetime) -> "Page":
        """The draft becomes what everybody sees."""
        former = tuple(slug for slug in (*self.former_slugs, self.live_slug) if slug and slug != self.slug)
        return replace(
            self,
            live_slug=self.slug,
            live_revision=self.revision,
            live_media=self.media,
            published_at=self.published_at if self.is_published else now,
            publish_at=None,
            former_slugs=tuple(dict.fromkeys(former)),
        )

    def unpublished(self) -> "Page":
        former = (*self.former_slugs, self.live_slug)
        kept = tuple(dict.fromkeys(slug for slug in former if slug and slug != self.slug))
        return replace(
            self,
            live_slug=None,
            live_revision=None,
            live_media=(),
            published_at=None,
            unpublish_at=None,
            former_slugs=kept,
        )

    def deleted(self, now: datetime) -> "Page":
        return replace(self.unpublished(), former_slugs=(), publish_at=None, deleted_at=now)


@dataclass(frozen=True)
class Snapshot:
    """A revision: what the draft was from page version `version` on. `number` counts from 1."""

    number: int
    at: datetime
    by: str
    slug: str
    copy: Copy
    version: int
    publish_at: datetime | None = None
    unpublish_at: datetime | None = None


@dataclass(frozen=True)
class FieldDifference:
    """`field` is `title.de` and the like. None where there is none."""

    field: str
    before: str | None
    after: str | None


def differences(before: Snapshot, after: Snapshot) -> Sequence[FieldDifference]:
    """What is not the same in both."""
    old, new = dict(_flat(before)), dict(_flat(after))
    places = {name: place for place, name in enumerate(("slug", *ORDER))}
    names = sorted(
        old | new, key=lambda field_name: (places.get(field_name.partition(".")[0], len(places)), field_name)
    )
    return [FieldDifference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _flat(snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    yield "slug", snapshot.slug
    for name in ORDER:
        for language, text in sorted(getattr(snapshot.copy, name).items()):
            yield f"{name}.{language}", text
    for name in ("publish_at", "unpublish_at"):
        moment: datetime | None = getattr(snapshot, name)
        yield name, rfc3339(moment) if moment else None


@dataclass(frozen=True)
class Reading:
    """A page in one language: each text in that, or in the next that has it."""

    language: str
    content_language: str
    title: str
    content: str
    meta_description: str
    seo_title: str
    seo_keywords: str


def read_in(copy: Copy, language: str) -> Reading:
    """`de-AT`, then `de`, then the default language, then whichever there is."""
    chain = (language, language.partition("-")[0], DEFAULT_LANGUAGE)
    texts: dict[str, Any] = {name: _first(getattr(copy, name), chain) for name in ORDER}
    shown = next((candidate for candidate in (*chain, *copy.content) if candidate in copy.content), language)
    return Reading(language, shown, **texts | {"seo_title": texts["seo_title"] or texts["title"]})


def _first(texts: Texts, chain: Sequence[str]) -> str:
    text = next((texts[language] for language in chain if language in texts), None)
    return text if text is not None else next(iter(texts.values()), "")


def check_schedule(publish_at: datetime | None, unpublish_at: datetime | None) -> None:
    """Raises Invalid."""
    if publish_at and unpublish_at and unpublish_at <= publish_at:
        raise Invalid.on("unpublish_at", "must be later than publish_at", "order")
