"""Merges in DynamoDB: both leads, all that follows from them and the record of the merge in one transaction."""

from datetime import datetime
from typing import Any

from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads import events
from groundswell.leads.adapter_derived import counted, derived
from groundswell.leads.items import (
    LeadItem,
    change_set_item,
    lead_item,
    merge_pk,
    merge_pointers,
    merge_row,
)
from groundswell.leads.merges import Done
from groundswell.leads.merging import Merge, MergeTooLarge
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, Change, put, write


class DynamoMergeStore(DynamoLeadStore):
    def find_merge(self, client_id: str, merge_id: str) -> Merge | None:
        key = {"pk": {"S": merge_pk(client_id, merge_id)}, "sk": {"S": "MERGE"}}
        row = next(iter(get_rows("core", [key])), None)
        return _merge(client_id, merge_id, row) if row else None

    def save_merge(self, merge: Merge, before: tuple[Lead, Lead], after: tuple[Lead, Lead], done: Done) -> None:
        pairs = tuple(zip(before, after, strict=True))
        leads = [put(lead_item(lead)) for lead in after]
        histories = [put(change_set_item(merge.client_id, lead_id, change_set)) for lead_id, change_set in done]
        changes = [
            *leads,
            _recorded(merge),
            *merge_pointers(merge),
            *derived(*pairs),
            *counted(merge.client_id, *pairs),
            *histories,
        ]
        if len(changes) >= OPERATIONS_AT_MOST:
            raise MergeTooLarge
        at, undone = merge.undone_at or merge.created_at, merge.undone_at is not None
        write(changes, [events.merged(after[0], merge.id, merge.other.id, at, undone=undone)])


def _recorded(merge: Merge) -> Change:
    """Once, and undone once."""
    condition = "attribute_not_exists(undone_at)" if merge.undone_at else "attribute_not_exists(pk)"
    operation = {"TableName": table_name("core"), "Item": merge_row(merge), "ConditionExpression": condition}
    return Change({"Put": operation}, PreconditionFailed())


def _merge(client_id: str, merge_id: str, row: dict[str, Any]) -> Merge:
    undone = row.get("undone_at")
    return Merge(
        id=merge_id,
        client_id=client_id,
        by=row["by"]["S"],
        created_at=datetime.fromisoformat(row["created_at"]["S"]),
        keep=_lead(row["keep"]["M"]),
        other=_lead(row["other"]["M"]),
        merged=_lead(row["merged"]["M"]),
        undone_at=datetime.fromisoformat(undone["S"]) if undone else None,
        undone_by=row["undone_by"]["S"] if undone else None,
    )


def _lead(stored: dict[str, Any]) -> Lead:
    return from_item(Lead, LeadItem.from_raw_data(stored))
