"""What organizers do with whitepapers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.media.model import MediaNotFound
from groundswell.whitepapers.model import Counts, Download, Status, Whitepaper, WhitepaperNotFound

type Values = Mapping[str, Any]
_ATTEMPTS = 4


class WhitepaperStore(Protocol):
    def find(self, whitepaper_id: str) -> Whitepaper | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Whitepaper]: ...

    def save(self, before: Whitepaper | None, after: Whitepaper) -> Whitepaper:
        """Raises PreconditionFailed, MediaNotFound."""

    def remove(self, paper: Whitepaper, noted: Entry) -> None: ...

    def counts(self, papers: Sequence[Whitepaper]) -> dict[str, Counts]: ...

    def downloads(self, paper: Whitepaper, limit: int, position: Position | None) -> Page[Download]: ...


class WhitepaperService:
    def __init__(self, store: WhitepaperStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def page(
        self, client_id: str, statuses: Sequence[Status], limit: int, position: Position | None
    ) -> Page[tuple[Whitepaper, Counts]]:
        """Newest first; short where some of what was read are of another status."""
        page = self._store.page(client_id, limit, position)
        shown = tuple(whitepaper for whitepaper in page.items if not statuses or whitepaper.status in statuses)
        counts = self._store.counts(shown)
        return Page(tuple((whitepaper, counts.get(whitepaper.id, Counts())) for whitepaper in shown), page.next)

    def get(self, client_id: str, whitepaper_id: str) -> Whitepaper:
        """Raises WhitepaperNotFound."""
        paper = self.find(whitepaper_id)
        if paper.client_id != client_id:
            raise WhitepaperNotFound
        return paper

    def find(self, whitepaper_id: str) -> Whitepaper:
        """Whosever it is. Raises WhitepaperNotFound."""
        paper = self._store.find(whitepaper_id) if can_be_id(whitepaper_id) else None
        if paper is None:
            raise WhitepaperNotFound
        return paper

    def counts(self, paper: Whitepaper) -> Counts:
        return self._store.counts([paper]).get(paper.id, Counts())

    def create(self, acting: ClientContext, values: Values) -> Whitepaper:
        """Raises Invalid: also for a file that is not there, or not complete."""
        now = self._now()
        new = Whitepaper(self._new_id(), acting.client_id, acting.actor_id, now, now, **values)
        return self._save(None, new)

    def update(self, acting: ClientContext, whitepaper_id: str, changes: Values, expected: int | None) -> Whitepaper:
        """Raises WhitepaperNotFound, PreconditionFailed, Invalid."""

        def change() -> Whitepaper:
            paper = self.get(acting.client_id, whitepaper_id)
            require_version(expected, paper.version)
            after = replace(paper, **changes)
            return paper if after == paper else self._save(paper, replace(after, updated_at=self._now()))

        for _ in range(_ATTEMPTS - 1 if expected is None else 0):
            try:
                return change()
            except PreconditionFailed:
                continue
        return change()

    def delete(self, acting: ClientContext, whitepaper_id: str, expected: int | None) -> None:
        """For good, with what it says of who got it. Raises WhitepaperNotFound, PreconditionFailed."""
        paper = self.get(acting.client_id, whitepaper_id)
        require_version(expected, paper.version)
        details = {"client_id": acting.client_id, "title": paper.title}
        target = f"whitepaper:{paper.id}"
        self._store.remove(paper, Entry(acting.org_id, "whitepaper.deleted", acting.actor_id, target, details))

    def downloads(
        self, acting: ClientContext, whitepaper_id: str, limit: int, position: Position | None
    ) -> Page[Download]:
        """Newest first. Raises WhitepaperNotFound."""
        return self._store.downloads(self.get(acting.client_id, whitepaper_id), limit, position)

    def _save(self, before: Whitepaper | None, after: Whitepaper) -> Whitepaper:
        if after.media_id and after.media_id != (before.media_id if before else None):
            after = replace(after, file_version=after.file_version + 1)
        after.need_valid()
        try:
            return self._store.save(before, after)
        except MediaNotFound as error:
            raise Invalid.on("media_id", "no file of that id, or its upload is not complete", "not_found") from error
