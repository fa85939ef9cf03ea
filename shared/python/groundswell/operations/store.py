"""Operations in the core table; the worker is told through the outbox."""

import json
from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.operations.items import OperationItem, operation_item, partition
from groundswell.operations.model import Operation
from groundswell.storage.core import connect, put, write
from groundswell.storage.mapper import from_item


class DynamoOperationStore:
    def __init__(self, queue: str) -> None:
        """`queue` is the worker's."""
        self._queue = queue

    def find(self, client_id: str, operation_id: str) -> Operation | None:
        if not can_be_id(operation_id):
            return None
        connect()
        try:
            item = OperationItem.get(partition(client_id), operation_id, consistent_read=True)
        except OperationItem.DoesNotExist:
            return None
        return from_item(Operation, item)

    def start(self, operation: Operation, entry: Entry) -> None:
        say = Message(self._queue, operation.id, message(operation))
        write([put(operation_item(operation)), note(entry)], say=[say])

    def save(self, operation: Operation, entry: Entry | None) -> Operation:
        item = operation_item(operation)
        write([put(item), note(entry)] if entry else [put(item)])
        return replace(operation, version=operation.version + 1)


def message(operation: Operation) -> str:
    """What the worker's queue carries."""
    return json.dumps({"client_id": operation.client_id, "operation_id": operation.id})
