"""The manifests of logs in the events table (`c#s#L`, `A`), and objects in S3."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from groundswell.events.archiver.lake import Manifest
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import Log

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_DELETES = 1000  # DeleteObjects' limit


class DynamoPointers:
    """Before it was Parquet, the archive said here how far it was (`done`, `planned`), and no version."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, log: Log) -> Manifest:
        item = self._client.get_item(TableName=self._table, Key=_key(log), ConsistentRead=True).get("Item")
        if item is None or "version" not in item:
            return Manifest(old=item is not None)
        return Manifest(
            int(item["version"]["N"]),
            int(item["through"]["N"]),
            item["listed"]["S"],
            item["old"]["BOOL"],
            item["compacted"]["S"],
        )

    def put(self, log: Log, manifest: Manifest, before: Manifest) -> bool:
        item: dict[str, Any] = {
            "version": {"N": str(manifest.version)},
            "through": {"N": str(manifest.through)},
            "listed": {"S": manifest.listed},
            "old": {"BOOL": manifest.old},
            "compacted": {"S": manifest.compacted},
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(version)"}
        if before.version:
            condition = {
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(before.version)}},
            }
        try:
            self._client.put_item(TableName=self._table, Item=_key(log) | item, **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def forget(self, log: Log) -> None:
        self._client.delete_item(TableName=self._table, Key=_key(log))


def _key(log: Log) -> dict[str, Any]:
    return {"pk": {"S": keys.partition(log, "L")}, "sk": {"S": keys.ARCHIVED}}


class S3Objects:
    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, name: str, data: bytes) -> None:
        kind = "application/gzip" if data[:2] == b"\x1f\x8b" else "application/octet-stream"
        self._client.put_object(Bucket=self._bucket, Key=name, Body=data, ContentType=kind)

    def names(self, beginning: str, after: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=beginning, StartAfter=after
        )
        for page in pages:
            yield from (entry["Key"] for entry in page.get("Contents", ()))

    def get(self, name: str) -> tuple[bytes, str] | None:
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=name)
        except self._client.exceptions.NoSuchKey:
            return None
        return response["Body"].read(), response["ETag"]

    def delete(self, names: Sequence[str]) -> None:
        for batch in batched(names, _DELETES, strict=False):
            listed: Any = {"Objects": [{"Key": name} for name in batch], "Quiet": True}
            failed = self._client.delete_objects(Bucket=self._bucket, Delete=listed).get("Errors")
            if failed:
                raise ClientError({"Error": {"Code": failed[0].get("Code", "Unknown")}}, "DeleteObjects")
