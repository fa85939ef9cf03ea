"""What follows from tasks by itself: others wait no more, reminders, the next of a series."""

import json

import pytest

from groundswell.schedules.timers import firing_body
from tests.gateway import call_handler
from tests.timers import due_timers


@pytest.fixture
def follow(moto):
    """Hands the worker what waits for it, twice."""
    done = set()

    def run() -> None:
        waiting = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["pk"]["S"] not in done]
        done.update(item["pk"]["S"] for item in waiting)
        deliver(moto, *(item["body"]["S"] for item in waiting if item["queue"]["S"] == "tasks"))

    return run


def deliver(moto, *bodies: str) -> None:
    event = {"Records": [{"messageId": str(number), "body": body} for number, body in enumerate(bodies * 2)]}
    assert call_handler(moto, "reminders", event) == {"batchItemFailures": []}


def fire(moto, client: str, kind: str) -> None:
    for timer in due_timers(moto, client, kind):
        deliver(moto, firing_body(timer))


def notices(moto, kind: str, user: str) -> list[str]:
    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    bodies = [json.loads(message["body"]["S"]) for message in outbox if message["queue"]["S"] == "notifications"]
    return [body["text"] for body in bodies if body["kind"] == kind and user in body["user_ids"]]


def test_what_waited_is_free_when_the_last_is_done_and_waits_again_when_that_is_reopened(
    moto, ada, colleague, make, follow
):
    grace = colleague("member")
    one, two = make(ada), make(ada)
    third = make(ada, name="Third", depends_on=[one["id"], two["id"]], assignees=[grace.id])

    def waits_for() -> list[str]:
        return ada.get("/tasks?q=third").data[0]["blocked_by"]

    ada.post(f"/tasks/{one['id']}/complete")
    follow()
    assert waits_for() == [two["id"]]
    ada.post(f"/tasks/{two['id']}/cancel")
    follow()
    assert waits_for() == []
    assert notices(moto, "task.unblocked", grace.id) == ["Nothing is in the way any more: Third"]
    ada.post(f"/tasks/{one['id']}/reopen")
    follow()
    assert waits_for() == [one["id"]]
    assert ada.get(f"/tasks/{third['id']}").data["blocked_by"] == [one["id"]]


def test_a_task_reminds_before_and_when_it_is_due_unless_it_has_ended(moto, ada, make):
    make(ada, name="Open", due_date="2098-11-30", assignees=[ada.id])
    make(ada, name="Exact", due_date="2098-11-30T10:00:00.123456Z", assignees=[ada.id])
    done = make(ada, name="Done", due_date="2098-11-30", assignees=[ada.id])
    moved = make(ada, name="Moved", due_date="2098-11-30", assignees=[ada.id])
    stale = due_timers(moto, ada.client_id, "task.overdue")
    ada.post(f"/tasks/{done['id']}/complete")
    ada.call("PATCH", f"/tasks/{moved['id']}", {"due_date": None})

    for firing in stale:
        deliver(moto, firing_body(firing))
    fire(moto, ada.client_id, "task.due_soon")

    assert sorted(notices(moto, "task.overdue", ada.id)) == ["Overdue: Exact", "Overdue: Open"]
    assert sorted(notices(moto, "task.due_soon", ada.id)) == ["Due within a day: Exact", "Due within a day: Open"]


def test_the_next_of_a_series_comes_once_when_one_is_due_or_has_ended(moto, ada, make, follow):
    first = make(ada, due_date="2098-11-28", recurrence="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=4", priority="High")
    assert first["due_date"] == "2098-11-28"

    fire(moto, ada.client_id, "task.recur")
    second = ada.get(f"/tasks/{ada.get(f'/tasks/{first["id"]}').data['followed_by']}").data
    assert (second["due_date"], second["priority"], second["series_id"]) == ("2098-12-01", "High", first["id"])
    ada.post(f"/tasks/{first['id']}/complete")
    ada.post(f"/tasks/{second['id']}/skip")
    follow()
    for _ in range(4):
        fire(moto, ada.client_id, "task.recur")

    days = [task["due_date"] for task in ada.get("/tasks?sort=due_date").data]
    assert days == ["2098-11-28", "2098-12-01", "2098-12-02", "2098-12-03"]


def test_who_does_not_work_for_the_client_any_more_is_not_in_the_next_one(moto, ada, colleague, make):
    grace = colleague("member")
    make(ada, due_date="2098-11-28", recurrence="FREQ=DAILY;COUNT=2", assignees=[grace.id, ada.id])
    ada.delete(f"/clients/{ada.client_id}/members/{grace.id}")

    fire(moto, ada.client_id, "task.recur")

    assert [task["assignees"] for task in ada.get("/tasks?sort=due_date").data] == [[grace.id, ada.id], [ada.id]]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never", "x" * 501])
def test_rules_that_cannot_be_are_refused(ada, rule):
    answer = ada.post("/tasks", {"name": "Call them", "recurrence": rule})

    assert (answer.status, answer.json["error"]["field"]) == (400, "recurrence")


def test_what_does_not_recur_is_not_skipped(ada, make):
    assert ada.post(f"/tasks/{make(ada)['id']}/skip").json["error"]["code"] == "NOT_RECURRING"
