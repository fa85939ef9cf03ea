"""Wire shapes of merges."""

from functions.leads.schemas import UserId
from groundswell.http.schema import In, Out, Time
from groundswell.leads.merging import Merge


class MergeIn(In):
    keep_id: UserId
    other_id: UserId
    client_id: str | None = None


class MergeOut(Out):
    id: str
    merge_id: str
    keep_id: str
    other_id: str
    by: str
    created_at: Time
    updated_at: Time
    version: int
    undone_at: Time | None
    undone_by: str | None


def merge_out(merge: Merge) -> MergeOut:
    names = ("id", "by", "created_at", "undone_at", "undone_by")
    plain = {name: getattr(merge, name) for name in names}
    changed = {"updated_at": merge.undone_at or merge.created_at, "version": 2 if merge.undone_at else 1}
    return MergeOut(**plain, **changed, merge_id=merge.id, keep_id=merge.keep.id, other_id=merge.other.id)
