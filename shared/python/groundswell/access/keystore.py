"""Reads API keys: one GetItem. botocore only, for the hot path."""

from groundswell.access.model import KeyGrant
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class DynamoKeyStore:
    def grant(self, public_id: str) -> KeyGrant | None:
        answer = dynamodb().get_item(
            TableName=table_name("core"), Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}}
        )
        item = answer.get("Item")
        if item is None:
            return None

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
