"""Slots that all processes share, in the ephemeral table: one write a slot, two after a rest."""

from botocore.exceptions import ClientError

from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_KEPT_SECONDS = 3600


class DynamoSlots:
    """`per_second` says when a slot is over, and its item may go."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second

    def take(self, name: str, earliest: int) -> int:
        while True:
            following = self._advanced(name, "following + :one", "following >= :earliest", earliest)
            if following is None:
                rested = "attribute_not_exists(following) OR following < :earliest"
                following = self._advanced(name, ":earliest + :one", rested, earliest)
            if following is not None:
                return following - 1

    def _advanced(self, name: str, following: str, condition: str, earliest: int) -> int | None:
        expires = int(earliest / self._per_second) + _KEPT_SECONDS
        try:
            answer = dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key={"pk": {"S": f"OUTBOUND#PACE#{name}"}, "sk": {"S": "PACE"}},
                UpdateExpression=f"SET following = {following}, expires_at = :expires",
                ConditionExpression=condition,
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":earliest": {"N": str(earliest)},
                    ":expires": {"N": str(expires)},
                },
                ReturnValues="UPDATED_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None
        return int(answer["Attributes"]["following"]["N"])
