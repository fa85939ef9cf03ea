"""Sessions in the ephemeral table, below their user: `USER#<id>`, `SESSION#<id>`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from botocore.exceptions import ClientError

from groundswell.audit.items import raw
from groundswell.audit.model import Entry
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, Change, delete_row, put_row, write
from groundswell.tenancy.auth.model import Session


class DynamoSessionStore:
    def find(self, user_id: str, session_id: str) -> Session | None:
        answer = dynamodb().get_item(
            TableName=table_name("ephemeral"), Key=_key(user_id, session_id), ConsistentRead=True
        )
        return _session(answer["Item"]) if "Item" in answer else None

    def rotate(self, session: Session, new: str, now: datetime) -> bool:
        """Make `new` the current token; False when the session's current one is not what was read."""
        try:
            dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key=_key(session.user_id, session.id),
                UpdateExpression="SET #current = :new, previous = :old, rotated_at = :now",
                ConditionExpression="#current = :old",
                ExpressionAttributeNames={"#current": "current"},
                ExpressionAttributeValues={
                    ":new": {"S": new},
                    ":old": {"S": session.current},
                    ":now": {"S": now.isoformat()},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def end(self, user_id: str, session_ids: Sequence[str], entry: Entry | None) -> None:
        """The entry is written with the first of them; they are more than a transaction takes only by the hundred."""
        writes = [*([note_row(entry)] if entry else []), *end_rows(user_id, session_ids)]
        for batch in batched(writes, OPERATIONS_AT_MOST, strict=False):
            write(batch)

    def of_user(self, user_id: str) -> tuple[Session, ...]:
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("ephemeral"),
                KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
                ExpressionAttributeValues={":pk": {"S": f"USER#{user_id}"}, ":sk": {"S": "SESSION#"}},
                ConsistentRead=True,
            )
        )
        return tuple(_session(item) for page in pages for item in page["Items"])


def begin_row(session: Session) -> Change:
    return put_row("ephemeral", _item(session))


def end_rows(user_id: str, session_ids: Sequence[str]) -> list[Change]:
    return [delete_row("ephemeral", _key(user_id, session_id)) for session_id in session_ids]


def note_row(entry: Entry) -> Change:
    """An entry of the audit log, for a transaction with sessions."""
    return put_row("core", raw(entry))


def _key(user_id: str, session_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"USER#{user_id}"}, "sk": {"S": f"SESSION#{session_id}"}}


def _item(session: Session) -> dict[str, Any]:
    texts = {
        "current": session.current,
        "previous": session.previous,
        "rotated_at": session.rotated_at.isoformat(),
        "created_at": session.created_at.isoformat(),
        "user_agent": session.user_agent,
        "ip": session.ip,
    }
    return {
        **_key(session.user_id, session.id),
        **{name: {"S": text} for name, text in texts.items() if text is not None},
        "expires_at": {"N": str(int(session.ends_at.timestamp()))},
    }


def _session(item: dict[str, Any]) -> Session:
    return Session(
        user_id=item["pk"]["S"].removeprefix("USER#"),
        id=item["sk"]["S"].removeprefix("SESSION#"),
        current=item["current"]["S"],
        previous=item["previous"]["S"] if "previous" in item else None,
        rotated_at=datetime.fromisoformat(item["rotated_at"]["S"]),
        ends_at=datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
        created_at=datetime.fromisoformat(item["created_at"]["S"]),
        user_agent=item["user_agent"]["S"],
        ip=item["ip"]["S"],
    )
