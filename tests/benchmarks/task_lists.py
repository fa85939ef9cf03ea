"""Pages of a client's task list: AWS calls and the rows that DynamoDB reads, by how many tasks there are.

DynamoDB is another process that holds the rows of all lists and filters as it would; the edge's own reads are not here.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.tasks.adapter_selection import selection
from groundswell.tasks.items import LISTING, entry, task_item
from groundswell.tasks.model import Filter, Order, Priority, Status, Task, TaskType
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.report import Figure, Say, at_most, table

type Item = dict[str, Any]

_CLIENT, _PEOPLE, _PAGE, _PAGES = "c1", 20, 50, 5
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_INDEXES = {None: "sk", "gsi1": "gsi1sk", "gsi2": "gsi2sk"}
ASKED: dict[str, tuple[Filter, Order]] = {
    "all, newest first": (Filter(), Order()),
    "all, by due date": (Filter(), Order("due_date", descending=False)),
    "pending or in progress": (Filter(statuses=(Status.PENDING, Status.IN_PROGRESS)), Order()),
    "somebody's open ones, by priority": (Filter(statuses=(Status.PENDING,), assignees=("u8",)), Order("priority")),
    "due within a week": (Filter(due_from=_BEGAN + timedelta(days=30), due_to=_BEGAN + timedelta(days=37)), Order()),
    "high, and of one type": (Filter(priorities=(Priority.HIGH,), task_types=(TaskType.REVIEW_REPORT,)), Order()),
    "a word in the name": (Filter(text="17"), Order()),
}


class Tables:
    """The rows of the views that are asked for, in each order."""

    def __init__(self, tasks: int) -> None:
        self.read: list[int] = []
        self._tasks = {task.id: task for task in map(_task, range(tasks))}
        wanted = {view for filters, order in ASKED.values() for view in selection(filters, order).views}
        rows: dict[str, list[Item]] = {}
        for task_entry in map(entry, self._tasks.values()):
            for item in LISTING._rows(_CLIENT, replace(task_entry, views=task_entry.views & wanted)).values():
                rows.setdefault(item["pk"]["S"], []).append(item)
        self._views = {
            (pk, key): dict(sorted((item[key]["S"], item) for item in items))
            for pk, items in rows.items()
            for key in _INDEXES.values()
        }

    def answer(self, target: str, request: Item) -> Item:
        match target.rpartition(".")[2]:
            case "Query":
                return self._query(request)
            case "BatchGetItem":
                [(table_name, wanted)] = request["RequestItems"].items()
                ids = [key["sk"]["S"].removeprefix("TASK#") for key in wanted["Keys"]]
                items = [_stored(self._tasks[identifier]) for identifier in ids if identifier in self._tasks]
                return {"Responses": {table_name: items}, "UnprocessedKeys": {}}
        return {}

    def _query(self, request: Item) -> Item:
        key, values = _INDEXES[request.get("IndexName")], request["ExpressionAttributeValues"]
        view = self._views.get((values[":pk"]["S"], key), {})
        keys = list(view)
        inside = keys[bisect_left(keys, values[":low"]["S"]) : bisect_right(keys, values[":high"]["S"])]
        ordered = inside if request["ScanIndexForward"] else inside[::-1]
        read = [view[sort_key] for sort_key in ordered[: request["Limit"]]]
        self.read.append(len(read))
        more = {"LastEvaluatedKey": read[-1]} if len(ordered) > len(read) else {}
        items = [item for item in read if _passes(item, request)]
        return {"Items": items, "Count": len(items), "ScannedCount": len(read), **more}


def _passes(item: Item, request: Item) -> bool:
    """What `storage.listing` writes as a filter: alternatives in brackets, all of which have to hold."""
    names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
    return all(
        any(_holds(item, condition, names, values) for condition in group.strip("()").split(" OR "))
        for group in filter(None, request.get("FilterExpression", "").split(" AND "))
    )


def _holds(item: Item, condition: str, names: Item, values: Item) -> bool:
    attribute, value = re.findall(r"#\w+|:\w+", condition)
    present, wanted = item.get(names[attribute], {}), values[value]["S"]
    if "contains" in condition:
        return wanted in (present.get("SS") or present.get("S", ""))
    return present.get("S", "") >= wanted if ">=" in condition else present.get("S", "~~") < wanted


def _task(number: int) -> Task:
    made = _BEGAN + timedelta(minutes=number)
    return Task(
        f"01{number:010x}",
        _CLIENT,
        f"Task {number}",
        "u0",
        made,
        made,
        tuple(TaskType)[number % 3],
        tuple(Status)[number % 4],
        tuple(Priority)[number % 4],
        (f"u{number % _PEOPLE}",),
        due_at=made + timedelta(days=number % 60) if number % 5 else None,
    )


def _stored(task: Task) -> Item:
    item = task_item(task)
    item.version = 1
    return dict(item.serialize())


def measure(say: Say, sizes: tuple[int, ...] = (1_000, 100_000)) -> tuple[list[Figure], str]:
    counted = {size: _count(size, say) for size in sizes}
    figures = [
        at_most(f"reads a page, of {size:,} tasks", max(calls for calls, _ in lists.values()), 3)
        for size, lists in counted.items()
    ]
    rows = [
        (name, *(text for size in sizes for text in (f"{counted[size][name][0]:.1f}", f"{counted[size][name][1]:.0f}")))
        for name in ASKED
    ]
    columns = [text for size in sizes for text in (f"reads of {size:,}", "rows")]
    return figures, table(f"A page of {_PAGE} tasks: AWS calls, and rows read in lists", ("list", *columns), rows)


def _count(size: int, say: Say) -> dict[str, tuple[float, float]]:
    """(most calls, mean rows) a page of each list, over its first pages."""
    say(f"{len(ASKED)} lists of {size:,} tasks")
    tables, counts = Tables(size), {}
    with CannedAws(tables.answer) as aws:
        environ = {**function_environment("tasks"), **aws.environment}
        for name in ASKED:
            tables.read.clear()
            pages = isolated("tests.benchmarks.task_lists", environ, name=name)
            counts[name] = (max(pages), sum(tables.read) / len(pages))
    return counts


def main(*, name: str) -> list[int]:
    """AWS calls of each page, in a process of its own, because functions read their environment."""
    from groundswell.storage.client import dynamodb
    from groundswell.tasks.store import DynamoTaskStore

    calls: list[str] = []
    dynamodb().meta.events.register("before-call", lambda model, **_: calls.append(model.name))
    store, position, counted = DynamoTaskStore(), None, list[int]()
    wanted, order = ASKED[name]
    while len(counted) < _PAGES:
        before = len(calls)
        position = store.page(_CLIENT, wanted, order, _PAGE, position).page.next
        counted.append(len(calls) - before)
        if position is None:
            break
    return counted
