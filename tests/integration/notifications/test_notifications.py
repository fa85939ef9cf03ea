"""From what a feature leaves in its transaction to what users read."""

import pytest

from tests.gateway import call_handler
from tests.outbox import mail_to


@pytest.fixture
def ada(people):
    return people.sign_up()


@pytest.fixture
def grace(people, ada):
    person = people.member_of(ada)
    ada.post(f"/clients/{ada.client_id}/members", {"user_id": person.id, "role": "member"})
    return person


@pytest.fixture
def deliver(moto):
    """Hands the worker whatever waits for it, as often as asked."""
    done = set()

    def run(times: int = 1) -> None:
        waiting = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["pk"]["S"] not in done]
        bodies = [item["body"]["S"] for item in waiting if item["queue"]["S"] == "notifications"]
        done.update(item["pk"]["S"] for item in waiting)
        event = {"Records": [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]}
        for _ in range(times):
            assert call_handler(moto, "notifications", event) == {"batchItemFailures": []}

    return run


def assign(ada, grace, name: str = "Call them") -> str:
    return ada.post("/tasks", {"name": name, "assignees": [grace.id, ada.id]}).data["id"]


def test_whoever_is_assigned_is_told_once_in_the_app_and_by_mail_however_often_it_is_delivered(
    moto, ada, grace, deliver
):
    task = assign(ada, grace)

    deliver(times=3)

    [notification] = grace.get("/notifications").data
    assert (
        notification.items()
        >= {"kind": "task.assigned", "object_type": "task", "object_id": task, "read_at": None}.items()
    )
    assert ada.get("/notifications").data == []
    assert "Call them" in mail_to(moto, grace.email)["subject"]


def test_read_marks_are_kept_one_by_one_and_for_all(ada, grace, deliver):
    for number in range(3):
        assign(ada, grace, f"Task {number}")
    deliver()
    newest, *older = grace.get("/notifications").data

    first, again = (grace.post(f"/notifications/{newest['id']}/read") for _ in range(2))

    assert first.data["read_at"]
    assert first.data == again.data
    assert [notification["id"] for notification in grace.get("/notifications?unread=true").data] == [
        notification["id"] for notification in older
    ]
    assert grace.post("/notifications/read-all").status == 200
    assert grace.get("/notifications?unread=true").data == []
    assert all(notification["read_at"] for notification in grace.get("/notifications").data)
    assert ada.post(f"/notifications/{newest['id']}/read").status == 404


def test_pages_of_notifications_have_each_once(ada, grace, deliver):
    for number in range(5):
        assign(ada, grace, f"Task {number}")
    deliver()

    texts, cursor = [], ""
    while True:
        answer = grace.get(f"/notifications?limit=2{cursor}")
        texts += [notification["text"][-1] for notification in answer.data]
        if not answer.json["meta"]["has_more"]:
            break
        cursor = f"&cursor={answer.json['meta']['next_cursor']}"

    assert texts == list("43210")


def test_nobody_gets_what_they_chose_not_to(moto, ada, grace, deliver):
    answer = grace.call("PATCH", "/notifications/preferences", {"kinds": {"task.assigned": {"mail": False}}})
    assert {
        "kind": "task.assigned",
        "title": "A task was assigned to you",
        "in_app": True,
        "mail": False,
    } in answer.data

    assign(ada, grace)
    deliver()

    assert len(grace.get("/notifications").data) == 1
    assert "Call them" not in mail_to(moto, grace.email)["subject"]


@pytest.mark.parametrize(
    "body",
    [{}, {"kinds": {}}, {"kinds": {"task.assigned": {"mail": "no"}}}, {"kinds": {"task.eaten": {"mail": True}}}, []],
)
def test_choices_that_cannot_be_are_refused(ada, body):
    assert ada.call("PATCH", "/notifications/preferences", body).status == 400


def test_mails_that_follow_the_first_are_one_at_the_end_of_their_group(moto, ada, grace, deliver):
    from groundswell.schedules.timers import firing_body
    from tests.timers import due_timers

    assign(ada, grace, "First")
    deliver()
    assert "First" in mail_to(moto, grace.email)["subject"]
    assign(ada, grace, "Second")
    assign(ada, grace, "Third")
    deliver(times=2)
    assert "First" in mail_to(moto, grace.email)["subject"]

    bodies = [firing_body(timer) for timer in due_timers(moto, grace.id, "notifications.group")]
    for _ in range(2):
        call_handler(moto, "notifications", {"Records": [{"messageId": "1", "body": body} for body in bodies]})

    mail = mail_to(moto, grace.email)
    assert (len(bodies), mail["subject"]) == (1, "2 notifications")
    assert "Second" in mail["text"]
    assert "Third" in mail["text"]
