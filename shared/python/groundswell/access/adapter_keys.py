"""Reads API keys: one GetItem, and notes their use. botocore only, for the hot path."""

from collections.abc import Mapping
from typing import Any, TypeGuard, cast

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.access.model import USE_NOTED_EVERY, KeyGrant
from groundswell.storage.client import dynamodb
from groundswell.storage.outage import is_outage
from groundswell.storage.settings import table_name

_RIGHT = "secret_hash = :hash AND #status = :active AND (attribute_not_exists(valid_until) OR valid_until > :at)"
_TIME = "(attribute_not_exists(last_used_at) OR last_used_at <= :before)"


class DynamoKeyStore:
    def grant(self, public_id: str) -> KeyGrant | None:
        answer = dynamodb().get_item(
            TableName=table_name("core"), Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}}
        )
        item = answer.get("Item")
        return None if item is None else key_grant(public_id, item)

    def used(self, public_id: str, secret_hash: str, at: int) -> KeyGrant | None:
        """The key, its use at `at` (epoch seconds) noted in the same call if it is time, and it is the right key."""
        try:
            item: Mapping[str, Any] | None = _note_and_read(public_id, secret_hash, at)
        except (BotoCoreError, ClientError) as error:
            if not _has_no_need(error):
                return self.grant(public_id)  # no event is lost over a note
            item = cast("dict[str, Any]", error.response).get("Item")
        return key_grant(public_id, item) if item else None

    def note_use(self, public_id: str, at: int) -> bool:
        """The item's version stays: who changes the key at this moment is not disturbed."""
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}},
                UpdateExpression="SET last_used_at = :at",
                ConditionExpression=f"attribute_exists(pk) AND {_TIME}",
                ExpressionAttributeValues={":at": {"N": str(at)}, ":before": {"N": str(at - USE_NOTED_EVERY)}},
            )
        except (BotoCoreError, ClientError) as error:
            if is_outage(error):
                return False
            if not _has_no_need(error):
                raise
        return True


def _has_no_need(error: BotoCoreError | ClientError) -> TypeGuard[ClientError]:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def _note_and_read(public_id: str, secret_hash: str, at: int) -> Mapping[str, Any]:
    """The item, also within the error when there is nothing to note."""
    return dynamodb().update_item(
        TableName=table_name("core"),
        Key={"pk": {"S": f"KEY#{public_id}"}, "sk": {"S": "KEY"}},
        UpdateExpression="SET last_used_at = :at",
        ConditionExpression=f"{_RIGHT} AND {_TIME}",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":hash": {"S": secret_hash},
            ":active": {"S": "active"},
            ":at": {"N": str(at)},
            ":before": {"N": str(at - USE_NOTED_EVERY)},
        },
        ReturnValues="ALL_NEW",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )["Attributes"]


def key_grant(public_id: str, item: Mapping[str, Any]) -> KeyGrant:
    """What a key's item says."""

    def number(name: str) -> int | None:
        return int(item[name]["N"]) if name in item else None

    return KeyGrant(
        public_id=public_id,
        client_id=item["client_id"]["S"],
        org_id=item["org_id"]["S"],
        secret_hash=item["secret_hash"]["S"],
        scopes=frozenset(scope["S"] for scope in item["scopes"]["L"]),
        is_active=item["status"]["S"] == "active",
        valid_until=number("valid_until"),
        calls_per_minute=number("calls_per_minute"),
        blocked_until=number("blocked_until"),
        last_used_at=number("last_used_at"),
        rotated_to=item["rotated_to"]["S"] if "rotated_to" in item else None,
    )
