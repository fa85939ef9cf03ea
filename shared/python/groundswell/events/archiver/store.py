"""The archive's progress in the events table (`c#s#L`, `A`), and its objects in S3."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from groundswell.events.archiver.model import Progress
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import Log

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_DELETES = 1000  # DeleteObjects' limit


class DynamoArchiveProgress:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def progress(self, log: Log) -> Progress:
        item = self._client.get_item(TableName=self._table, Key=_key(log), ConsistentRead=True).get("Item")
        return Progress(int(item["done"]["N"]), int(item["planned"]["N"])) if item else Progress()

    def plan(self, log: Log, before: Progress, through: int) -> bool:
        if before == Progress():
            return self._put(log, Progress(before.done, through), "attribute_not_exists(pk)", {})
        return self._put(log, Progress(before.done, through), "done = :done AND planned = :planned", _values(before))

    def finish(self, log: Log, through: int) -> bool:
        planned = {":planned": {"N": str(through)}}
        return self._put(log, Progress(through, through), "planned = :planned", planned)

    def _put(self, log: Log, progress: Progress, condition: str, values: dict[str, Any]) -> bool:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Item": _key(log) | {name[1:]: value for name, value in _values(progress).items()},
            "ConditionExpression": condition,
        }
        if values:
            request["ExpressionAttributeValues"] = values
        try:
            self._client.put_item(**request)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(log: Log) -> dict[str, Any]:
    return {"pk": {"S": keys.partition(log, "L")}, "sk": {"S": keys.ARCHIVED}}


def _values(progress: Progress) -> dict[str, Any]:
    return {":done": {"N": str(progress.done)}, ":planned": {"N": str(progress.planned)}}


class S3Objects:
    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, name: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=name, Body=data, ContentType="application/gzip")

    def names(self, beginning: str, after: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=beginning, StartAfter=after
        )
        for page in pages:
            yield from (found["Key"] for found in page.get("Contents", ()))

    def get(self, name: str) -> tuple[bytes, str] | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=name)
        except self._client.exceptions.NoSuchKey:
            return None
        return found["Body"].read(), found["ETag"]

    def create(self, name: str, data: bytes) -> bool:
        return self._put_if(name, data, IfNoneMatch="*")

    def replace(self, name: str, data: bytes, version: str) -> bool:
        return self._put_if(name, data, IfMatch=version)

    def _put_if(self, name: str, data: bytes, **condition: Any) -> bool:
        """False if the condition does not hold."""
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=data, ContentType="application/gzip", **condition
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}:
                raise
            return False
        return True

    def delete(self, names: Sequence[str]) -> None:
        for some in batched(names, _DELETES, strict=False):
            listed: Any = {"Objects": [{"Key": name} for name in some], "Quiet": True}
            failed = self._client.delete_objects(Bucket=self._bucket, Delete=listed).get("Errors")
            if failed:
                raise ClientError({"Error": {"Code": failed[0].get("Code", "Unknown")}}, "DeleteObjects")
