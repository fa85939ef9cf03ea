"""Ad rows in the core table: one item a row, by day.

| pk | sk | row |
|---|---|---|
| `ADROWS#<client>` | `<date>#<platform>#<account>#<id>` | JSON of what the keys do not say |
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import Any

from groundswell.integrations.adapter_figures import changes_of
from groundswell.integrations.facts import AdRow
from groundswell.integrations.figures import Change, differences
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, delete_row, put_row, write
from groundswell.storage.transaction import Change as Write

_BATCH = 25  # BatchWriteItem's limit
_ATTEMPTS = 8


def ad_rows_pk(client_id: str) -> str:
    return f"ADROWS#{client_id}"


class DynamoFacts:
    def rows(
        self,
        client_id: str,
        *,
        first: date,
        last: date,
        platform: str | None = None,
        campaign_id: str | None = None,
        account_id: str | None = None,
    ) -> Sequence[AdRow]:
        """One Query for each MB of these days, about 3,000 rows."""
        rows = map(_row, _items(client_id, first, last, platform))
        return tuple(
            row for row in rows if campaign_id in (None, row.campaign_id) and account_id in (None, row.account_id)
        )

    def change(self, client_id: str, changes: Iterable[Change]) -> None:
        """A call for 98 rows: they and what the metrics learn of them are written together or not at all, so whoever
        does a page again finds rows that are as they should be, and tells of them no more. Raises Unavailable."""
        for batch in batched(changes, OPERATIONS_AT_MOST - 2, strict=False):
            rows = (operation for message in batch for operation in _written(client_id, *message))
            write([*rows, *changes_of(client_id, differences(batch))])


def _written(client_id: str, before: AdRow | None, after: AdRow | None) -> Iterator[Write]:
    if after is not None:
        yield put_row("core", _item(client_id, after))
    elif before is not None:
        yield delete_row("core", _key(client_id, before))


def put_items(table: str, items: Iterable[Mapping[str, Any]]) -> None:
    """BatchWriteItem, as often as it takes; of several items at one key the last. Raises Unavailable."""
    unique = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
    name = table_name(table)
    for batch in batched(unique.values(), _BATCH, strict=False):
        _put_batch(name, [{"PutRequest": {"Item": item}} for item in batch])


def _put_batch(name: str, requests: Sequence[Any]) -> None:
    for attempt in range(_ATTEMPTS):
        left = dynamodb().batch_write_item(RequestItems={name: requests}).get("UnprocessedItems", {}).get(name)
        if not left:
            return
        requests = left
        time.sleep(0.05 * 2**attempt)
    raise Unavailable(Outage("storage"))


def _items(client_id: str, first: date, last: date, platform: str | None) -> Iterator[Mapping[str, Any]]:
    values = {":pk": {"S": ad_rows_pk(client_id)}, ":first": {"S": f"{first}#"}, ":last": {"S": f"{last}$"}}
    wanted: dict[str, Any] = {}
    if platform:
        values[":platform"] = {"S": platform}
        wanted = {"FilterExpression": "platform = :platform"}
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=values,
            ConsistentRead=True,
            ProjectionExpression="#row, platform",  # botocore reads every attribute with the same care
            ExpressionAttributeNames={"#row": "row"},
            **wanted,
        )
    )
    for page in pages:
        yield from page["Items"]


def _key(client_id: str, row: AdRow) -> dict[str, Any]:
    name = f"{row.date}#{row.platform}#{row.account_id}#{row.id or row.campaign_id}"
    return {"pk": {"S": ad_rows_pk(client_id)}, "sk": {"S": name}}


def _item(client_id: str, row: AdRow) -> dict[str, Any]:
    content = {name: value for name, value in vars(row).items() if value is not None and name != "platform"}
    if not row.timezone:
        del content["timezone"]
    return {
        **_key(client_id, row),
        "kind": {"S": "ad_row"},
        "platform": {"S": row.platform},
        "row": {"S": json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))},
    }


def _row(item: Mapping[str, Any]) -> AdRow:
    content = json.loads(item["row"]["S"])
    return AdRow(
        date=date.fromisoformat(content["date"]),
        account_id=content["account_id"],
        campaign_id=content["campaign_id"],
        campaign=content["campaign"],
        spend=_decimal(content.get("spend")),
        currency=content["currency"],
        impressions=content.get("impressions"),
        clicks=content.get("clicks"),
        landing_page_views=content.get("landing_page_views"),
        conversions=_decimal(content.get("conversions")),
        revenue=_decimal(content.get("revenue")),
        platform=item["platform"]["S"],
        id=content["id"],
        timezone=content.get("timezone", ""),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def count_rows(client_id: str, platform: str) -> int:
    """One Query for each MB of all platforms' rows."""
    return sum(page["Count"] for page in _of_platform(client_id, platform, Select="COUNT", ConsistentRead=True))


def purge_rows(client_id: str, platform: str) -> Iterator[int]:
    """Delete a platform's, page by page, and take them out of the metrics; how many each page had."""
    for page in _of_platform(client_id, platform):
        DynamoFacts().change(client_id, [(_row(item), None) for item in page["Items"]])
        yield len(page["Items"])


def _of_platform(client_id: str, platform: str, **more: Any) -> Iterator[Mapping[str, Any]]:
    yield from (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk",
            FilterExpression="platform = :platform",
            ExpressionAttributeValues={":pk": {"S": ad_rows_pk(client_id)}, ":platform": {"S": platform}},
            **more,
        )
    )
