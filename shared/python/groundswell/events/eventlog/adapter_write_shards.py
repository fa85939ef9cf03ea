"""Which of a log's partitions its next block goes to.

That is its usual one, until DynamoDB says that there is too much to do: one partition takes 1,000 write units a second.
From then on the log's blocks go to all of its write shards at random, for some minutes, in this process: no other
process has to know. Readers go by the blocks' names; only who lists what nobody has committed yet has to know of the
shards.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import Log

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import ResponseMetadataTypeDef

SECONDS = 300
"""What is too much for a partition now may not be later, and whoever has one partition is cheaper to look after."""


class WriteShards:
    def __init__(
        self, client: "DynamoDBClient", table: str, random: Callable[[], str], clock: Callable[[], float]
    ) -> None:
        self._client = client
        self._table = table
        self._random = random
        self._clock = clock
        self._until: dict[Log, float] = {}
        self._known: set[Log] = set()

    def name(self, log: Log, received: int) -> str:
        """Of a new block: it says where it belongs."""
        return keys.block(received, self._random(), spread=log in self._until and self._clock() < self._until[log])

    def spread(self, logs: Collection[Log]) -> bool:
        """Whether they do. The table must know first that a log has write shards: what it does not know of, nobody
        would find. If it cannot be told now, they stay as they are."""
        if not self._note(set(logs) - self._known):
            return False
        self._known |= set(logs)
        self._until |= dict.fromkeys(logs, self._clock() + SECONDS)
        return True

    def _note(self, logs: Collection[Log]) -> bool:
        items = [{"pk": {"S": keys.LOGS}, "sk": {"S": keys.has_write_shards(log)}} for log in logs]
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
        if not requests:
            return True
        try:
            reply = self._client.batch_write_item(RequestItems={self._table: requests})
        except (BotoCoreError, ClientError):
            return False
        return not reply.get("UnprocessedItems")


def was_busy(metadata: "ResponseMetadataTypeDef") -> bool:
    """Whether botocore had to ask again. It waits up to a second before, and does not say why: a busy partition is the
    usual reason, and spreading for another one does no harm."""
    return metadata.get("RetryAttempts", 0) > 0
