"""Reads API keys: one GetItem, and notes their use. botocore only, for the hot path."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from groundswell.access.model import USE_NOTED_EVERY, KeyGrant
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class DynamoKeyStore:
    def grant(self, public_id: str) -> KeyGrant | None:
        answer = dynamodb().get_item(
            TableName=table_name("core"), Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}}
        )
        item = answer.get("Item")
        return None if item is None else key_grant(public_id, item)

    def note_use(self, public_id: str, at: int) -> None:
        """The item's version stays: who changes the key at this moment is not disturbed."""
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}},
                UpdateExpression="SET last_used_at = :at",
                ConditionExpression="attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR "
                "last_used_at <= :before)",
                ExpressionAttributeValues={":at": {"N": str(at)}, ":before": {"N": str(at - USE_NOTED_EVERY)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise


def key_grant(public_id: str, item: Mapping[str, Any]) -> KeyGrant:
    """What a key's item says."""

    def number(name: str) -> int | None:
        return int(item[name]["N"]) if name in item else None

    return KeyGrant(
        public_id=public_id,
        client_id=item["client_id"]["S"],
        org_id=item["org_id"]["S"],
        secret_hash=item["secret_hash"]["S"],
        scopes=frozenset(each["S"] for each in item["scopes"]["L"]),
        is_active=item["status"]["S"] == "active",
        valid_until=number("valid_until"),
        calls_per_minute=number("calls_per_minute"),
        blocked_until=number("blocked_until"),
        last_used_at=number("last_used_at"),
    )
