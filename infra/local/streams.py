"""DynamoDB stream records to their consumers, as Lambda's event source mapping does it."""

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from infra.declarations import Function, StreamTrigger
from infra.local.checkpoints import Checkpoints
from infra.local.functions import Functions
from infra.local.patterns import passes
from infra.local.processes import FunctionError
from infra.local.queues import failed_items
from infra.local.resources import Clients

type Record = dict[str, Any]
_IDLE_SECONDS = 0.5
_READ_MOST = 1000
_LETTER_LIMIT = 200_000  # an SQS message holds 256 KiB
_LONGEST_PAUSE = 5.0


class StreamConsumer:
    """Reads one table's stream in order until cancelled.

    What fails is cut in halves until the record that fails stands alone; that one is tried `retries` more times and
    then goes to the dead-letter queue with its reason, so that nothing behind it waits for ever.
    """

    def __init__(
        self,
        function: Function,
        trigger: StreamTrigger,
        *,
        stream: str,
        dead_letters: str,
        clients: Clients,
        functions: Functions,
        checkpoints: Checkpoints,
    ) -> None:
        self._function = function
        self._trigger = trigger
        self._stream = stream
        self._dead_letters = dead_letters
        self._clients = clients
        self._functions = functions
        self._checkpoints = checkpoints
        self._iterator: str | None = None
        self.idle_since = float("-inf")
        """When it last began to look and found nothing, by the loop's clock; never, while there is something."""

    async def run(self) -> None:
        while not self._functions.stopping:
            began = asyncio.get_running_loop().time()
            records = await self._read()
            self.idle_since = float("-inf") if records else began
            if not records:
                await self._functions.news(_IDLE_SECONDS)
                continue
            if len(records) < self._trigger.batch_size and self._trigger.window_seconds:
                await asyncio.sleep(self._trigger.window_seconds)
                records += await self._read()
            await self._consume(records)

    async def _read(self) -> list[Record]:
        """New records since the last read, oldest first."""
        try:
            if self._iterator is None:
                self._iterator = await asyncio.to_thread(self._start)
            answer = await asyncio.to_thread(
                self._clients.streams.get_records, ShardIterator=self._iterator, Limit=_READ_MOST
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"ExpiredIteratorException", "TrimmedDataAccessException"}:
                raise
            self._iterator = None
            return []
        self._iterator = answer.get("NextShardIterator")
        done = self._checkpoints.get(self._function.name)
        records = [lambda_record(record, self._stream) for record in answer["Records"]]
        return [record for record in records if record["dynamodb"]["SequenceNumber"] > done]

    def _start(self) -> str:
        """From the oldest record that is left: what lies before the checkpoint is skipped by `_read`.

        The emulator knows no position by number once it has dropped the record, so asking for one could fail.
        """
        shards = self._clients.streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"]
        return self._clients.streams.get_shard_iterator(
            StreamArn=self._stream, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    async def _consume(self, records: Sequence[Record]) -> None:
        for start in range(0, len(records), self._trigger.batch_size):
            batch = records[start : start + self._trigger.batch_size]
            await self._deliver([record for record in batch if passes(record, self._trigger.filters)])
            self._checkpoints.set(self._function.name, batch[-1]["dynamodb"]["SequenceNumber"])

    async def _deliver(self, records: list[Record]) -> None:
        attempts = 0
        while records:
            done, error = await self._attempt(records)
            if done:
                records, attempts = records[done:], 0
            elif len(records) > 1:
                middle = len(records) // 2
                await self._deliver(records[:middle])
                records = records[middle:]
            elif attempts == self._trigger.retries:
                await self._bury(records[0], attempts + 1, error)
                return
            else:
                attempts += 1
                await asyncio.sleep(min(_LONGEST_PAUSE, 0.1 * 2**attempts))

    async def _attempt(self, records: Sequence[Record]) -> tuple[int, str]:
        """How many of the records, from the first one on, are done; and why no more."""
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        try:
            failed = await self._functions.invoke(
                self._function,
                {"Records": list(records)},
                source=f"stream {self._trigger.table} ({len(records)})",
                interpret=partial(failed_items, numbers),
            )
        except FunctionError as error:
            return 0, str(error)
        # In a stream order counts: all from the first failure on comes again.
        first = next((index for index, number in enumerate(numbers) if number in failed), len(records))
        return first, "the handler reported it in batchItemFailures"

    async def _bury(self, record: Record, attempts: int, reason: str) -> None:
        letter: dict[str, Any] = {
            "function": self._function.name,
            "reason": reason,
            "attempts": attempts,
            "stream": self._stream,
            "sequence_number": record["dynamodb"]["SequenceNumber"],
            "keys": record["dynamodb"]["Keys"],
        }
        whole = json.dumps(letter | {"record": record})
        body = whole if len(whole) < _LETTER_LIMIT else json.dumps(letter)
        await asyncio.to_thread(self._clients.sqs.send_message, QueueUrl=self._dead_letters, MessageBody=body)


def lambda_record(record: Mapping[str, Any], stream: str) -> Record:
    """A record of the streams API in the shape that Lambda hands to a function."""
    change = {name: _plain(value) for name, value in record["dynamodb"].items()}
    rest = {name: value for name, value in record.items() if name != "dynamodb"}
    return rest | {"dynamodb": change, "eventSourceARN": stream}


def _plain(value: Any) -> Any:
    """JSON has no bytes and no dates: base64, and seconds since the epoch."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(member) for member in value]
    return value
