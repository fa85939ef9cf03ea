"""Joining two leads, and taking that back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.ids import can_be_id
from groundswell.leads.history import Change, ChangeSet, changes_between
from groundswell.leads.merging import Merge, MergeNotFound, MergeRefused, MergeUndone, joined, separated
from groundswell.leads.model import Lead, LeadNotFound

_ATTEMPTS = 12  # of those that write at once one gets through each time


class MergeStore(Protocol):
    def find_many(self, client_id: str, lead_ids: tuple[str, ...]) -> tuple[Lead, ...]: ...

    def find_merge(self, client_id: str, merge_id: str) -> Merge | None: ...

    def save_merge(self, merge: Merge, before: tuple[Lead, Lead], after: tuple[Lead, Lead], done: "Done") -> None:
        """With the event for webhooks. The kept lead comes first. Raises PreconditionFailed if someone else changed one
        of them, or undid the merge, LeadExists if someone else has an identity by now, MergeTooLarge."""


type Done = tuple[tuple[str, ChangeSet], ...]
"""What the histories of which leads get."""


class MergeService:
    def __init__(self, store: MergeStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def get(self, client_id: str, merge_id: str) -> Merge:
        """Raises MergeNotFound."""
        merge = self._store.find_merge(client_id, merge_id) if can_be_id(merge_id) else None
        if merge is None:
            raise MergeNotFound
        return merge

    def merge(self, acting: ClientContext, keep_id: str, other_id: str) -> Merge:
        """Raises Invalid for a lead with itself, LeadNotFound, MergeRefused, MergeTooLarge."""
        if keep_id == other_id:
            raise Invalid.on("other_id", "another lead than keep_id")
        return self._anew(lambda: self._merge(acting, keep_id, other_id))

    def undo(self, acting: ClientContext, merge_id: str) -> Merge:
        """Both as they were, but for what was changed since. Raises MergeNotFound, MergeUndone, MergeRefused where the
        kept lead went into another one, LeadExists where another lead has an identity by now."""
        return self._anew(lambda: self._undo(acting, self.get(acting.client_id, merge_id)))

    def _merge(self, acting: ClientContext, keep_id: str, other_id: str) -> Merge:
        keep, other = self._pair(acting.client_id, keep_id, other_id)
        for lead in (keep, other):
            _need_free(lead)
        now = self._now()
        merged = joined(keep, other, now)
        gone = replace(other, merged_into=keep.id)
        merge = Merge(self._new_id(), acting.client_id, acting.actor_id, now, keep, other, merged)
        done = self._done(acting, now, keep, merged, Change("merged", None, other.id))
        self._store.save_merge(merge, (keep, other), (merged, gone), done)
        return merge

    def _undo(self, acting: ClientContext, merge: Merge) -> Merge:
        if merge.undone_at:
            raise MergeUndone
        keep, other = self._pair(acting.client_id, merge.keep.id, merge.other.id)
        _need_free(keep)
        now = self._now()
        undone = replace(merge, undone_at=now, undone_by=acting.actor_id)
        alone = separated(keep, merge)
        again = replace(merge.other, version=other.version)
        done = self._done(acting, now, keep, alone, Change("merged", other.id, None))
        self._store.save_merge(undone, (keep, other), (alone, again), done)
        return undone

    def _pair(self, client_id: str, keep_id: str, other_id: str) -> tuple[Lead, Lead]:
        leads = {lead.id: lead for lead in self._store.find_many(client_id, (keep_id, other_id))}
        if len(leads) < 2:
            raise LeadNotFound
        return leads[keep_id], leads[other_id]

    def _done(self, acting: ClientContext, now: datetime, before: Lead, after: Lead, what: Change) -> Done:
        changes = (what, *changes_between(before, after))
        return ((before.id, ChangeSet(self._new_id(), now, acting.actor_id, changes)),)

    def _anew(self, act: Callable[[], Merge]) -> Merge:
        for _ in range(_ATTEMPTS - 1):
            try:
                return act()
            except PreconditionFailed:
                continue
        return act()


def _need_free(lead: Lead) -> None:
    if lead.merged_into:
        raise MergeRefused(details={"id": lead.merged_into})
