"""What can be done with tasks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import DomainError, FieldProblem, Invalid, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.tasks.dependencies import Links, linked
from groundswell.tasks.model import (
    Activity,
    ChangeSet,
    Filter,
    NotRecurring,
    Order,
    Progress,
    Status,
    Task,
    TaskInUse,
    TaskNotFound,
    changes_between,
)
from groundswell.tasks.news import Happening, messages_of
from groundswell.tasks.recurrence import recurring

type Values = Mapping[str, Any]
_NOT_PLAIN = frozenset({"status", "due_date", "depends_on", "recurrence"})
_ATTEMPTS = 12  # of those that write at once one gets through each time
_INACTIVE_AT_MOST = 50
"""People whose tasks one list has: the next ones come when these are reassigned."""


class TaskStore(Protocol):
    def find(self, client_id: str, task_id: str) -> Task | None: ...

    def find_many(self, client_id: str, task_ids: Sequence[str]) -> tuple[Task, ...]:
        """Those that exist, in any order."""

    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Task]: ...

    def assignees(self, client_id: str) -> tuple[str, ...]:
        """Whoever a task was ever assigned to."""

    def save(
        self, before: Task | None, after: Task, done: ChangeSet, messages: Sequence[Message], links: Links | None
    ) -> Task:
        """Raises PreconditionFailed if someone else wrote first, or changed what `links` rests on."""

    def remove(self, task: Task, graph: int, noted: Entry, messages: Sequence[Message]) -> None:
        """Raises PreconditionFailed as `save`."""

    def graph_version(self, client_id: str) -> int:
        """Counts changes of dependencies; 0 before the first."""

    def dependents(self, client_id: str, task_id: str) -> tuple[str, ...]: ...

    def progress(self, client_id: str, assignee: str | None) -> Progress: ...

    def activity(self, client_id: str, task_id: str, limit: int, position: Position | None) -> Page[Activity]:
        """Newest first."""


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of them who may work for the client now."""


@dataclass(frozen=True)
class Outcome:
    """Of one task among several."""

    id: str
    error: DomainError | None = None


class TaskService:
    def __init__(self, store: TaskStore, team: Team, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._team = team
        self._now = now
        self._new_id = new_id

    def page(
        self, acting: ClientContext, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Task]:
        if wanted.assignee_inactive:
            gone = self._inactive(acting, wanted.assignees)
            if not gone:
                return CountedPage(Page(()), 0)
            wanted = replace(wanted, assignees=gone)
        return self._store.page(acting.client_id, wanted, order, limit, position)

    def _inactive(self, acting: ClientContext, among: Sequence[str]) -> tuple[str, ...]:
        """Assignees who were deactivated or left the client."""
        assignees = among or self._store.assignees(acting.client_id)
        working = self._team.working(acting.client_id, acting.org_id, assignees)
        return tuple(user_id for user_id in assignees if user_id not in working)[:_INACTIVE_AT_MOST]

    def get(self, acting: ClientContext, task_id: str) -> Task:
        """Raises TaskNotFound."""
        task = self._store.find(acting.client_id, task_id) if can_be_id(task_id) else None
        if task is None:
            raise TaskNotFound
        return self._with_waiting(task)

    def create(self, acting: ClientContext, values: Values) -> Task:
        """Raises Invalid for people who do not work for the client, and for dependencies that cannot be."""
        now = self._now()
        plain = {"name": values["name"], "created_by": acting.actor_id, "created_at": now, "updated_at": now}
        task = Task(id=self._new_id(), client_id=acting.client_id, **plain)
        return self._anew(lambda: self._change(acting, None, task, values))

    def update(self, acting: ClientContext, task_id: str, changes: Values, expected: int | None = None) -> Task:
        """Raises TaskNotFound, Forbidden, PreconditionFailed, Invalid, TaskClosed, TaskBlocked."""

        def change() -> Task:
            task = self.get(acting, task_id)
            task.need_editable_by(acting)
            require_version(expected, task.version)
            return self._change(acting, task, task, changes)

        return change() if expected is not None else self._anew(change)

    def complete(self, acting: ClientContext, task_id: str) -> Task:
        """Completing a completed task changes nothing. Raises as `update`."""
        return self.update(acting, task_id, {"status": Status.COMPLETED})

    def cancel(self, acting: ClientContext, task_id: str) -> Task:
        return self.update(acting, task_id, {"status": Status.CANCELLED})

    def skip(self, acting: ClientContext, task_id: str) -> Task:
        """Cancel this one of a series; the next one comes. Raises NotRecurring, and as `update`."""
        if self.get(acting, task_id).recurrence is None:
            raise NotRecurring
        return self.cancel(acting, task_id)

    def reopen(self, acting: ClientContext, task_id: str) -> Task:
        """Pending again. Reopening an open task changes nothing."""

        def change() -> Task:
            task = self.get(acting, task_id)
            task.need_editable_by(acting)
            return self._save(task, task.reopened(), acting.actor_id, None)

        return self._anew(change)

    def update_many(self, acting: ClientContext, task_ids: Sequence[str], changes: Values) -> list[Outcome]:
        """Each for itself, in order."""
        return [self._outcome(acting, task_id, changes) for task_id in dict.fromkeys(task_ids)]

    def delete(self, acting: ClientContext, task_id: str, expected: int | None) -> None:
        """For whoever created it, and admins. Raises TaskNotFound, Forbidden, PreconditionFailed, TaskInUse."""
        task = self.get(acting, task_id)
        task.need_deletable_by(acting)
        require_version(expected, task.version)
        graph = self._store.graph_version(acting.client_id)
        dependents = self._store.dependents(acting.client_id, task_id)
        if dependents:
            raise TaskInUse(details={"where": [{"type": "task", "id": dependent} for dependent in dependents]})
        details = {"client_id": acting.client_id, "name": task.name}
        noted = Entry(acting.org_id, "task.deleted", acting.actor_id, f"task:{task.id}", details)
        self._store.remove(task, graph, noted, ())

    def activity(self, acting: ClientContext, task_id: str, limit: int, position: Position | None) -> Page[Activity]:
        """Newest first. Raises TaskNotFound."""
        return self._store.activity(acting.client_id, self.get(acting, task_id).id, limit, position)

    def progress(self, acting: ClientContext, assignee: str | None) -> Progress:
        return self._store.progress(acting.client_id, assignee)

    def _outcome(self, acting: ClientContext, task_id: str, changes: Values) -> Outcome:
        try:
            self.update(acting, task_id, changes)
        except DomainError as error:
            return Outcome(task_id, error)
        return Outcome(task_id)

    def _change(self, acting: ClientContext, before: Task | None, task: Task, values: Values) -> Task:
        plain = {name: value for name, value in values.items() if name not in _NOT_PLAIN}
        edited = replace(task, **plain)
        self._need_team(acting, before, edited)
        if "due_date" in values and values["due_date"] != task.due_date:
            edited = edited.due(values["due_date"], acting.timezone)
        links = None
        if "depends_on" in values and tuple(values["depends_on"]) != task.depends_on:
            edited, links = self._linked(edited, tuple(dict.fromkeys(values["depends_on"])))
        edited = self._recurring(acting, task, edited, values)
        if "status" in values:
            edited = edited.moved_to(values["status"], self._now())
        return self._save(before, edited, acting.actor_id, links)

    def _recurring(self, acting: ClientContext, before: Task, task: Task, values: Values) -> Task:
        """A new rule begins a new series, at this task. Without one, this is the last of its series."""
        if "recurrence" not in values or values["recurrence"] == before.recurrence:
            return task
        if values["recurrence"] is None:
            return replace(task, recurrence=None, series_start=None, occurrence=None)
        return recurring(replace(task, followed_by=None), values["recurrence"], acting.timezone, self._now())

    def _linked(self, task: Task, wanted: tuple[str, ...]) -> tuple[Task, Links]:
        graph = self._store.graph_version(task.client_id)
        changed, seen = linked(task, wanted, lambda ids: self._store.find_many(task.client_id, ids))
        return changed, Links(graph, seen)

    def _need_team(self, acting: ClientContext, before: Task | None, after: Task) -> None:
        """Whoever is added works for the client; whoever stays may have left. Raises Invalid."""
        problems: list[FieldProblem] = []
        for field in ("assignees", "watchers"):
            present, wanted = getattr(before, field, ()), getattr(after, field)
            added = [user_id for user_id in wanted if user_id not in present]
            known = self._team.working(acting.client_id, acting.org_id, added) if added else frozenset()
            problems += [
                FieldProblem(f"{field}.{number}", "not_a_member", "nobody of that id works for this client")
                for number, user_id in enumerate(wanted)
                if user_id in added and user_id not in known
            ]
        if problems:
            raise Invalid(problems=tuple(problems))

    def _with_waiting(self, task: Task) -> Task:
        """What it waits for as of now: the worker that says so to the task may be some seconds behind."""
        if not task.blocked_by:
            return task
        blockers = self._store.find_many(task.client_id, task.blocked_by)
        waiting = {blocker.id for blocker in blockers if blocker.status.is_open}
        return replace(task, blocked_by=tuple(task_id for task_id in task.blocked_by if task_id in waiting))

    def _save(self, before: Task | None, after: Task, by: str, links: Links | None) -> Task:
        changes = changes_between(before, after)
        if before is not None and not changes:
            return before
        what = Happening(self._new_id(), by, self._now())
        after = replace(after, updated_at=what.at)
        done = ChangeSet(what.id, after.id, what.at, by, changes)
        return self._store.save(before, after, done, messages_of(before, after, what), links)

    def _anew(self, act: Callable[[], Task]) -> Task:
        """Again, on what is there now, when someone else was quicker and the caller named no version."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return act()
            except PreconditionFailed:
                continue
        return act()
