"""How usage lies in the core table.

| pk | sk | what |
|---|---|---|
| `ORG#<org>` | `QUOTA` | quota |
| `USAGE#<org>` | `<month>#<client>` | events of a client in a month |
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import put, write
from groundswell.tenancy.usage.model import ClientMonth, Counts, Quota, SeatsTaken

_KEPT = timedelta(days=400)


class QuotaItem(CoreItem):
    org_id = UnicodeAttribute()
    events_per_month = NumberAttribute(null=True)
    users = NumberAttribute(null=True)
    clients = NumberAttribute(null=True)
    model_tokens_per_month = NumberAttribute(null=True)
    recipients_per_day = NumberAttribute(null=True)
    blocked_until = NumberAttribute(null=True)


class ClientMonthItem(CoreItem):
    org_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    month = UnicodeAttribute()
    days = JSONAttribute()
    as_of = UTCDateTimeAttribute()


class DynamoUsageStore:
    def quota(self, org_id: str) -> Quota:
        return _quota(org_id)

    def save_quota(self, quota: Quota, entry: Entry) -> Quota:
        write([put(to_item(QuotaItem, quota, f"ORG#{quota.org_id}", "QUOTA", kind="quota")), note(entry)])
        return _quota(quota.org_id)

    def block(self, org_id: str, until: int | None) -> None:
        for client_id in self.client_ids(org_id):
            for item in _below(f"CLIENT#{client_id}", "KEY#"):
                _block({"pk": item["pk"], "sk": item["sk"]}, until)
        _block({"pk": {"S": f"ORG#{org_id}"}, "sk": {"S": "QUOTA"}}, until)

    def months(self, org_id: str, month: str) -> tuple[ClientMonth, ...]:
        items = ClientMonthItem.query(f"USAGE#{org_id}", ClientMonthItem.sk.startswith(f"{month}#"))
        return tuple(from_item(ClientMonth, item) for item in items)

    def save_month(self, usage: ClientMonth) -> None:
        """The whole truth each time: whoever writes last has measured last."""
        item = to_item(
            ClientMonthItem,
            usage,
            f"USAGE#{usage.org_id}",
            f"{usage.month}#{usage.client_id}",
            kind="usage",
            expires_at=int((usage.as_of + _KEPT).timestamp()),
        )
        attributes: Any = item.serialize()
        dynamodb().put_item(TableName=table_name("core"), Item=attributes)

    def counts(self, org_id: str) -> Counts:
        clients = self.client_ids(org_id)
        keys = (item for client_id in clients for item in _below(f"CLIENT#{client_id}", "KEY#"))
        people = [item["is_active"]["BOOL"] for item in _below(f"ORG#{org_id}", "USER#")]
        return Counts(len(people), sum(people), len(clients), sum(_is(item, "active") for item in keys))

    def client_ids(self, org_id: str) -> tuple[str, ...]:
        return tuple(item["id"]["S"] for item in _below(f"ORG#{org_id}", "CLIENT#"))

    def owner_of(self, client_id: str) -> str | None:
        key = {"pk": {"S": f"CLIENT#{client_id}"}, "sk": {"S": "CLIENT"}}
        item = dynamodb().get_item(TableName=table_name("core"), Key=key).get("Item")
        return item["org_id"]["S"] if item else None


class DynamoSeats:
    """Asked before somebody or something joins. Two that join at the same moment may both take the last seat."""

    def need_seat(self, org_id: str) -> None:
        """Raises SeatsTaken."""
        allowed = _quota(org_id).users
        if allowed is not None and active_users(org_id) >= allowed:
            raise SeatsTaken("users", allowed)

    def need_client(self, org_id: str) -> None:
        """Raises SeatsTaken."""
        allowed = _quota(org_id).clients
        if allowed is not None and sum(1 for _ in _below(f"ORG#{org_id}", "CLIENT#")) >= allowed:
            raise SeatsTaken("clients", allowed)


def active_users(org_id: str) -> int:
    return sum(1 for item in _below(f"ORG#{org_id}", "USER#") if item["is_active"]["BOOL"])


def _quota(org_id: str) -> Quota:
    try:
        return from_item(Quota, QuotaItem.get(f"ORG#{org_id}", "QUOTA", consistent_read=True))
    except QuotaItem.DoesNotExist:
        return Quota(org_id)


def _is(item: dict[str, Any], status: str) -> bool:
    return bool(item["status"]["S"] == status)


def _below(owner: str, prefix: str) -> Iterator[dict[str, Any]]:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :owner AND begins_with(gsi1sk, :prefix)",
            ExpressionAttributeValues={":owner": {"S": owner}, ":prefix": {"S": prefix}},
        )
    )
    for page in pages:
        yield from page["Items"]


def _block(key: dict[str, Any], until: int | None) -> None:
    """The version stays: who changes the item at this moment is not disturbed, and the next round sees to it."""
    change: dict[str, Any] = {"UpdateExpression": "REMOVE blocked_until"}
    if until is not None:
        change = {
            "UpdateExpression": "SET blocked_until = :until",
            "ExpressionAttributeValues": {":until": {"N": str(until)}},
        }
    try:
        dynamodb().update_item(
            TableName=table_name("core"), Key=key, ConditionExpression="attribute_exists(pk)", **change
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
