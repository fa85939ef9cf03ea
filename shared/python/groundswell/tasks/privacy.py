"""Tasks as personal data: each with its rows in lists and what lies below it, and last what counts them."""

from collections.abc import Iterator

from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.mapper import from_item
from groundswell.tasks.comments.items import comments_pk
from groundswell.tasks.items import LISTING, TaskItem, below, entry, task_sk, tasks_pk
from groundswell.tasks.model import Task


class Tasks:
    """A task goes after what only it leads to, so that whoever goes on finds the rest."""

    kind = "tasks"
    prefixes = ()
    places = (
        f"core {tasks_pk('{client}')}",
        f"core {below('{client}', '')}",
        f"core {comments_pk('{client}')}",
    )

    def purge(self, client_id: str) -> Iterator[int]:
        pk = tasks_pk(client_id)
        for item in TaskItem.query(pk, TaskItem.sk.startswith(task_sk("")), consistent_read=True):
            yield from delete_partition("core", below(client_id, item.id))
            rows = LISTING.keys(client_id, entry(from_item(Task, item)))
            delete_items("core", rows)
            delete_items("core", [{"pk": {"S": pk}, "sk": {"S": item.sk}}])
            yield len(rows) + 1
        yield from delete_partition("core", comments_pk(client_id))
        yield from delete_partition("core", pk)


def personal_data() -> tuple[ClientData, ...]:
    return (Tasks(),)
