"""What webhooks get of tasks."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from groundswell.tasks.events import EVENTS, webhook_messages
from groundswell.tasks.model import Priority, Status, Task
from tests.clock import START

_TASK = Task("t1", "c1", "Review", "u1", START, START)


def _events(before: Task | None, after: Task) -> list[dict]:
    messages = webhook_messages(before, after, by="u2", event_id="h1", at=START)
    return [json.loads(message.body) for message in messages]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, _TASK, "task.created"),
        (_TASK, replace(_TASK, priority=Priority.HIGH), "task.updated"),
        (_TASK, replace(_TASK, status=Status.COMPLETED, completed_at=START), "task.completed"),
        (_TASK, replace(_TASK, status=Status.CANCELLED), "task.cancelled"),
        (replace(_TASK, status=Status.CANCELLED), _TASK, "task.reopened"),
    ],
)
def test_a_change_is_one_event_as_the_catalogue_shows_it(before: Task | None, after: Task, kind: str) -> None:
    (event,) = _events(before, after)

    assert (event["type"], event["client_id"], event["id"]) == (kind, "c1", "h1-event")
    assert event["data"].keys() == EVENTS[kind].keys()
    assert (event["data"]["id"], event["data"]["by"]) == ("t1", "u2")


def test_an_update_names_what_changed_and_nothing_is_said_of_nothing() -> None:
    (event,) = _events(_TASK, replace(_TASK, priority=Priority.HIGH, assignees=("u3",), version=2))

    assert event["data"]["changed"] == ["assignees", "priority"]
    assert _events(_TASK, replace(_TASK, updated_at=START + timedelta(hours=1), version=2)) == []
