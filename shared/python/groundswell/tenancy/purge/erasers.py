"""What is deleted of a client: by Query and BatchWriteItem, page by page. Another feature adds its own eraser."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any, Protocol

from groundswell.events.archiver.model import prefix
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import event_logs, metric_log
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

type Key = dict[str, Any]
_BATCH = 25  # BatchWriteItem's limit
_PAGE = 500
_ATTEMPTS = 8


class ListedEraser:
    """Items of the core table that are listed below the client."""

    def __init__(self, kind: str, prefix: str) -> None:
        self.kind = kind
        self._prefix = prefix

    def erase(self, client_id: str) -> Iterator[int]:
        condition = {
            "IndexName": "gsi1",
            "KeyConditionExpression": "gsi1pk = :pk AND begins_with(gsi1sk, :prefix)",
            "ExpressionAttributeValues": {":pk": {"S": f"CLIENT#{client_id}"}, ":prefix": {"S": self._prefix}},
        }
        yield from _erase("core", condition)


class EventEraser:
    """The client's logs: blocks, commits, rollups and all. They leave the list of logs first, so that nobody looks
    after a log that is being deleted."""

    kind = "event_records"

    def erase(self, client_id: str) -> Iterator[int]:
        for log in (*event_logs(client_id), metric_log(client_id)):
            lines = (keys.partition(log), keys.has_lanes(log))
            _delete("events", [{"pk": {"S": keys.LOGS}, "sk": {"S": line}} for line in lines])
            for partition in keys.partitions(log):
                values = {":pk": {"S": partition}}
                yield from _erase("events", {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values})


class Objects(Protocol):
    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class ArchivePurger:
    """The client's archived events. It comes after the log: what nobody reads any more, nobody archives."""

    kind = "archived_objects"

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def erase(self, client_id: str) -> Iterator[int]:
        for some in batched(self._objects.names(prefix(client_id)), _PAGE, strict=False):
            self._objects.delete(some)
            yield len(some)


class AnswerPurger:
    """Answers to the client's questions, and what unfinished ones set aside."""

    kind = "answers"

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def erase(self, client_id: str) -> Iterator[int]:
        for some in batched(self._objects.names(f"{client_id}/"), _PAGE, strict=False):
            self._objects.delete(some)
            yield len(some)


def _erase(table: str, condition: dict[str, Any]) -> Iterator[int]:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name(table),
            ProjectionExpression="pk, sk",
            PaginationConfig={"PageSize": _PAGE},
            **condition,
        )
    )
    for page in pages:
        found = [{"pk": item["pk"], "sk": item["sk"]} for item in page["Items"]]
        _delete(table, found)
        yield len(found)


def _delete(table: str, found: Iterable[Key]) -> None:
    name = table_name(table)
    for some in batched(found, _BATCH, strict=False):
        _delete_all(name, [{"DeleteRequest": {"Key": key}} for key in some])


def _delete_all(name: str, requests: Sequence[Any]) -> None:
    for attempt in range(_ATTEMPTS):
        left = dynamodb().batch_write_item(RequestItems={name: requests}).get("UnprocessedItems", {}).get(name)
        if not left:
            return
        requests = left
        time.sleep(0.05 * 2**attempt)
    raise Unavailable(Outage("storage"))
