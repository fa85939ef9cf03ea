"""How operations lie in the core table: `OPERATIONS#<client>`, `<time-ordered id>`."""

from datetime import timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.operations.model import Operation
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import encoded, to_item

KEPT = timedelta(days=400)


class OperationItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    job = UnicodeAttribute()
    by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    progress = NumberAttribute()
    state = JSONAttribute()
    result = JSONAttribute(null=True)
    error = UnicodeAttribute(null=True)
    resume_at = UTCDateTimeAttribute(null=True)


def partition(client_id: str) -> str:
    return f"OPERATIONS#{client_id}"


def operation_item(operation: Operation) -> OperationItem:
    keys: dict[str, str | int] = {
        "gsi1pk": f"CLIENT#{operation.client_id}",
        "gsi1sk": f"OPERATION#{operation.id}",
        "expires_at": int((operation.created_at + KEPT).timestamp()),
    }
    item = to_item(OperationItem, operation, partition(operation.client_id), operation.id, kind="operation", **keys)
    item.result = None if operation.result is None else encoded(operation.result)
    return item
