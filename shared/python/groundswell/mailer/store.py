"""The ledger of mails, in the ephemeral table: `MAIL#<id>`. Kept longer than the queue keeps a message (14 days)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from groundswell.mailer.model import MailState
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name

_KEPT = timedelta(days=30)


class DynamoMailLedger:
    def claim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> MailState | None:
        stood = self._put(mail_id, token, now, lease)
        # Our own token stands there when the answer to the put was lost and botocore put again.
        if stood is None or stood["claim"]["S"] == token:
            return None
        state = MailState(stood["state"]["S"])
        expired = int(stood["leased_until"]["N"]) <= now.timestamp()
        if state is MailState.CLAIMED and expired:
            self._move(mail_id, stood["claim"]["S"], MailState.UNKNOWN)
            return MailState.UNKNOWN
        return state

    def reclaim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> bool:
        values = {
            ":claimed": {"S": MailState.CLAIMED},
            ":unknown": {"S": MailState.UNKNOWN},
            ":token": {"S": token},
            ":until": {"N": str(int((now + lease).timestamp()))},
        }
        return self._update(
            mail_id,
            UpdateExpression="SET #state = :claimed, claim = :token, leased_until = :until",
            ConditionExpression="#state = :unknown",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=values,
        )

    def sent(self, mail_id: str, token: str) -> None:
        self._move(mail_id, token, MailState.SENT)

    def release(self, mail_id: str, token: str) -> None:
        try:
            dynamodb().delete_item(
                TableName=table_name("ephemeral"),
                Key=_key(mail_id),
                ConditionExpression="claim = :token",
                ExpressionAttributeValues={":token": {"S": token}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def _put(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> dict[str, Any] | None:
        """None when it is ours, else what stands there."""
        item = {
            **_key(mail_id),
            "state": {"S": MailState.CLAIMED},
            "claim": {"S": token},
            "leased_until": {"N": str(int((now + lease).timestamp()))},
            "expires_at": {"N": str(int((now + _KEPT).timestamp()))},
        }
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            stood: dict[str, Any] = error.response["Item"]  # type: ignore[typeddict-item]  # ALL_OLD puts it there
            return stood
        return None

    def _move(self, mail_id: str, token: str, state: MailState) -> bool:
        return self._update(
            mail_id,
            UpdateExpression="SET #state = :state",
            ConditionExpression="claim = :token AND #state = :claimed",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":state": {"S": state},
                ":claimed": {"S": MailState.CLAIMED},
                ":token": {"S": token},
            },
        )

    @staticmethod
    def _update(mail_id: str, **arguments: Any) -> bool:
        try:
            dynamodb().update_item(TableName=table_name("ephemeral"), Key=_key(mail_id), **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def mail_states(mail_ids: Sequence[str]) -> Mapping[str, str]:
    """By id; a mail that nobody has begun to send has none. One call for 100."""
    rows = get_rows("ephemeral", [_key(mail_id) for mail_id in dict.fromkeys(mail_ids)])
    return {row["pk"]["S"].removeprefix("MAIL#"): row["state"]["S"] for row in rows}


def _key(mail_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"MAIL#{mail_id}"}, "sk": {"S": "MAIL"}}
