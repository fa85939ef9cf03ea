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
    undone_at: Time | None
    undone_by: str | None


def merge_out(merge: Merge) -> MergeOut:
    names = ("id", "by", "created_at", "undone_at", "undone_by")
    plain = {name: getattr(merge, name) for name in names}
    return MergeOut(**plain, merge_id=merge.id, keep_id=merge.keep.id, other_id=merge.other.id)
