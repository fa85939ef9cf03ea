"""Transactions that reach beyond the core table, in botocore's own terms."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import ClientError

from groundswell.kernel.errors import DomainError, Outage, PreconditionFailed, Unavailable
from groundswell.storage.client import dynamodb
from groundswell.storage.core import Change
from groundswell.storage.settings import table_name

OPERATIONS_AT_MOST = 100
_FAILED = "ConditionalCheckFailed"
_CONFLICTS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_ATTEMPTS = 6


@dataclass(frozen=True)
class Write:
    """One operation (`{"Put": {…}}`, see TransactWriteItems), and the refusal when its condition does not hold."""

    operation: Mapping[str, Any]
    refusal: DomainError


def put_row(table: str, row: Mapping[str, Any]) -> Write:
    """Attribute values into a table, whatever stands there."""
    return Write({"Put": {"TableName": table_name(table), "Item": row}}, PreconditionFailed())


def delete_row(table: str, key: Mapping[str, Any]) -> Write:
    return Write({"Delete": {"TableName": table_name(table), "Key": key}}, PreconditionFailed())


def versioned(change: Change) -> Write:
    """A core item as `storage.core.write` would write it: only over the version that was read."""
    row: dict[str, Any] = change.item.serialize()
    condition = _unchanged(change.item.version)
    if change.deletes:
        key = {"pk": row["pk"], "sk": row["sk"]}
        return Write({"Delete": {"TableName": table_name("core"), "Key": key, **condition}}, change.refusal)
    row["version"] = {"N": str(int(change.item.version or 0) + 1)}
    return Write({"Put": {"TableName": table_name("core"), "Item": row, **condition}}, change.refusal)


def unchanged(pk: str, sk: str, version: int, refusal: DomainError) -> Write:
    """Nothing is written; the transaction holds only while this core item is of that version."""
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    return Write({"ConditionCheck": {"TableName": table_name("core"), "Key": key, **_unchanged(version)}}, refusal)


def _unchanged(version: float | None) -> dict[str, Any]:
    if not version:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :read",
        "ExpressionAttributeValues": {":read": {"N": str(int(version))}},
    }


def transact(writes: Sequence[Write]) -> None:
    """All of them or none, in one call; tried again while the items are contended.

    Raises the refusal of the first write whose condition does not hold, Unavailable when the items stay contended.
    """
    for attempt in range(_ATTEMPTS):
        try:
            dynamodb().transact_write_items(TransactItems=[cast("Any", each.operation) for each in writes])
        except ClientError as error:
            _refuse(error, writes)
        else:
            return
        time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise Unavailable(Outage("storage", 1))


def _refuse(error: ClientError, writes: Sequence[Write]) -> None:
    """Returns when the transaction may be tried again."""
    if error.response["Error"]["Code"] != "TransactionCanceledException":
        raise error
    reasons = cast("dict[str, Any]", error.response)["CancellationReasons"]
    codes = [reason.get("Code") for reason in reasons]
    for write, code in zip(writes, codes, strict=True):
        if code == _FAILED:
            raise write.refusal from error
    if not _CONFLICTS.intersection(codes):
        raise error
