"""Appending blocks: all that the ingest path does to the log."""

import time
from collections.abc import Callable, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

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

    def append_all(self, blocks: Sequence[tuple[Log, bytes]], at: int) -> list[int]:
        """Append blocks of any logs, named after the millisecond `at`.

        The places, in `blocks`, of those that were perhaps not written: appending these again is safe. One client's
        trouble is no other's. Raises nothing of DynamoDB's.
        """
        lost: list[int] = []
        for places in batched(range(len(blocks)), _BATCH // 2, strict=False):  # a new log takes two
            lost += self._append_some([(place, *blocks[place]) for place in places], at)
        return lost

    def _append_some(self, blocks: Sequence[tuple[int, Log, bytes]], at: int) -> list[int]:
        owner: dict[tuple[str, str], set[int]] = {}
        items = []
        for place, log, data in blocks:
            item = self._item(keys.partition(log), keys.block(at, self._random()), data)
            owner[item["pk"]["S"], item["sk"]["S"]] = {place}
            items.append(item)
        for log in {log for _, log, _ in blocks} - self._registered:
            items.append({"pk": {"S": keys.LOGS}, "sk": {"S": keys.partition(log)}})
            owner[keys.LOGS, keys.partition(log)] = {place for place, of, _ in blocks if of == log}
        try:
            left = self._write([{"PutRequest": {"Item": item}} for item in items])
        except (BotoCoreError, ClientError):
            return [place for place, _, _ in blocks]
        unwritten = [(each["PutRequest"]["Item"]["pk"]["S"], each["PutRequest"]["Item"]["sk"]["S"]) for each in left]
        self._registered |= {log for _, log, _ in blocks if (keys.LOGS, keys.partition(log)) not in unwritten}
        return sorted({place for key in unwritten for place in owner[key]})

    def _item(self, pk: str, sk: str, data: bytes) -> dict[str, Any]:
        return {"pk": {"S": pk}, "sk": {"S": sk}, "d": {"B": data}}

    def _write_all(self, requests: list[Any]) -> None:
        left = self._write(requests)
        if left:
            raise Incomplete(f"{len(left)} blocks left unprocessed")

    def _write(self, requests: list[Any]) -> list[Any]:
        """What DynamoDB would not take, however often it was asked."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(0.05 * attempt)  # 1.4 s in all: an SDK waits for the answer
            reply = self._client.batch_write_item(RequestItems={self._table: requests})
            requests = reply.get("UnprocessedItems", {}).get(self._table, [])
            if not requests:
                break
        return requests
