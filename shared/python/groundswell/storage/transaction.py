"""Writes that happen together or not at all: to the core table, and beyond it in botocore's own terms."""

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition

from groundswell.kernel.errors import DomainError, Outage, PreconditionFailed, Unavailable
from groundswell.kernel.message import Message
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem, OutboxItem
from groundswell.storage.settings import table_name

OPERATIONS_AT_MOST = 100
"""TransactWriteItems' limit."""
_FAILED = "ConditionalCheckFailed"
_CONFLICTS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_ATTEMPTS = 6


@dataclass(frozen=True)
class Change:
    """One operation (`{"Put": {…}}`, see TransactWriteItems), and what is raised when its condition does not hold.

    `item` is told its new version once it is written.
    """

    operation: Mapping[str, Any]
    refusal: DomainError
    item: CoreItem | None = None

    def written(self) -> None:
        if self.item is not None:
            self.item.version = int(self.item.version or 0) + 1


def put(item: CoreItem, refusal: DomainError | None = None) -> Change:
    """Create (version unset) or overwrite the version that was read."""
    row: dict[str, Any] = item.serialize()
    row["version"] = {"N": str(int(item.version or 0) + 1)}
    operation = {"TableName": table_name("core"), "Item": row, **_of_version(item.version)}
    return Change({"Put": operation}, refusal or PreconditionFailed(), item)


def delete(item: CoreItem, refusal: DomainError | None = None) -> Change:
    """Delete the version that was read."""
    operation = {"TableName": table_name("core"), "Key": _key(item.pk, item.sk), **_of_version(item.version)}
    return Change({"Delete": operation}, refusal or PreconditionFailed())


def check(item: CoreItem, only_if: Condition, refusal: DomainError) -> Change:
    """The transaction holds only while the item at these keys, which it leaves alone, satisfies the condition."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    operation = {
        "TableName": table_name("core"),
        "Key": _key(item.pk, item.sk),
        "ConditionExpression": only_if.serialize(names, values),
        "ExpressionAttributeNames": {placeholder: name for name, placeholder in names.items()},
        "ExpressionAttributeValues": values,
    }
    return Change({"ConditionCheck": operation}, refusal)


def check_version(pk: str, sk: str, version: int, refusal: DomainError) -> Change:
    """The transaction holds only while this core item, which it leaves alone, is of that version (0: not there)."""
    operation = {"TableName": table_name("core"), "Key": _key(pk, sk), **_of_version(version)}
    return Change({"ConditionCheck": operation}, refusal)


def put_row(table: str, row: Mapping[str, Any]) -> Change:
    """Attribute values into a table, whatever stands there."""
    return Change({"Put": {"TableName": table_name(table), "Item": row}}, PreconditionFailed())


def put_new_row(table: str, row: Mapping[str, Any], refusal: DomainError) -> Change:
    """Attribute values into a table where nothing stands."""
    operation = {"TableName": table_name(table), "Item": row, "ConditionExpression": "attribute_not_exists(pk)"}
    return Change({"Put": operation}, refusal)


def delete_row(table: str, key: Mapping[str, Any]) -> Change:
    return Change({"Delete": {"TableName": table_name(table), "Key": key}}, PreconditionFailed())


def outbox(message: Message) -> Change:
    return put(OutboxItem(f"OUTBOX#{message.id}", "OUTBOX", kind="outbox", queue=message.queue, body=message.body))


def write(changes: Iterable[Change], messages: Iterable[Message] = ()) -> None:
    """Make all changes and leave all messages in the outbox, or none of it; tried again while items are contended.

    Raises the refusal of the first change whose condition does not hold, Unavailable when the items stay contended.
    One put alone costs one write unit a KB; a transaction costs two.
    """
    everything = [*changes, *map(outbox, messages)]
    alone = everything[0].operation.get("Put") if len(everything) == 1 else None
    for attempt in range(_ATTEMPTS):
        try:
            if alone:
                dynamodb().put_item(**cast("Any", alone))
            else:
                dynamodb().transact_write_items(TransactItems=[cast("Any", change.operation) for change in everything])
        except ClientError as error:
            _refuse(error, everything)
        else:
            return _note_versions(everything)
        time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise Unavailable(Outage("storage", 1))


def _note_versions(changes: Sequence[Change]) -> None:
    for change in changes:
        change.written()


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _of_version(version: float | None) -> dict[str, Any]:
    if not version:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :read",
        "ExpressionAttributeValues": {":read": {"N": str(int(version))}},
    }


def _refuse(error: ClientError, changes: Sequence[Change]) -> None:
    """Returns when the write may be tried again."""
    match error.response["Error"]["Code"]:
        case "ConditionalCheckFailedException":
            raise changes[0].refusal from error
        case "TransactionConflictException":
            return
        case "TransactionCanceledException":
            _refuse_canceled(error, changes)
        case _:
            raise error


def _refuse_canceled(error: ClientError, changes: Sequence[Change]) -> None:
    codes = [reason.get("Code") for reason in cast("dict[str, Any]", error.response)["CancellationReasons"]]
    for change, code in zip(changes, codes, strict=False):
        if code == _FAILED:
            raise change.refusal from error
    if not _CONFLICTS.intersection(codes):
        raise error
