"""How tasks lie in the core table.

| pk | sk | what |
|---|---|---|
| `TASKS#<client>` | `TASK#<id>` | task |
| `TASKS#<client>` | `TALLY#client`, `TALLY#assignee=<user>` | how many there are (`storage.listing`) |
| `TASKS#<client>` | `GRAPH` | its version counts changes of dependencies |
| `TASKS#<client>#<view>` | `<created at>#<id>` | row of a list (`storage.listing`) |
| `TASK#<client>#<id>` | `CHANGE#<id>` | what somebody changed at once |
| `TASK#<client>#<id>` | `DEPENDENT#<task>` | a task that depends on this one |
"""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import LAST, Entry, Listing
from groundswell.storage.mapper import to_item
from groundswell.tasks.model import ChangeSet, Priority, Task

LISTING = Listing("TASKS", ("created_at", "due_date", "priority"))
CLIENT = "client"
"""The counter of all of a client's tasks."""
_RANK = {priority: rank for rank, priority in enumerate(Priority)}


class TaskItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    task_type = UnicodeAttribute()
    status = UnicodeAttribute()
    priority = UnicodeAttribute()
    assignees = ListAttribute(of=UnicodeAttribute, default=list)
    watchers = ListAttribute(of=UnicodeAttribute, default=list)
    due_date = UnicodeAttribute(null=True)
    due_at = UTCDateTimeAttribute(null=True)
    timezone = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    related_object_id = UnicodeAttribute(null=True)
    related_object_type = UnicodeAttribute(null=True)
    depends_on = ListAttribute(of=UnicodeAttribute, default=list)
    blocked_by = ListAttribute(of=UnicodeAttribute, default=list)
    recurrence = UnicodeAttribute(null=True)
    series_id = UnicodeAttribute(null=True)
    series_start = UnicodeAttribute(null=True)
    series_zone = UnicodeAttribute(default="UTC")
    occurrence = UnicodeAttribute(null=True)
    by_date = BooleanAttribute(default=False)
    followed_by = UnicodeAttribute(null=True)
    completed_at = UTCDateTimeAttribute(null=True)
    opener = JSONAttribute(null=True)


class ChangeSetItem(CoreItem):
    """Written once."""

    id = UnicodeAttribute()
    task_id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()
    changes = JSONAttribute()


class GraphItem(CoreItem):
    """Nothing but its version."""


class DependentItem(CoreItem):
    """Written once, so its version is 1."""

    task_id = UnicodeAttribute()


def tasks_pk(client_id: str) -> str:
    return f"{LISTING.name}#{client_id}"


def task_sk(task_id: str) -> str:
    return f"TASK#{task_id}"


def below(client_id: str, task_id: str) -> str:
    """Where that lies which belongs to one task."""
    return f"TASK#{client_id}#{task_id}"


def task_item(task: Task) -> TaskItem:
    return to_item(TaskItem, task, tasks_pk(task.client_id), task_sk(task.id), kind="task")


def change_set_item(client_id: str, done: ChangeSet) -> ChangeSetItem:
    pk, sk = below(client_id, done.task_id), f"CHANGE#{done.id}"
    return to_item(ChangeSetItem, done, pk, sk, kind="task_change")


def dependent_item(client_id: str, dependency: str, task_id: str) -> DependentItem:
    pk, sk = below(client_id, dependency), f"DEPENDENT#{task_id}"
    return DependentItem(pk, sk, kind="task_dependent", task_id=task_id)


def entry(task: Task) -> Entry:
    """What lists know of it."""
    return Entry(
        id=task.id,
        views=frozenset(_views(task)),
        orders={
            "created_at": rfc3339(task.created_at),
            "due_date": rfc3339(task.due_at) if task.due_at else LAST,
            "priority": str(_RANK[task.priority]),
        },
        facts={
            "status": (task.status.value,),
            "priority": (task.priority.value,),
            "task_type": (task.task_type.value,),
            "assignee": task.assignees,
            "related": (task.related_object_id,) if task.related_object_id else (),
        },
        texts={"name": task.name.lower()},
        tallies=frozenset(_tallies(task)),
    )


def assignee_view(user_id: str, *, is_open: bool) -> str:
    """Apart, because what somebody has done grows without end, and what there is to do is asked for all the time."""
    return f"assignee={user_id}&{'open' if is_open else 'closed'}"


def assignee_counter(user_id: str) -> str:
    return f"assignee={user_id}"


def _views(task: Task) -> list[str]:
    own = [f"status={task.status}", f"priority={task.priority}", f"task_type={task.task_type}"]
    related = [f"related={task.related_object_id}"] if task.related_object_id else []
    return [
        "all",
        *own,
        *related,
        *(assignee_view(assignee, is_open=task.status.is_open) for assignee in task.assignees),
    ]


def _tallies(task: Task) -> list[tuple[str, str]]:
    fields = ("total", f"status={task.status}", f"priority={task.priority}", f"task_type={task.task_type}")
    mine = [(assignee_counter(assignee), f"status={task.status}") for assignee in task.assignees]
    return [*((CLIENT, field) for field in fields), *mine]
