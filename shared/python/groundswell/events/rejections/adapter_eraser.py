"""Takes people out of the verdicts on rejected events: the verdict stays and is counted, what it was about goes."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Target
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.zstd import from_bytes, to_bytes
from groundswell.events.rejections import keys
from groundswell.events.rejections.adapter_writer import Line
from groundswell.events.rejections.keys import KEPT
from groundswell.kernel.clock import millis

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCHES = 200  # a step
_ATTEMPTS = 20
_ERASED = "erased"


class VerdictEraser:
    """A batch's name is `<day>/<sort key>`."""

    certified_as = "rejections"

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    def busy(self, client_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """Of the batches of all days that are still kept, oldest first."""
        end, objects, concerned, erased = after, 0, list[str](), 0
        for name, item in self._items(client_id, after):
            mentioned = sum(_mentioned(target, item))
            end, objects, erased = name, objects + 1, erased + mentioned
            if mentioned:
                concerned.append(f"{client_id}/{name}")
            if objects == _BATCHES:
                break
        return Portion(end, objects, tuple(concerned), erased) if objects else None

    def clean(self, name: str, target: Target) -> bool:
        client_id, day, sk = name.split("/")
        key = {"pk": {"S": keys.lines(client_id, int(day) * DAY)}, "sk": {"S": sk}}
        for _ in range(_ATTEMPTS):
            item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
            gone = _mentioned(target, item) if item else []
            if item is None or not any(gone):
                return True
            lines = [_bare(line) if out else line for line, out in zip(_lines(item), gone, strict=True)]
            self._replace(item, to_bytes(lines))
        return False

    def _replace(self, item: dict[str, Any], data: bytes) -> None:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):  # others did: it is looked at again
            self._client.put_item(
                TableName=self._table,
                Item=item | {"d": {"B": data}},
                ConditionExpression="d = :d",
                ExpressionAttributeValues={":d": item["d"]},
            )

    def _items(self, client_id: str, after: str) -> Iterator[tuple[str, dict[str, Any]]]:
        day, _, sk = after.partition("/")
        now = millis(self._now())
        for number in range(int(day or (now - KEPT) // DAY - 1), now // DAY + 1):
            for item in self._query(keys.lines(client_id, number * DAY), sk if str(number) == day else " "):
                yield f"{number}/{item['sk']['S']}", item

    def _query(self, pk: str, after: str) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk > :after",
            "ExpressionAttributeValues": {":pk": {"S": pk}, ":after": {"S": after}},
            "ConsistentRead": True,
        }
        while True:
            reply = self._client.query(**request)
            yield from reply["Items"]
            if "LastEvaluatedKey" not in reply:
                return
            request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def _lines(item: dict[str, Any]) -> list[Line]:
    return from_bytes(item["d"]["B"], list[Line])


def _mentioned(target: Target, item: dict[str, Any]) -> list[bool]:
    """Of each line, whether it has to go."""
    received = keys.received(item["sk"]["S"])
    return [
        line.message != _ERASED
        and target.mentioned((line.message, line.id or "", line.name or "", line.event), received)
        for line in _lines(item)
    ]


def _bare(line: Line) -> Line:
    return msgspec.structs.replace(line, message=_ERASED, id=None, name=None, event="")
