"""Credentials, sealed with KMS in pieces of what it encrypts at once, and the lock of whoever renews them."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from groundswell.integrations.items import keys_key
from groundswell.integrations.platform import Credentials
from groundswell.storage.client import dynamodb
from groundswell.storage.sealing import LONGEST, KmsSealer
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_row

_KEY = "credentials"
_FREE = "attribute_exists(pk) AND (attribute_not_exists(locked_until) OR locked_until <= :now)"


class DynamoVault:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def load(self, client_id: str, platform: str) -> Mapping[str, str] | None:
        key = keys_key(client_id, platform)
        item: Any = dynamodb().get_item(TableName=table_name("core"), Key=key, ConsistentRead=True).get("Item")
        if item is None or "sealed" not in item:
            return None
        opened: Mapping[str, str] = json.loads(_opened(client_id, platform, item["sealed"]["S"]))
        return opened

    def save(self, client_id: str, platform: str, credentials: Credentials) -> None:
        """Only while there are any: a connection that was ended meanwhile stays ended."""
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key=keys_key(client_id, platform),
                UpdateExpression="SET sealed = :sealed REMOVE locked_until",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":sealed": {"S": _sealed(client_id, platform, credentials)}},
            )
        except ClientError as error:
            _let_pass(error)

    def lock(self, client_id: str, platform: str, seconds: int) -> bool:
        now = int(self._now().timestamp())
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key=keys_key(client_id, platform),
                UpdateExpression="SET locked_until = :until",
                ConditionExpression=_FREE,
                ExpressionAttributeValues={":until": {"N": str(now + seconds)}, ":now": {"N": str(now)}},
            )
        except ClientError as error:
            _let_pass(error)
            return False
        return True

    def unlock(self, client_id: str, platform: str) -> None:
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key=keys_key(client_id, platform),
                UpdateExpression="REMOVE locked_until",
                ConditionExpression="attribute_exists(pk)",
            )
        except ClientError as error:
            _let_pass(error)


def credentials_change(client_id: str, platform: str, credentials: Credentials) -> Change:
    """For the transaction that connects."""
    row = {"sealed": {"S": _sealed(client_id, platform, credentials)}, "kind": {"S": "integration_keys"}}
    return put_row("core", {**keys_key(client_id, platform), **row})


def _let_pass(error: ClientError) -> None:
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error


def _sealed(client_id: str, platform: str, credentials: Credentials) -> str:
    text = json.dumps(dict(credentials), separators=(",", ":")).encode()
    pieces = [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]
    return ",".join(KmsSealer(_KEY).seal(piece, _context(client_id, platform)) for piece in pieces)


@lru_cache(maxsize=200)
def _opened(client_id: str, platform: str, sealed: str) -> str:
    """Raises SealBroken for what was moved from another client or platform."""
    pieces = [KmsSealer(_KEY).open(piece, _context(client_id, platform)) for piece in sealed.split(",")]
    return b"".join(pieces).decode()


def _context(client_id: str, platform: str) -> dict[str, str]:
    return {"client": client_id, "platform": platform, "use": "integration"}
