"""A tick over many due timers through the whole Lambda handler: CPU time with botocore's, and AWS calls.

DynamoDB and SQS are another process of canned answers: their time is left out, no more.
"""

import time
from collections import Counter
from datetime import timedelta
from typing import Any

from groundswell.schedules.due import SHARDS
from groundswell.schedules.items import timer_row
from groundswell.schedules.timers import Timer
from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.report import Figure, Say, at_most, table

_PAGE = 1500  # of some 600 bytes each: a page of a Query has 1 MB
type Item = dict[str, Any]


class Due:
    """What the canned DynamoDB has: the timers by shard, until they are deleted."""

    def __init__(self, timers: int) -> None:
        due = samples.NOW - timedelta(minutes=1)
        rows = [
            timer_row(Timer(f"tenant-{number % 50}", "task.due_soon", f"task-{number}", due, "tasks", {"step": 1}))
            for number in range(timers)
        ]
        self.items = {_name(row): dict(row) for row in rows}
        self.shards: dict[str, list[Item]] = {}
        for item in self.items.values():
            self.shards.setdefault(item["gsi1pk"]["S"], []).append(item)

    def answer(self, target: str, request: Item) -> Item:
        match target.rpartition(".")[2]:
            case "Query":
                return self._page(request)
            case "BatchGetItem":
                responses = {
                    name: [self.items[_name(key)] for key in table_request["Keys"] if _name(key) in self.items]
                    for name, table_request in request["RequestItems"].items()
                }
                return {"Responses": responses, "UnprocessedKeys": {}}
            case "TransactWriteItems":
                for operation in request["TransactItems"]:
                    self.items.pop(_name(operation["Delete"]["Key"]), None)
            case "SendMessageBatch":
                ids = [entry["Id"] for entry in request["Entries"]]
                return {
                    "Successful": [
                        {"Id": identifier, "MessageId": identifier, "MD5OfMessageBody": ""} for identifier in ids
                    ]
                }
        return {}

    def _page(self, request: Item) -> Item:
        shard = next(value["S"] for value in request["ExpressionAttributeValues"].values() if "DUE#" in value["S"])
        start = int(request.get("ExclusiveStartKey", {"sk": {"S": "0"}})["sk"]["S"])
        items = self.shards.get(shard, [])[start : start + _PAGE]
        more = {"LastEvaluatedKey": {"pk": {"S": "x"}, "sk": {"S": str(start + _PAGE)}}} if len(items) == _PAGE else {}
        return {"Items": items, "Count": len(items), "ScannedCount": len(items), **more}


def _name(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def measure(say: Say, *, timers: int) -> tuple[list[Figure], str]:
    say(f"{timers} timers due at once")
    quiet, _ = _tick(0)
    calls, spent = _tick(timers)
    reads = quiet["Query"] / SHARDS
    calls_per_timer = (calls.total() - quiet.total()) / timers
    rows = [(name, str(quiet[name]), str(number)) for name, number in sorted(calls.items())]
    figures = [
        at_most("reads a shard of a tick with nothing due", reads, 1),
        at_most(f"AWS calls a timer, {timers:,} due at once", calls_per_timer, 1.2),
        at_most(
            f"… seconds of a core, per 10,000 (measured with {timers:,})", spent * 10_000 / timers, 60, spell="{:.1f}"
        ),
    ]
    return figures, table("A tick's AWS calls", ("operation", "nothing due", f"{timers:,} due"), rows)


def _tick(timers: int) -> tuple[Counter[str], float]:
    due = Due(timers)
    with CannedAws(due.answer) as aws:
        queue = {f"QUEUE_{name.upper()}": f"{aws.environment['AWS_ENDPOINT_URL']}/{name}" for name in ("tasks",)}
        environ = {**function_environment("timers"), **aws.environment, **queue}
        spent = isolated("tests.benchmarks.timers", environ, timers=timers)
        assert not due.items
        return Counter(call.rpartition(".")[2] for call in aws.calls), spent


def main(*, timers: int) -> float:
    """CPU seconds of one tick, in a process of its own, because functions read their environment."""
    from functions.timers.handler import handler

    class Context:
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 55_000

    began = time.process_time()
    report = handler({"schedule": "timers", "due": "2026-12-01T09:00:00Z"}, Context())
    spent = time.process_time() - began
    assert report["sent"] == timers, report
    return spent
