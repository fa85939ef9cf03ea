"""A feature opens a task for an object, and each hears of the other's end once."""

import json

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.model import Opener, Priority, Status
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore

OPENER = Opener("alerts", "look", "alert_tasks")


def port() -> TaskPort:
    return TaskPort(DynamoTaskStore(), utc_now, new_id)


def opened(ada, object_id: str):
    return port().open(ada.client_id, OPENER, object_id, "alert_instance", "Look", priority=Priority.HIGH)


def ends(moto, object_id: str) -> list[str]:
    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    bodies = [json.loads(message["body"]["S"]) for message in outbox if message["queue"]["S"] == OPENER.queue]
    return [body["event"] for body in bodies if body["object_id"] == object_id]


def test_one_task_is_opened_for_an_object_and_purpose_however_often_it_is_asked_for(ada):
    first, again = opened(ada, "one"), opened(ada, "one")

    tasks = ada.get("/tasks?related_object_id=one").data
    assert first == again
    assert [(task["id"], task["priority"], task["related_object_type"]) for task in tasks] == [
        (first.id, "High", "alert_instance")
    ]


def test_whoever_opened_it_hears_of_its_end_by_others_and_not_of_what_it_did_itself(moto, ada):
    done, resolved = opened(ada, "two"), opened(ada, "three")

    for _ in range(2):
        assert ada.post(f"/tasks/{done.id}/complete").status == 200
        port().end(ada.client_id, OPENER, "three", Status.COMPLETED)
        port().end(ada.client_id, OPENER, "two", Status.CANCELLED)

    assert ends(moto, "two") == ["task.completed"]
    assert ends(moto, "three") == []
    assert ada.get(f"/tasks/{resolved.id}").data["status"] == "completed"
    assert ada.get(f"/tasks/{done.id}").data["status"] == "completed"
    assert port().end(ada.client_id, OPENER, "nothing", Status.COMPLETED) is None
