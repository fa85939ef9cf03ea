"""What a task waits for: no circles, and nothing that does not exist."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from groundswell.kernel.errors import Invalid
from groundswell.tasks.model import Task

_CHAIN_AT_MOST = 500
"""Tasks that are looked at before a chain of dependencies counts as too long."""


@dataclass(frozen=True)
class Links:
    """What a change of dependencies rests on: the version of the client's graph, and those of the tasks themselves."""

    graph: int
    seen: tuple[tuple[str, int], ...]


type FindMany = Callable[[Sequence[str]], tuple[Task, ...]]


def linked(task: Task, wanted: tuple[str, ...], find_many: FindMany) -> tuple[Task, tuple[tuple[str, int], ...]]:
    """The task with these dependencies, and the versions they were seen at. Raises Invalid (`depends_on`)."""
    direct = {dependency.id: dependency for dependency in find_many(wanted)} if wanted else {}
    missing = [task_id for task_id in wanted if task_id not in direct]
    if missing:
        raise Invalid.on("depends_on", f"no such task: {missing[0]}", "not_found")
    _need_no_circle(task.id, tuple(direct.values()), find_many)
    waiting = tuple(task_id for task_id in wanted if direct[task_id].status.is_open)
    seen = tuple((dependency.id, dependency.version) for dependency in direct.values())
    return replace(task, depends_on=wanted, blocked_by=waiting), seen


def _need_no_circle(task_id: str, level: tuple[Task, ...], find_many: FindMany) -> None:
    known: set[str] = set()
    while level:
        known |= {task.id for task in level}
        if task_id in known:
            raise Invalid.on("depends_on", "a task cannot wait for itself, through others neither", "cycle")
        if len(known) > _CHAIN_AT_MOST:
            raise Invalid.on("depends_on", f"a chain has {_CHAIN_AT_MOST} tasks at most", "too_long")
        following = {depend for task in level for depend in task.depends_on} - known
        level = find_many(sorted(following)) if following else ()
