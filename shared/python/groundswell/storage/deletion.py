"""Deleting many items, whatever they are: Query, then BatchWriteItem."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from groundswell.kernel.errors import Outage, Unavailable
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

type Key = dict[str, Any]
_BATCH = 25  # BatchWriteItem's limit
_PAGE = 500
_ATTEMPTS = 8


def delete_matching(table: str, condition: dict[str, Any]) -> Iterator[int]:
    """Delete what a Query finds, page by page; how many items each page had. `condition` is the Query's own."""
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name(table),
            ProjectionExpression="pk, sk",
            PaginationConfig={"PageSize": _PAGE},
            **condition,
        )
    )
    for page in pages:
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in page["Items"]]
        delete_items(table, keys)
        yield len(keys)


def delete_partition(table: str, pk: str) -> Iterator[int]:
    """Delete all that is in it, page by page; how many items each page had."""
    yield from delete_matching(
        table, {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
    )


def delete_items(table: str, keys: Iterable[Key]) -> None:
    """BatchWriteItem, as often as it takes. Raises Unavailable."""
    name = table_name(table)
    for batch in batched(keys, _BATCH, strict=False):
        _delete_all(name, [{"DeleteRequest": {"Key": key}} for key in batch])


def _delete_all(name: str, requests: Sequence[Any]) -> None:
    for attempt in range(_ATTEMPTS):
        left = dynamodb().batch_write_item(RequestItems={name: requests}).get("UnprocessedItems", {}).get(name)
        if not left:
            return
        requests = left
        time.sleep(0.05 * 2**attempt)
    raise Unavailable(Outage("storage"))
