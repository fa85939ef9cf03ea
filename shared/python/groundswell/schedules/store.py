"""Runs in the ephemeral table: `SCHEDULE#<name>`, `<due time>`. The newest one tells how late a schedule is.

A run is leased while it is under way, so that one whose process died can be carried out by the next delivery.
"""

from collections.abc import Callable
from datetime import datetime

from botocore.exceptions import ClientError

from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_KEPT_SECONDS = 30 * 24 * 3600  # far longer than any schedule fires late


class DynamoRuns:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def begin(self, schedule: str, due: str, lease_seconds: int) -> bool:
        """Whether the run is ours: nobody finished it, and nobody is at it."""
        now = int(self._now().timestamp())
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    "pk": {"S": f"SCHEDULE#{schedule}"},
                    "sk": {"S": due},
                    "leased_until": {"N": str(now + lease_seconds)},
                    "expires_at": {"N": str(now + _KEPT_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(pk) OR leased_until <= :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def finish(self, schedule: str, due: str) -> None:
        """From now on a repeat has nothing to do."""
        dynamodb().update_item(
            TableName=table_name("ephemeral"),
            Key={"pk": {"S": f"SCHEDULE#{schedule}"}, "sk": {"S": due}},
            UpdateExpression="SET finished_at = :now REMOVE leased_until",
            ExpressionAttributeValues={":now": {"N": str(int(self._now().timestamp()))}},
        )

    def last_due(self, schedule: str) -> datetime | None:
        """The newest due time that began."""
        answer = dynamodb().query(
            TableName=table_name("ephemeral"),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"SCHEDULE#{schedule}"}},
            ScanIndexForward=False,
            Limit=1,
        )
        newest = next((item["sk"]["S"] for item in answer["Items"]), None)
        return datetime.fromisoformat(newest) if newest else None
