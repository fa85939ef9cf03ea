"""What the public reads of a client's pages: a published page within two reads, and for a while without any."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.cms.model import Copy, PageNotFound, Texts
from groundswell.cms.slugs import LONGEST
from groundswell.kernel.errors import NotFound
from groundswell.kernel.page import Page as Listed
from groundswell.kernel.page import Position

MAX_AGE = timedelta(seconds=60)
"""How long anybody may show a published page without asking again."""
_KEPT_AT_MOST = 200


class SiteNotFound(NotFound):
    code = "CLIENT_NOT_FOUND"
    message = "No such client"


@dataclass(frozen=True)
class Site:
    """Whose pages they are."""

    client_id: str
    name: str
    logo: str | None


@dataclass(frozen=True)
class Live:
    """A published page. `tag` is another one whenever anything that is shown is."""

    site: Site
    slug: str
    copy: Copy
    published_at: datetime
    updated_at: datetime
    unpublish_at: datetime | None
    tag: str


@dataclass(frozen=True)
class Moved:
    """The page that had this slug has another one."""

    slug: str


@dataclass(frozen=True)
class Info:
    """A published page in a list."""

    slug: str
    title: Texts
    updated_at: datetime


class LiveReader(Protocol):
    def read(self, client_id: str, slug: str) -> Live | Moved | None: ...

    def site(self, client_id: str) -> Site | None: ...

    def list(self, client_id: str, limit: int, position: Position | None) -> Listed[Info]: ...

    def draft(self, client_id: str, page_id: str) -> tuple[Site, Copy] | None: ...


class PublicPages:
    """`kept_for` is how long an answer is good for without a read. `may_show(by, client_id)` says whether somebody may
    show drafts now."""

    def __init__(
        self,
        reader: LiveReader,
        now: Callable[[], datetime],
        kept_for: timedelta,
        may_show: Callable[[str, str], bool],
    ) -> None:
        self._may_show = may_show
        self._reader = reader
        self._now = now
        self._kept_for = kept_for
        self._kept: dict[tuple[str, str], tuple[datetime, Live]] = {}

    def read(self, client_id: str, slug: str) -> Live | Moved:
        """Raises PageNotFound, also from the moment on at which it is to be public no more."""
        slug = slug.lower()
        page = self._known(client_id, slug) or self._read(client_id, slug)
        if isinstance(page, Live) and page.unpublish_at and page.unpublish_at <= self._now():
            raise PageNotFound
        return page

    def site(self, client_id: str) -> Site:
        """Raises SiteNotFound."""
        site = self._reader.site(client_id)
        if site is None:
            raise SiteNotFound
        return site

    def list(self, client_id: str, limit: int, position: Position | None) -> Listed[Info]:
        return self._reader.list(client_id, limit, position)

    def preview(self, client_id: str, page_id: str, *, by: str) -> tuple[Site, Copy]:
        """The draft as it is now, as long as whoever made the link may make one. Raises PageNotFound."""
        draft = self._reader.draft(client_id, page_id) if self._may_show(by, client_id) else None
        if draft is None:
            raise PageNotFound
        return draft

    def _known(self, client_id: str, slug: str) -> Live | None:
        until, live = self._kept.get((client_id, slug), (None, None))
        return live if until and self._now() < until else None

    def _read(self, client_id: str, slug: str) -> Live | Moved:
        page = self._reader.read(client_id, slug) if len(slug) <= LONGEST else None
        if page is None:
            raise PageNotFound
        if isinstance(page, Live) and self._kept_for:
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            self._kept[client_id, slug] = (self._now() + self._kept_for, page)
        return page
