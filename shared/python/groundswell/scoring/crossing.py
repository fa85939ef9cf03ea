"""What happens when a lead comes to a stage: told with the score that brings it there, done by a worker once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message
from groundswell.scoring.events import reached
from groundswell.scoring.model import Action, Actions, TaskAction
from groundswell.scoring.standing import Crossing

QUEUE = "audience"
KIND = "scoring.crossing"


@dataclass(frozen=True)
class Deed:
    """What is to be done for one crossing: it says all of it, whatever the config is by then."""

    client_id: str
    lead_id: str
    stage: str
    number: int
    score: float
    grade: str
    create_task: TaskAction | None = None
    list_id: str | None = None


_TYPES = {
    **dict.fromkeys(("client_id", "lead_id", "stage", "grade"), str),
    "number": int,
    "score": int | float,
    "list_id": str | None,
}


class Tasks(Protocol):
    def open(self, deed: Deed, action: TaskAction) -> None:
        """Once for each crossing, whoever repeats it."""


class Lists(Protocol):
    def add(self, client_id: str, list_id: str, lead_id: str) -> None:
        """Repeats change nothing; a list that is gone takes nobody."""


class CrossingActions:
    def __init__(self, tasks: Tasks, lists: Lists) -> None:
        self._tasks = tasks
        self._lists = lists

    def do(self, deed: Deed) -> None:
        """Whoever dies half-way is followed by somebody who does it again, with the same effect."""
        if deed.create_task:
            self._tasks.open(deed, deed.create_task)
        if deed.list_id:
            self._lists.add(deed.client_id, deed.list_id, deed.lead_id)


def messages(client_id: str, lead_id: str, crossings: Iterable[Crossing], actions: Actions) -> Iterator[Message]:
    """For the transaction that keeps the score."""
    for crossing in crossings:
        action: Action | None = getattr(actions, crossing.stage)
        if action is None:
            continue
        if action.webhook:
            yield reached(client_id, lead_id, crossing)
        if action.create_task or action.list_id:
            deed = Deed(
                client_id,
                lead_id,
                crossing.stage,
                crossing.number,
                crossing.score,
                crossing.grade,
                action.create_task,
                action.list_id,
            )
            yield Message(QUEUE, f"scoring:{lead_id}:{crossing.number}", deed_body(deed))


def deed_body(deed: Deed) -> str:
    return json.dumps({"kind": KIND, **asdict(deed)}, separators=(",", ":"))


def parse_deed(body: str) -> Deed:
    """What `deed_body` wrote. Raises Invalid for anything else."""
    try:
        content: dict[str, Any] = json.loads(body)
        kind, task = content.pop("kind"), content.pop("create_task")
        action = TaskAction(**{**task, "assignees": tuple(task["assignees"])}) if task else None
        deed = Deed(**content, create_task=action)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid.on("body", "no crossing of a stage") from error
    if kind != KIND or any(not isinstance(getattr(deed, name), types) for name, types in _TYPES.items()):
        raise Invalid.on("body", "no crossing of a stage")
    return deed
