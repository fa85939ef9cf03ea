"""Which timer is due first: to where the stage's clock may jump."""

from datetime import datetime
from typing import TYPE_CHECKING

from groundswell.schedules.due import due_of, shard_keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FIRST = "0"  # before any time


class DueIndex:
    """Reads the core table's index as the tick does."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def first(self, beyond: str) -> str | None:
        """The sort key of what is due first, of all that stands behind the sort key `beyond`."""
        return min((key for shard in shard_keys() if (key := self._first_of(shard, beyond))), default=None)

    def _first_of(self, shard: str, beyond: str) -> str | None:
        answer = self._dynamodb.query(
            TableName=self._table,
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :shard AND gsi1sk > :beyond",
            ExpressionAttributeValues={":shard": {"S": shard}, ":beyond": {"S": beyond}},
            Limit=1,
        )
        return next((item["gsi1sk"]["S"] for item in answer["Items"]), None)


class Jumps:
    """From one timer to the next, while the clock is advanced."""

    def __init__(self, index: DueIndex) -> None:
        self._index = index
        self._beyond = _FIRST
        self._first: str | None = None
        self._tried: str | None = None

    def next(self) -> datetime | None:
        """When the first timer is due. One that stays behind its tick could not be sent: it must not hold up the
        clock."""
        self._first = self._index.first(self._beyond)
        if self._first is not None and self._first == self._tried:
            self._beyond = self._first
            self._first = self._index.first(self._beyond)
        return due_of(self._first) if self._first else None

    def looked(self) -> None:
        """The tick for it has fired."""
        self._tried = self._first
