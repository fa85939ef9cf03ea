"""Appending blocks: all that the ingest path does to the log."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from groundswell.eventlog import keys
from groundswell.eventlog.model import Log

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 8
_BATCH = 25  # BatchWriteItem's limit


class Incomplete(Exception):
    """Some blocks were written and some were not. Sending all of them again is safe: the log counts an id once."""


class DynamoBlockWriter:
    """Writes a batch's blocks in one call. The first batch of a client in this process also registers its log,
    in the same call, so that whoever looks after the logs finds them without a scan."""

    def __init__(self, client: "DynamoDBClient", table: str, random: Callable[[], str]) -> None:
        """`random` gives the hex digits that tell blocks of one millisecond apart."""
        self._client = client
        self._table = table
        self._random = random
        self._registered: set[Log] = set()

    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        """The new blocks' sort keys. Raises Incomplete, or what botocore raises."""
        names = [keys.block(received, self._random()) for _ in blocks]
        items = [self._item(keys.partition(log), name, data) for name, data in zip(names, blocks, strict=True)]
        if log not in self._registered:
            items.append({"pk": {"S": keys.LOGS}, "sk": {"S": keys.partition(log)}})
        if len(items) == 1:
            self._client.put_item(TableName=self._table, Item=items[0])
        else:
            for start in range(0, len(items), _BATCH):
                self._write_all([{"PutRequest": {"Item": item}} for item in items[start : start + _BATCH]])
        self._registered.add(log)
        return names

    def _item(self, pk: str, sk: str, data: bytes) -> dict[str, Any]:
        return {"pk": {"S": pk}, "sk": {"S": sk}, "d": {"B": data}}

    def _write_all(self, requests: list[Any]) -> None:
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(0.05 * attempt)  # 1.4 s in all: an SDK waits for the answer
            reply = self._client.batch_write_item(RequestItems={self._table: requests})
            requests = reply.get("UnprocessedItems", {}).get(self._table, [])
            if not requests:
                return
        raise Incomplete(f"{len(requests)} blocks left unprocessed")
