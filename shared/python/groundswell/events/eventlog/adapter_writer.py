"""Appending blocks: all that the ingest path does to the log."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.adapter_write_shards import WriteShards, was_busy
from groundswell.events.eventlog.model import Log
from groundswell.storage.outage import is_throttled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 8
_REFUSALS = 3  # of a single block: botocore has waited seconds before it gives a call up
_BATCH = 25  # BatchWriteItem's limit


class Incomplete(Exception):
    """Some blocks were written and some were not. Sending all of them again is safe: the log counts an id once."""


class DynamoBlockWriter:
    """Writes a batch's blocks in one call. The first batch of a client in this process also registers its log,
    in the same call, so that whoever looks after the logs finds them without a scan.

    A log whose partition has too much to do spreads over its write shards (`adapter_write_shards`), and what was
    refused goes there.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        random: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`random` gives the hex digits that tell blocks of one millisecond apart; `clock` is in seconds."""
        self._client = client
        self._table = table
        self._write_shards = WriteShards(client, table, random, clock)
        self._registered: set[Log] = set()

    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        """The new blocks' sort keys. Raises Incomplete, or what botocore raises."""
        if len(blocks) == 1 and log in self._registered:
            return [self._append_one(log, blocks[0], received)]
        names: list[str] = []
        for batch in batched(blocks, _BATCH - 1, strict=False):
            call = _Call([(log, data) for data in batch], received)
            self._append_some(call)
            if lost := call.lost(self._registered):
                raise Incomplete(f"{len(lost)} blocks left unprocessed")
            names += [call.names[place] for place in range(len(batch))]
        return names

    def append_all(self, blocks: Sequence[tuple[Log, bytes]], at: int) -> list[int]:
        """Append blocks of any logs, named after the millisecond `at`.

        The places, in `blocks`, of those that were perhaps not written: appending these again is safe. One client's
        trouble is no other's. Raises nothing of DynamoDB's.
        """
        lost: list[int] = []
        for places in batched(range(len(blocks)), _BATCH // 2, strict=False):  # a new log takes two
            call = _Call([blocks[place] for place in places], at)
            with suppress(BotoCoreError, ClientError):
                self._append_some(call)
            lost += [places[place] for place in call.lost(self._registered)]
        return lost

    def _append_one(self, log: Log, data: bytes, received: int) -> str:
        for left in reversed(range(_REFUSALS)):
            name = self._write_shards.name(log, received)
            try:
                reply = self._client.put_item(
                    TableName=self._table, Item=_item(keys.write_shard(log, name), name, data)
                )
            except ClientError as error:
                if not is_throttled(error) or not left or not self._write_shards.spread([log]):
                    raise
            else:
                if was_busy(reply["ResponseMetadata"]):
                    self._write_shards.spread([log])
                break
        return name

    def _append_some(self, call: "_Call") -> None:
        """What DynamoDB will take, however often it is asked. Raises what botocore raises."""
        refused = False
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(0.05 * attempt)  # 1.4 s in all: an SDK waits for the answer
            items = call.items(self._write_shards, self._registered)
            try:
                left = self._write(items)
            except ClientError as error:
                if refused or not is_throttled(error) or not self._write_shards.spread(call.unwritten()):
                    raise
                left, refused = {*items}, True
            call.note(items.keys() - left)
            self._registered |= {log for log in call.logs if (keys.LOGS, keys.partition(log)) in items.keys() - left}
            if not left:
                return
            if attempt:  # once may be chance
                self._write_shards.spread(call.unwritten())

    def _write(self, items: dict["_Key", dict[str, Any]]) -> set["_Key"]:
        """The keys of those that DynamoDB would not take this time."""
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in items.values()]
        reply = self._client.batch_write_item(RequestItems={self._table: requests})
        left: Iterable[Any] = reply.get("UnprocessedItems", {}).get(self._table, ())
        return {_key(request["PutRequest"]["Item"]) for request in left}


type _Key = tuple[str, str]


class _Call:
    """Blocks that are written together, the names they got, and the lines of logs that are new."""

    def __init__(self, blocks: Sequence[tuple[Log, bytes]], at: int) -> None:
        self._blocks = blocks
        self._at = at
        self._tried: dict[_Key, int] = {}
        self.logs = {log for log, _ in blocks}
        self.names: dict[int, str] = {}

    def items(self, write_shards: WriteShards, registered: set[Log]) -> dict[_Key, dict[str, Any]]:
        """What is still to be written, by key. A block that was refused goes by a new name: to where there is room."""
        items = []
        for place, (log, data) in enumerate(self._blocks):
            if place not in self.names:
                name = write_shards.name(log, self._at)
                items.append(_item(keys.write_shard(log, name), name, data))
                self._tried[_key(items[-1])] = place
        lines = [{"pk": {"S": keys.LOGS}, "sk": {"S": keys.partition(log)}} for log in self.logs - registered]
        return {_key(item): item for item in (*items, *lines)}

    def note(self, written: Iterable[_Key]) -> None:
        self.names |= {self._tried[key]: key[1] for key in written if key in self._tried}

    def unwritten(self) -> set[Log]:
        """The logs of blocks that are still to be written."""
        return {log for place, (log, _) in enumerate(self._blocks) if place not in self.names}

    def lost(self, registered: set[Log]) -> list[int]:
        """The places of blocks that were not written, or whose log nobody would find."""
        blocks = enumerate(self._blocks)
        return [place for place, (log, _) in blocks if place not in self.names or log not in registered]


def _item(pk: str, sk: str, data: bytes) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, "d": {"B": data}}


def _key(item: dict[str, Any]) -> _Key:
    return item["pk"]["S"], item["sk"]["S"]
