"""Tasks in DynamoDB (how they lie there: `items`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.errors import DomainError, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, find_many, get_rows
from groundswell.storage.transaction import Change, check_version, delete, put, write
from groundswell.tasks.adapter_selection import counted_in, selection
from groundswell.tasks.dependencies import Links
from groundswell.tasks.items import (
    CLIENT,
    LISTING,
    ChangeSetItem,
    DependentItem,
    GraphItem,
    TaskItem,
    assignee_counter,
    below,
    change_set_item,
    dependent_item,
    entry,
    task_item,
    task_sk,
    tasks_pk,
)
from groundswell.tasks.model import Activity, ChangeSet, Filter, Order, Progress, Status, Task
from groundswell.tasks.timers import KINDS, timers_of


class DynamoTaskStore:
    def find(self, client_id: str, task_id: str) -> Task | None:
        return find(Task, TaskItem, tasks_pk(client_id), task_sk(task_id))

    def find_many(self, client_id: str, task_ids: Sequence[str]) -> tuple[Task, ...]:
        return find_many(
            Task, TaskItem, [(tasks_pk(client_id), task_sk(task_id)) for task_id in task_ids], consistent=True
        )

    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Task]:
        """Two Queries at most, and one BatchGetItem for the tasks together with their counters."""
        ids = LISTING.page(client_id, selection(wanted, order), limit, position)
        counted = counted_in(wanted)
        counters = dict.fromkeys(counter for counter, _ in counted or ())
        keys = [{"pk": {"S": tasks_pk(client_id)}, "sk": {"S": task_sk(task_id)}} for task_id in ids.items]
        rows = get_rows("core", [*keys, *(LISTING.tally_key(client_id, counter) for counter in counters)])
        tasks = {row["id"]["S"]: _task(row) for row in rows if row["kind"]["S"] == "task"}
        tallies = {row["sk"]["S"].removeprefix("TALLY#"): row for row in rows if row["kind"]["S"] == "tally"}
        listed_tasks = tuple(tasks[task_id] for task_id in ids.items if task_id in tasks)
        total = None if counted is None else sum(_number(tallies.get(counter), name) for counter, name in counted)
        return CountedPage(Page(listed_tasks, ids.next), total)

    def save(
        self,
        before: Task | None,
        after: Task,
        done: ChangeSet,
        messages: Sequence[Message],
        links: Links | None,
    ) -> Task:
        item = task_item(after)
        changes = [put(item), put(change_set_item(after.client_id, done)), *_listed(before, after)]
        timers = _timed(before, after, after.updated_at)
        write([*changes, *timers, *_linked(before, after, links)], messages)
        return replace(after, version=int(item.version or 0))

    def follow(
        self, before: Task, after: Task, upcoming: Task, done: ChangeSet, messages: Sequence[Message], since: datetime
    ) -> None:
        own = [put(task_item(after)), *_timed(before, after, since)]
        changes = [put(task_item(upcoming)), put(change_set_item(upcoming.client_id, done)), *_listed(None, upcoming)]
        write([*own, *changes, *_timed(None, upcoming, since)], messages)

    def say(self, messages: Sequence[Message]) -> None:
        write([], messages)

    def settle(self, before: Task, after: Task, messages: Sequence[Message]) -> Task:
        item = task_item(after)
        write([put(item), *_listed(before, after)], messages)
        return replace(after, version=int(item.version or 0))

    def remove(self, task: Task, graph: int, noted: Entry, messages: Sequence[Message]) -> None:
        gone = LISTING.changes(task.client_id, entry(task), None)
        edges = _linked(task, replace(task, depends_on=()), Links(graph, ()))
        timers = [cancel_timer(task.client_id, kind, task.id) for kind in KINDS]
        write([delete(task_item(task)), *gone, *edges, *timers, note(noted)], messages)

    def graph_version(self, client_id: str) -> int:
        try:
            return int(GraphItem.get(tasks_pk(client_id), "GRAPH", consistent_read=True).version or 0)
        except GraphItem.DoesNotExist:
            return 0

    def dependents(self, client_id: str, task_id: str) -> tuple[str, ...]:
        below_it = below(client_id, task_id)
        items = DependentItem.query(below_it, DependentItem.sk.startswith("DEPENDENT#"), consistent_read=True)
        return tuple(item.task_id for item in items)

    def progress(self, client_id: str, assignee: str | None) -> Progress:
        key = LISTING.tally_key(client_id, assignee_counter(assignee) if assignee else CLIENT)
        row = next(iter(get_rows("core", [key])), None)
        return Progress({status: _number(row, f"status={status}") for status in Status})

    def assignees(self, client_id: str) -> tuple[str, ...]:
        return tuple(LISTING.counters(client_id, assignee_counter("")))

    def activity(self, client_id: str, task_id: str, limit: int, position: Position | None) -> Page[Activity]:
        """Newest first. A place in the list is a change of several fields, and how many of it were shown."""
        condition = ChangeSetItem.sk.between("CHANGE#", f"CHANGE#{position['id']}" if position else "CHANGE$")
        sets = ChangeSetItem.query(
            below(client_id, task_id), condition, scan_index_forward=False, limit=limit + 2, page_size=limit + 2
        )
        places = [(item, number) for item in sets for number in range(len(item.changes))]
        skip = int(position["shown"]) if position else 0
        shown = places[skip : skip + limit]
        last: Position | None = None
        if len(places) > skip + limit:
            last = {"id": shown[-1][0].id, "shown": shown[-1][1] + 1}
        return Page(tuple(_activity(item, number) for item, number in shown), last)


def _activity(item: ChangeSetItem, number: int) -> Activity:
    change: dict[str, Any] = item.changes[number]
    return Activity(item.at, item.by, change["field"], change.get("before"), change.get("after"))


def _task(row: dict[str, Any]) -> Task:
    return from_item(Task, TaskItem.from_raw_data(row))


def _number(row: dict[str, Any] | None, name: str) -> int:
    return int(row[name]["N"]) if row and name in row else 0


def _listed(before: Task | None, after: Task) -> list[Change]:
    return LISTING.changes(after.client_id, entry(before) if before else None, entry(after))


def _timed(before: Task | None, after: Task, since: datetime) -> list[Change]:
    old = timers_of(before, before.updated_at) if before else {}
    new = timers_of(after, since)
    gone = [cancel_timer(after.client_id, kind, after.id) for kind in old if kind not in new]
    return [*gone, *(set_timer(timer) for kind, timer in new.items() if old.get(kind) != timer)]


def _linked(before: Task | None, after: Task, links: Links | None) -> list[Change]:
    """Whom it depends on, from both ends; only while nobody changed dependencies, or one of these tasks, meanwhile."""
    if links is None:
        return []
    old, new = frozenset(before.depends_on if before else ()), frozenset(after.depends_on)
    changed: DomainError = PreconditionFailed()
    edges = [put(dependent_item(after.client_id, added_id, after.id)) for added_id in sorted(new - old)]
    for removed_id in sorted(old - new):
        item = dependent_item(after.client_id, removed_id, after.id)
        item.version = 1
        edges.append(delete(item))
    checks = [check_version(tasks_pk(after.client_id), task_sk(task_id), seen, changed) for task_id, seen in links.seen]
    graph = GraphItem(tasks_pk(after.client_id), "GRAPH", kind="task_graph")
    if links.graph:
        graph.version = links.graph
    return [*edges, *checks, put(graph)]
