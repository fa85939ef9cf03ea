"""What a page said in its earlier revisions, and what is different since."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from groundswell.cms.model import Copy, FieldDifference, Page, PageNotFound, RevisionNotFound, Snapshot, differences
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.ids import can_be_id

_LOOKED_AT = 100
"""Revisions in which the version that somebody read is looked for."""


class RevisionStore(Protocol):
    def find(self, client_id: str, page_id: str) -> Page | None: ...

    def snapshot(self, client_id: str, page_id: str, number: int) -> Snapshot | None: ...

    def snapshots(self, client_id: str, page_id: str, limit: int, before: int | None) -> tuple[Snapshot, ...]:
        """Newest first, those of a smaller number than `before`."""


class PageHistory:
    def __init__(self, store: RevisionStore) -> None:
        self._store = store

    def page(self, client_id: str, page_id: str) -> Page:
        """Raises PageNotFound, also for a deleted one."""
        page = self._store.find(client_id, page_id) if can_be_id(page_id) else None
        if page is None or page.deleted_at is not None:
            raise PageNotFound
        return page

    def draft(self, page: Page) -> Snapshot:
        return self.revision(page.client_id, page.id, page.revision)

    def revision(self, client_id: str, page_id: str, number: int) -> Snapshot:
        """Raises RevisionNotFound."""
        snapshot = self._store.snapshot(client_id, page_id, number)
        if snapshot is None:
            raise RevisionNotFound
        return snapshot

    def revisions(self, client_id: str, page_id: str, limit: int, before: int | None) -> Sequence[Snapshot]:
        """Raises PageNotFound."""
        return self._store.snapshots(client_id, self.page(client_id, page_id).id, limit, before)

    def diff(
        self, client_id: str, page_id: str, number: int, against: int | None
    ) -> tuple[int | None, Sequence[FieldDifference]]:
        """(the other revision: the one before, unless another is named; what is different in `number`).

        Raises PageNotFound, RevisionNotFound.
        """
        self.page(client_id, page_id)
        after = self.revision(client_id, page_id, number)
        if against is not None:
            return against, differences(self.revision(client_id, page_id, against), after)
        earlier = self._store.snapshots(client_id, page_id, 1, number)
        before = earlier[0] if earlier else Snapshot(0, after.at, "", "", Copy(), 0)
        return before.number or None, differences(before, after)

    def need_version(self, page: Page, expected: int | None, values: Mapping[str, Any]) -> None:
        """Raises PreconditionFailed naming what differs from the version that was read, and what of `values` does."""
        if expected is None or expected == page.version:
            return
        changed = self._changed_since(page, expected)
        wanted = {name.partition(".")[0] for name in changed} & values.keys()
        text = f"Version {expected} is not the newest: {', '.join(changed) or 'its state'} changed since"
        details = {
            "expected_version": expected,
            "version": page.version,
            "fields": changed,
            "conflicts": sorted(wanted),
        }
        raise PreconditionFailed(text, details=details)

    def _changed_since(self, page: Page, version: int) -> Sequence[str]:
        """Fields that are not as they were in that version."""
        newest = self.draft(page)
        for snapshot in self._store.snapshots(page.client_id, page.id, _LOOKED_AT, None):
            if snapshot.version <= version:
                names = [difference.field for difference in differences(snapshot, newest)]
                return names or ["status"]
        return []
