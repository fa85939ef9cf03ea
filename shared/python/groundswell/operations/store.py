"""Operations in the core table; the worker is told through the outbox."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.ids import can_be_id, first_id_at
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.operations.items import OperationItem, operation_item, partition
from groundswell.operations.model import Operation
from groundswell.storage.mapper import from_item
from groundswell.storage.transaction import put, write

_READ_AT_MOST = 1_000


class DynamoOperationStore:
    def __init__(self, queue: str) -> None:
        """`queue` is the worker's."""
        self._queue = queue

    def find(self, client_id: str, operation_id: str) -> Operation | None:
        if not can_be_id(operation_id):
            return None
        try:
            item = OperationItem.get(partition(client_id), operation_id, consistent_read=True)
        except OperationItem.DoesNotExist:
            return None
        return from_item(Operation, item)

    def page(self, client_id: str, job: str, limit: int, position: Position | None) -> Page[Operation]:
        before = OperationItem.sk < str(position["id"]) if position else None
        items = OperationItem.query(
            partition(client_id), before, scan_index_forward=False, limit=_READ_AT_MOST, consistent_read=True
        )
        operations, read, last = list[Operation](), 0, ""
        for item in items:
            if len(operations) == limit:
                return Page(tuple(operations), {"id": last})
            read, last = read + 1, item.sk
            if item.job == job:
                operations.append(from_item(Operation, item))
        return Page(tuple(operations), {"id": last} if read == _READ_AT_MOST else None)

    def since(self, client_id: str, time: datetime) -> Iterator[Operation]:
        """Started since then."""
        after = OperationItem.sk >= first_id_at(time)
        for item in OperationItem.query(partition(client_id), after, consistent_read=True):
            yield from_item(Operation, item)

    def start(self, operation: Operation, entry: Entry) -> None:
        write([put(operation_item(operation)), note(entry)], messages=[started(operation, self._queue)])

    def save(self, operation: Operation, entry: Entry | None) -> Operation:
        item = operation_item(operation)
        write([put(item), note(entry)] if entry else [put(item)])
        return replace(operation, version=operation.version + 1)


def started(operation: Operation, queue: str) -> Message:
    """What tells the worker, for the transaction that begins the operation."""
    return Message(queue, operation.id, message(operation))


def message(operation: Operation) -> str:
    """What the worker's queue carries."""
    return json.dumps({"client_id": operation.client_id, "operation_id": operation.id})
