"""The log of updates in the ephemeral table: `BOTLOG#<client>`, `<bot>#<time>-<update>`, and each update's claim at
`<bot>#CLAIM#<update>`. Telegram sends an update again for a day at most."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.bots.log import KEPT, LogEntry, UpdateUnderWay
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_row, write

LEASE_SECONDS = 150
"""Longer than the worker may run."""
_REFUSED = "ConditionalCheckFailedException"


def log_pk(client_id: str) -> str:
    return f"BOTLOG#{client_id}"


class DynamoUpdateLog:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def begin(self, client_id: str, bot_id: str, update_id: int) -> bool:
        """Whether the update is ours to treat: False when it was treated. Raises UpdateUnderWay."""
        now = int(self._now().timestamp())
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    **_claim_key(client_id, bot_id, update_id),
                    "leased_until": {"N": str(now + LEASE_SECONDS)},
                    "expires_at": {"N": str(now + int(KEPT.total_seconds()))},
                },
                ConditionExpression="attribute_not_exists(pk) OR leased_until <= :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            present: Any = error.response.get("Item", {})
            if "leased_until" in present:
                raise UpdateUnderWay from error
            return False
        return True

    def release(self, client_id: str, bot_id: str, update_id: int) -> None:
        """It failed: whoever comes next may try at once."""
        dynamodb().update_item(
            TableName=table_name("ephemeral"),
            Key=_claim_key(client_id, bot_id, update_id),
            UpdateExpression="SET leased_until = :now",
            ExpressionAttributeValues={":now": {"N": str(int(self._now().timestamp()))}},
        )

    def finish(self, entry: LogEntry) -> None:
        """Treated, with the record of it."""
        expires = {"expires_at": {"N": str(int((entry.at + KEPT).timestamp()))}}
        done = {
            "TableName": table_name("ephemeral"),
            "Key": _claim_key(entry.client_id, entry.bot_id, entry.update_id),
            "UpdateExpression": "SET done = :yes, expires_at = :expires REMOVE leased_until",
            "ExpressionAttributeValues": {":yes": {"BOOL": True}, ":expires": expires["expires_at"]},
        }
        row = {
            "pk": {"S": log_pk(entry.client_id)},
            "sk": {"S": f"{entry.bot_id}#{entry.id}"},
            "content": {"S": json.dumps({**asdict(entry), "at": entry.at.isoformat()})},
            **expires,
        }
        write([Change({"Update": done}, PreconditionFailed()), put_row("ephemeral", row)])

    def page(self, client_id: str, bot_id: str, limit: int, position: Position | None) -> Page[LogEntry]:
        """Newest first."""
        last = f"{position['id']}" if position else "9~"
        answer = dynamodb().query(
            TableName=table_name("ephemeral"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":pk": {"S": log_pk(client_id)},
                ":low": {"S": f"{bot_id}#0"},
                ":high": {"S": f"{bot_id}#{_before(last)}"},
            },
            ScanIndexForward=False,
            Limit=limit + 1,
        )
        entries = tuple(_entry(row) for row in answer["Items"])
        more = len(entries) > limit
        return Page(entries[:limit], {"id": entries[limit - 1].id} if more else None)


def new_entry_id(at: datetime, update_id: int) -> str:
    return f"{millis(at):013d}-{update_id}"


def _before(last: str) -> str:
    return last if last.endswith("~") else last[:-1] + chr(ord(last[-1]) - 1) + "~"


def _claim_key(client_id: str, bot_id: str, update_id: int) -> dict[str, Any]:
    return {"pk": {"S": log_pk(client_id)}, "sk": {"S": f"{bot_id}#CLAIM#{update_id}"}}


def _entry(row: Any) -> LogEntry:
    content = json.loads(row["content"]["S"])
    at, decisions = datetime.fromisoformat(content["at"]), tuple(content["decisions"])
    return LogEntry(**{**content, "at": at, "decisions": decisions})
