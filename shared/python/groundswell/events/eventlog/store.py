"""The log in DynamoDB. botocore directly: conditional puts, batches and pages are all it takes."""

import time
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.identity_graph import Link
from groundswell.events.eventlog.model import DAY, WINDOW, Log
from groundswell.events.eventlog.people_index import Postings
from groundswell.events.eventlog.port import Progress
from groundswell.events.eventlog.records import Commit, Entry, Page, Segment
from groundswell.events.eventlog.zstd import from_bytes, to_bytes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEGMENTS_KEPT = WINDOW + 28 * DAY
"""Blocks up to 28 days late are still judged exactly."""
_BATCH = 100  # BatchGetItem's limit
_WRITTEN = 25  # BatchWriteItem's


class DynamoEventLog:
    """`EventLog` on the events table. Errors of DynamoDB pass through as botocore raises them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def logs(self) -> Iterator[Log]:
        lines = self._query(keys.LOGS, *_prefixed(""))
        for log, _ in groupby(keys.log_of(item["sk"]["S"]) for item in lines):
            yield log

    def blocks(self, log: Log, keys_: Iterable[str]) -> dict[str, bytes]:
        items = self._get_all((keys.write_shard(log, sk), sk) for sk in keys_)
        return {item["sk"]["S"]: item["d"]["B"] for item in items}

    def blocks_between(self, log: Log, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        write_shards = [self._query(shard, start, end) for shard in self._write_shards(log)]
        for item in merge(*write_shards, key=lambda item: item["sk"]["S"]):
            if item["sk"]["S"] < end:
                yield item["sk"]["S"], item["d"]["B"]

    def _write_shards(self, log: Log) -> Sequence[str]:
        return keys.write_shards(log) if self._get(keys.LOGS, keys.has_write_shards(log)) else (keys.partition(log),)

    def rewrite_block(self, log: Log, sk: str, data: bytes, previous: bytes) -> bool:
        item = _key(keys.write_shard(log, sk), sk) | {"d": {"B": data}}
        return self._put(item, "d = :d", {":d": {"B": previous}})

    def head(self, log: Log) -> int:
        newest = self._query(keys.partition(log, "L"), *_prefixed("C#"), reverse=True, limit=1)
        return next((int(item["sk"]["S"][2:]) for item in newest), 0)

    def head_before(self, log: Log, at: int) -> int:
        items = self._query(keys.partition(log, "L"), *_prefixed("C#"), reverse=True)
        commits = (from_bytes(item["d"]["B"], Commit) for item in items)
        return next((commit.n for commit in commits if commit.at < at), 0)

    def commits(self, log: Log, after: int, through: int | None = None) -> Iterator[Commit]:
        last = keys.commit(through) if through is not None else "C~"
        if through is not None and through <= after:
            return
        for item in self._query(keys.partition(log, "L"), keys.commit(after + 1), last):
            yield from_bytes(item["d"]["B"], Commit)

    def put_commit(self, log: Log, commit: Commit) -> bool:
        item = _item(keys.partition(log, "L"), keys.commit(commit.n), commit)
        return self._put(item, "attribute_not_exists(pk)")

    def segments(self, log: Log) -> Iterator[Segment]:
        for item in self._query(keys.partition(log, "F"), *_prefixed("S#"), reverse=True):
            yield from_bytes(item["d"]["B"], Segment)

    def put_segment(self, log: Log, segment: Segment) -> None:
        item = _item(keys.partition(log, "F"), keys.segment(segment.through), segment)
        self._put(item | {"expires_at": {"N": str((segment.at + SEGMENTS_KEPT) // 1000)}})

    def folded(self, log: Log) -> int:
        item = self._get(keys.partition(log, "L"), keys.FOLDED)
        return int(item["n"]["N"]) if item else 0

    def set_folded(self, log: Log, n: int) -> None:
        item = _key(keys.partition(log, "L"), keys.FOLDED) | {"n": {"N": str(n)}}
        self._put(item, "attribute_not_exists(pk) OR n < :n", {":n": item["n"]})

    def pages(self, log: Log, unit: str, buckets: Sequence[int]) -> dict[int, list[Page]]:
        pages_by_bucket: dict[int, list[Page]] = {}
        partition, wanted, number = keys.partition(log, "R"), list(buckets), 0
        while wanted:
            got = self._get_all((partition, keys.page(unit, bucket, number)) for bucket in wanted)
            pages = [from_bytes(item["d"]["B"], Page) for item in got]
            for page in pages:
                pages_by_bucket.setdefault(page.bucket, []).append(page)
            wanted, number = [page.bucket for page in pages if page.full], number + 1
        return pages_by_bucket

    def pages_between(self, log: Log, unit: str, start: int, end: int) -> Iterator[Page]:
        if start < end:
            for item in self._query(
                keys.partition(log, "R"), keys.page(unit, start, 0), keys.page(unit, end - 1, 9999)
            ):
                yield from_bytes(item["d"]["B"], Page)

    def put_page(self, log: Log, unit: str, page: Page, previous: Page | None) -> bool:
        sk = keys.page(unit, page.bucket, page.number)
        item = _item(keys.partition(log, "R"), sk, page) | {"w": {"N": str(page.w)}}
        if previous is None:
            return self._put(item, "attribute_not_exists(pk)")
        return self._put(item, "w = :w", {":w": {"N": str(previous.w)}})

    def put_hour(self, log: Log, hour: int, through: int, entries: Sequence[Entry]) -> None:
        self._put(_item(keys.partition(log, "T"), keys.hour(hour, through), list(entries)))

    def hours(self, log: Log, first: int, last: int) -> Iterator[tuple[int, list[Entry]]]:
        if first > last:
            return
        low, high = keys.hour(first, 0), keys.hour(last + 1, 0)
        for item in self._query(keys.partition(log, "T"), low, high, reverse=True):
            hour = int(item["sk"]["S"].partition("#")[0])
            if hour <= last:
                yield hour, from_bytes(item["d"]["B"], list[Entry])

    def put_links(self, log: Log, through: int, number: int, links: Sequence[Link]) -> None:
        self._put(_item(keys.partition(log, "P"), keys.links(through, number), list(links)))

    def replace_links(self, log: Log, sk: str, links: Sequence[Link], previous: Sequence[Link]) -> bool:
        item = self._get(keys.partition(log, "P"), sk)
        if item is None or from_bytes(item["d"]["B"], list[Link]) != list(previous):
            return False
        return self._put(_item(keys.partition(log, "P"), sk, list(links)), "d = :d", {":d": item["d"]})

    def links(self, log: Log, after: str) -> tuple[int, list[tuple[str, int, list[Link]]]]:
        generation, pieces = 0, []
        for item in self._query(keys.partition(log, "P"), f"{after} " if after else "P", keys.FORGOTTEN):
            sk = item["sk"]["S"]
            if sk == keys.FORGOTTEN:
                generation = int(item["n"]["N"])
            else:
                pieces.append((sk, int(sk.split("#")[1]), from_bytes(item["d"]["B"], list[Link])))
        return generation, pieces

    def set_forgotten(self, log: Log, n: int) -> bool:
        item = _key(keys.partition(log, "P"), keys.FORGOTTEN) | {"n": {"N": str(n)}}
        return self._put(item, "attribute_not_exists(pk) OR n < :n", {":n": item["n"]})

    def put_postings(self, log: Log, depth: int, bucket: int, through: int, places: Postings, origin: str = "") -> None:
        self._put(_item(keys.partition(log, "U"), keys.places(depth, bucket, through, origin), places))

    def postings(self, log: Log, depth: int, bucket: int) -> Iterator[tuple[str, Postings]]:
        for item in self._query(keys.partition(log, "U"), *_prefixed(f"{depth}#{bucket:03d}#")):
            yield item["sk"]["S"], from_bytes(item["d"]["B"], Postings)

    def drop_places(self, log: Log, sks: Sequence[str]) -> None:
        """What DynamoDB leaves unprocessed stays: the next merge finds it."""
        for batch in batched(sks, _WRITTEN, strict=False):
            gone: list[Any] = [{"DeleteRequest": {"Key": _key(keys.partition(log, "U"), sk)}} for sk in batch]
            self._client.batch_write_item(RequestItems={self._table: gone})

    def forgetting(self, log: Log) -> int:
        item = self._get(keys.partition(log, "L"), keys.FORGETTING)
        return int(item["n"]["N"]) if item else 0

    def set_forgetting(self, log: Log, until: int) -> None:
        item = _key(keys.partition(log, "L"), keys.FORGETTING) | {"n": {"N": str(until)}}
        self._put(item, "attribute_not_exists(pk) OR n < :n", {":n": item["n"]})

    def progress(self, log: Log) -> Progress:
        item = self._get(keys.partition(log, "L"), keys.VERIFIED)
        return from_bytes(item["d"]["B"], Progress) if item else Progress()

    def set_progress(self, log: Log, progress: Progress) -> None:
        self._put(_item(keys.partition(log, "L"), keys.VERIFIED, progress))

    def turn(self) -> Log | None:
        item = self._get(keys.TURN, keys.VERIFIED)
        return keys.log_of(item["log"]["S"]) if item else None

    def set_turn(self, log: Log) -> None:
        self._put(_key(keys.TURN, keys.VERIFIED) | {"log": {"S": keys.partition(log)}})

    def _get(self, pk: str, sk: str) -> dict[str, Any] | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")

    def _get_all(self, wanted: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """In no order. What DynamoDB leaves unprocessed is asked for again, ever later."""
        for chunk in batched(dict.fromkeys(wanted), _BATCH, strict=False):
            request: Any = {self._table: {"Keys": [_key(*key) for key in chunk], "ConsistentRead": True}}
            pause = 0.02
            while request:
                reply = self._client.batch_get_item(RequestItems=request)
                yield from reply["Responses"].get(self._table, ())
                request = reply.get("UnprocessedKeys")
                if request and not reply["Responses"].get(self._table):
                    time.sleep(pause)
                    pause = min(pause * 2, 1.0)

    def _query(
        self, pk: str, low: str, high: str, *, reverse: bool = False, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {":pk": {"S": pk}, ":low": {"S": low}, ":high": {"S": high}},
            "ScanIndexForward": not reverse,
            "ConsistentRead": True,
        } | ({"Limit": limit} if limit else {})
        while True:
            reply = self._client.query(**request)
            yield from reply["Items"]
            if "LastEvaluatedKey" not in reply or limit:
                return
            request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]

    def _put(self, item: dict[str, Any], condition: str = "", values: dict[str, Any] | None = None) -> bool:
        """False if the condition did not hold."""
        request: dict[str, Any] = {"TableName": self._table, "Item": item}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        try:
            self._client.put_item(**request)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _item(pk: str, sk: str, record: object) -> dict[str, Any]:
    return _key(pk, sk) | {"d": {"B": to_bytes(record)}}


def _prefixed(prefix: str) -> tuple[str, str]:
    """The range of keys that begin so (`~` is above every character in our keys)."""
    return prefix or " ", prefix + "~"
