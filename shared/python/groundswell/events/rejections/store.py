"""Reads verdicts out of the ephemeral table. What has expired is not there, whether or not it was deleted yet."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from groundswell.events.eventlog.zstd import from_bytes
from groundswell.events.rejections import keys
from groundswell.events.rejections.adapter_writer import Line
from groundswell.events.rejections.model import Rejected, Search

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DAY = 24 * 3600 * 1000


class DynamoVerdicts:
    """`VerdictStore` on the ephemeral table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def batches(self, client_id: str, search: Search, before: str | None) -> Iterator[tuple[str, list[Rejected]]]:
        for day in search.days():
            pk = keys.lines(client_id, day * _DAY)
            for item in self._newest_first(pk, search, before, "sk, d"):
                yield item["sk"]["S"], _rejected(item)

    def counts(self, client_id: str, search: Search) -> Iterator[tuple[int, dict[str, int]]]:
        for day in search.days():
            pk = keys.counts(client_id, day * _DAY)
            for item in self._newest_first(pk, search, None, "sk, c"):
                counts = {code: int(number["N"]) for code, number in item["c"]["M"].items()}
                yield keys.received(item["sk"]["S"]), counts

    def _newest_first(self, pk: str, search: Search, before: str | None, wanted: str) -> Iterator[dict[str, Any]]:
        """`before` is a sort key, and is itself left in: whoever asks has seen only part of that batch."""
        last = keys.from_time(search.end)
        high = min(last, before + "~") if before else last
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":pk": {"S": pk},
                ":low": {"S": keys.from_time(search.start)},
                ":high": {"S": high},
            },
            "ProjectionExpression": wanted,
            "ScanIndexForward": False,
        }
        if search.key_id:
            request["FilterExpression"] = "k = :key"
            request["ExpressionAttributeValues"][":key"] = {"S": search.key_id}
        if keys.from_time(search.start) > high:
            return
        while True:
            reply = self._client.query(**request)
            yield from reply["Items"]
            if "LastEvaluatedKey" not in reply:
                return
            request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def _rejected(item: dict[str, Any]) -> list[Rejected]:
    received = keys.received(item["sk"]["S"])
    lines = from_bytes(item["d"]["B"], list[Line])
    return [
        Rejected(line.index, line.code, line.message, received, line.id, line.name, line.event, line.accepted)
        for line in lines
    ]
