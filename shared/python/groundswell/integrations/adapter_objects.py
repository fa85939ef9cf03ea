"""Records of CRMs, shops and payment providers in the core table, and what was put aside."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.integrations.adapter_facts import put_items
from groundswell.integrations.items import (
    object_key,
    object_row,
    objects_pk,
    quarantine_pk,
    quarantine_row,
    read_object,
    read_quarantined,
)
from groundswell.integrations.model import Quarantined
from groundswell.integrations.records import Record
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.page import Page, Position
from groundswell.storage.client import dynamodb
from groundswell.storage.deletion import delete_items, delete_matching
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name


class DynamoObjects:
    def known(self, client_id: str, platform: str, keys: Sequence[tuple[str, str]]) -> Mapping[str, Record]:
        """One call for a hundred."""
        rows = get_rows("core", [object_key(client_id, platform, *key) for key in dict.fromkeys(keys)])
        return {record.id: record for record in map(read_object, rows)}

    def put(self, client_id: str, platform: str, records: Sequence[Record], as_of: datetime) -> None:
        """One call for 25."""
        put_items("core", (object_row(client_id, platform, record, as_of) for record in records))

    def put_newer(self, client_id: str, platform: str, record: Record, as_of: datetime) -> bool:
        try:
            dynamodb().put_item(
                TableName=table_name("core"),
                Item=object_row(client_id, platform, record, as_of),
                ConditionExpression="attribute_not_exists(pk) OR as_of <= :as_of",
                ExpressionAttributeValues={":as_of": {"S": rfc3339(as_of)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def page(
        self,
        client_id: str,
        platform: str,
        stream: str,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Record]:
        """By the time of their last change, oldest first; the end of the span is exclusive."""
        start = f"{position['key']}!" if position else rfc3339(span[0]) if span[0] else " "
        end = rfc3339(span[1]) if span[1] else "~"
        if start >= end:
            return Page(())
        rows = dynamodb().query(
            TableName=table_name("core"),
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :pk AND gsi1sk BETWEEN :start AND :end",
            ExpressionAttributeValues={
                ":pk": {"S": f"SYNCED#{client_id}#{platform}#{stream}"},
                ":start": {"S": start},
                ":end": {"S": end},
            },
            Limit=limit + 1,
        )
        items = rows["Items"]
        more = len(items) > limit or "LastEvaluatedKey" in rows
        shown = items[:limit]
        following = {"key": shown[-1]["gsi1sk"]["S"]} if more and shown else None
        return Page(tuple(map(read_object, shown)), following)

    def count(self, client_id: str, platform: str, stream: str) -> int:
        return _count(objects_pk(client_id), f"{platform}#{stream}#")

    def purge(self, client_id: str, platform: str) -> Iterator[int]:
        yield from _purge(objects_pk(client_id), f"{platform}#")
        yield from _purge(quarantine_pk(client_id), f"{platform}#")


class DynamoQuarantine:
    def put(self, client_id: str, items: Sequence[Quarantined]) -> None:
        put_items("core", (quarantine_row(client_id, quarantined) for quarantined in items))

    def page(
        self, client_id: str, platform: str, stream: str | None, limit: int, position: Position | None
    ) -> Page[Quarantined]:
        prefix = f"{platform}#" + (f"{stream}-" if stream else "")
        rows = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :start AND :end",
            ExpressionAttributeValues={
                ":pk": {"S": quarantine_pk(client_id)},
                ":start": {"S": f"{position['key']}!" if position else prefix},
                ":end": {"S": f"{prefix}~"},
            },
            ConsistentRead=True,
            Limit=limit + 1,
        )
        items = rows["Items"]
        more = len(items) > limit or "LastEvaluatedKey" in rows
        shown = items[:limit]
        following = {"key": shown[-1]["sk"]["S"]} if more and shown else None
        return Page(tuple(map(read_quarantined, shown)), following)

    def remove(self, client_id: str, items: Sequence[Quarantined]) -> None:
        pk = {"S": quarantine_pk(client_id)}
        delete_items(
            "core", [{"pk": pk, "sk": {"S": f"{quarantined.platform}#{quarantined.id}"}} for quarantined in items]
        )

    def count(self, client_id: str, platform: str, stream: str) -> int:
        return _count(quarantine_pk(client_id), f"{platform}#{stream}-")


def _count(pk: str, prefix: str, **more: Any) -> int:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(TableName=table_name("core"), Select="COUNT", ConsistentRead=True, **_below(pk, prefix), **more)
    )
    return sum(page["Count"] for page in pages)


def _purge(pk: str, prefix: str) -> Iterator[int]:
    yield from delete_matching("core", _below(pk, prefix))


def _below(pk: str, prefix: str) -> dict[str, Any]:
    return {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": {":pk": {"S": pk}, ":prefix": {"S": prefix}},
    }
