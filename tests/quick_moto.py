"""moto and botocore answering as ever, with less work: they copied and sorted whole tables most of this tier's time."""

import copy
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any
from unittest.mock import patch

import botocore.session
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

_as_they_come = ("S", "B", "BOOL")
_call, _transact, _query = DynamoHandler.call_action, DynamoDBBackend.transact_write_items, Table.query
_cast, _serialize_any = DynamoType.cast_value.fget, BaseJSONSerializer._serialize
_lock = Lock()


@contextmanager
def quick() -> Iterator[None]:
    with (
        patch.object(DynamoHandler, "call_action", _one_at_a_time),
        patch.object(DynamoDBBackend, "transact_write_items", _transaction),
        patch.object(Table, "query", _of_one_partition),
        patch.object(DynamoType, "cast_value", property(_value)),
        patch.object(BaseJSONSerializer, "_serialize", _serialize),
        # What a session reads of botocore's descriptions is the same for every session.
        patch.object(botocore.session, "create_loader", cache(botocore.session.create_loader)),
    ):
        yield


def _one_at_a_time(self: Any) -> Any:
    """moto answers a race with several winners unless its table is left to one thread at a time."""
    with _lock:
        return _call(self)


def _transaction(self: Any, transact_items: list[dict[str, Any]]) -> None:
    """moto copies the tables whole, to put them back. What a transaction names is all that it can change."""
    before = [(table, key, copy.deepcopy(table.get_item(*key))) for table, key in _named(self, transact_items)]
    try:
        with patch.object(Table, "__deepcopy__", lambda table, _: table, create=True):
            _transact(self, transact_items)
    except BaseException:
        for table, (partition, place), item in before:
            _put_back(table, partition, place, item)
        raise


def _named(backend: Any, transact_items: list[dict[str, Any]]) -> Iterator[tuple[Table, tuple[Any, Any]]]:
    for transact_item in transact_items:
        for operation in transact_item.values():
            table, attributes = backend.tables.get(operation["TableName"]), operation.get("Key", operation.get("Item"))
            names = (table.hash_key_attr, table.range_key_attr) if table else ()
            if names and all(name in attributes for name in names):
                yield table, tuple(DynamoType(attributes[name]) for name in names)


def _put_back(table: Table, partition: DynamoType, place: DynamoType, item: Item | None) -> None:
    if item is None:
        table.items[partition].pop(place, None)
    else:
        table.items[partition][place] = item


def _of_one_partition(self: Table, hash_key: Any, *rest: Any, **more: Any) -> Any:
    """moto sorts the whole table before it looks at the key; what it has found, it sorts again."""
    of_index = len(rest) > 6 and rest[6]
    partitions = self.items.values() if of_index else [self.items.get(hash_key, {})]
    with patch.object(self, "all_items", lambda: [item for partition in partitions for item in partition.values()]):
        return _query(self, hash_key, *rest, **more)


def _value(self: DynamoType) -> Any:
    return self.value if self.type in _as_they_come else _cast(self)


def _serialize(self: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """moto looks for each of the ten types that an attribute may have, under eight names each."""
    if shape.name == "AttributeValue" and type(value) is dict and len(value) == 1:
        serialized[key] = _on_the_wire(value)
    else:
        _serialize_any(self, serialized, value, shape, key)


def _on_the_wire(value: dict[str, Any]) -> dict[str, Any]:
    [(kind, inner)] = value.items()
    match kind:
        case "B":
            return {kind: b64encode(inner).decode()}
        case "BS":
            return {kind: [b64encode(element).decode() for element in inner]}
        case "L":
            return {kind: [_on_the_wire(element) for element in inner]}
        case "M":
            return {kind: {name: _on_the_wire(attribute) for name, attribute in inner.items()}}
        case _:
            return value
