"""Tasks over HTTP."""

import pytest

SEED = {
    "name": "Review Facebook Ad Creative",
    "task_type": "review_creative",
    "priority": "High",
    "due_date": "2024-01-15",
    "description": "Review the new Facebook ad creative for Q1 campaign",
}


def names(answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [task["name"] for task in answer.data]


def test_the_seeds_own_example_makes_its_task_and_it_is_found_again(ada, colleague):
    ids = [colleague("member").id, colleague("viewer").id]

    answer = ada.post("/tasks", {**SEED, "assignees": ids})

    assert answer.status == 201
    assert answer.headers["location"] == f"/api/v1/tasks/{answer.data['id']}"
    assert answer.data.items() >= {**SEED, "assignees": ids, "status": "pending", "created_by": ada.id}.items()
    assert ada.get(f"/tasks/{answer.data['id']}").data == answer.data


def test_a_time_is_answered_in_utc_and_a_date_ends_with_its_day_on_the_clients_clocks(ada, make):
    ada.put(f"/clients/{ada.client_id}", {"timezone": "Europe/Berlin"})

    by_time, by_date = make(ada, due_date="2026-11-30T10:00:00+02:00"), make(ada, due_date="2026-11-30")

    assert (by_time["due_date"], by_time["due_at"]) == ("2026-11-30T08:00:00.000Z",) * 2
    assert (by_date["due_date"], by_date["due_at"]) == ("2026-11-30", "2026-11-30T22:59:59.000Z")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("priority", "urgent"),
        ("task_type", "call"),
        ("due_date", "2026-11-30T10:00:00"),
        ("due_date", "2026-02-30"),
        ("due_date", "0001-01-01"),
        ("assignees", ["nobody"]),
        ("assignees", ["x"] * 11 + [str(n) for n in range(11)]),
        ("watchers", "ada"),
        ("depends_on", ["0192f0c1-7c1a-7d3e-8f00-000000000000"]),
        ("status", "completed"),
        ("description", "x" * 10_001),
        ("related_object_id", "a/b"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(ada, field, value):
    answer = ada.post("/tasks", {"name": "Call them", field: value})

    assert answer.status == 400
    assert answer.json["error"]["field"].startswith(field)


def test_priorities_are_taken_in_any_case(ada, make):
    assert make(ada, priority="high")["priority"] == "High"


def test_patch_keeps_what_is_absent_and_null_clears(ada, make):
    task = make(ada, **SEED)

    answer = ada.call("PATCH", f"/tasks/{task['id']}", {"description": None, "name": "Review"})

    assert answer.status == 200
    assert answer.data.items() >= {"description": None, "name": "Review", "priority": "High", "version": 2}.items()
    assert ada.call("PATCH", f"/tasks/{task['id']}", {"priority": None}).status == 400


def test_a_patch_of_an_old_version_is_refused(ada, make):
    task = make(ada)
    ada.call("PATCH", f"/tasks/{task['id']}", {"name": "Other"})

    answer = ada.call("PATCH", f"/tasks/{task['id']}", {"name": "Third"}, headers={"If-Match": '"1"'})

    assert answer.status == 412


def test_what_has_ended_stays_so_until_it_is_reopened(ada, make):
    at = f"/tasks/{make(ada)['id']}"

    first, second = ada.post(f"{at}/complete"), ada.post(f"{at}/complete")

    assert (first.status, second.status, first.data["version"], second.data["version"]) == (200, 200, 2, 2)
    assert first.data["completed_at"]
    assert ada.post(f"{at}/cancel").status == 409
    assert ada.call("PATCH", at, {"status": "in_progress"}).status == 409
    assert ada.post(f"{at}/reopen").data.items() >= {"status": "pending", "completed_at": None}.items()
    assert ada.post(f"{at}/cancel").data["status"] == "cancelled"


def test_activity_tells_who_changed_what(ada, colleague, make):
    editor = colleague("editor")
    at = f"/tasks/{make(ada)['id']}"
    editor.call("PATCH", at, {"priority": "Low", "name": "Other"}, headers={"X-Client-Id": ada.client_id})

    log = ada.get(f"{at}/activity").data
    paged = [ada.get(f"{at}/activity?limit=1")]
    while link := paged[-1].json["meta"]["next_cursor"]:
        paged.append(ada.get(f"{at}/activity?limit=1&cursor={link}"))

    assert [(entry["by"], entry["field"], entry["from"], entry["to"]) for entry in log] == [
        (editor.id, "name", "Call them", "Other"),
        (editor.id, "priority", "Medium", "Low"),
        (ada.id, "status", None, "pending"),
    ]
    assert [page.data[0] for page in paged] == log


def test_a_viewer_reads_all_a_member_changes_what_is_theirs_and_an_editor_all(ada, colleague, make):
    viewer, member, editor = colleague("viewer"), colleague("member"), colleague("editor")
    on = {"X-Client-Id": ada.client_id}
    foreign, assigned = make(ada), make(ada, assignees=[member.id])

    def change(person, task):
        return person.call("PATCH", f"/tasks/{task['id']}", {"priority": "Low"}, headers=on).status

    assert names(viewer.get("/tasks", headers=on)) == ["Call them"] * 2
    assert (change(viewer, assigned), change(member, foreign), change(member, assigned)) == (403, 403, 200)
    assert change(editor, foreign) == 200
    assert [person.delete(f"/tasks/{foreign['id']}", headers=on).status for person in (member, editor, ada)] == [
        403,
        403,
        200,
    ]
    assert ada.get(f"/tasks/{foreign['id']}").status == 404


def test_several_tasks_change_at_once_each_for_itself(ada, make):
    one, done = make(ada), make(ada)
    ada.post(f"/tasks/{done['id']}/cancel")

    answer = ada.post("/tasks/bulk", {"ids": [one["id"], done["id"], "nothing"], "changes": {"status": "completed"}})

    assert [(result["ok"], (result["error"] or {}).get("code")) for result in answer.data] == [
        (True, None),
        (False, "TASK_CLOSED"),
        (False, "TASK_NOT_FOUND"),
    ]


def test_a_task_that_waits_cannot_be_completed_before_what_it_waits_for(ada, make):
    first = make(ada)
    second = make(ada, depends_on=[first["id"]])

    refused = ada.post(f"/tasks/{second['id']}/complete")
    ada.post(f"/tasks/{first['id']}/complete")

    assert (second["blocked_by"], refused.status) == ([first["id"]], 409)
    assert refused.json["error"]["details"] == {"blocked_by": [first["id"]]}
    assert ada.get(f"/tasks/{second['id']}").data["blocked_by"] == []
    assert ada.post(f"/tasks/{second['id']}/complete").status == 200


def test_tasks_do_not_wait_for_each_other(ada, make):
    first = make(ada)
    second = make(ada, depends_on=[first["id"]])
    third = make(ada, depends_on=[second["id"]])

    for task in (first, second, third):
        answer = ada.call("PATCH", f"/tasks/{first['id']}", {"depends_on": [task["id"]]})
        assert (answer.status, answer.json["error"]["field"]) == (400, "depends_on")


def test_what_others_depend_on_is_not_deleted(ada, make):
    first = make(ada)
    second = make(ada, depends_on=[first["id"]])

    refused = ada.delete(f"/tasks/{first['id']}")

    assert (refused.status, refused.json["error"]["code"]) == (409, "IN_USE")
    assert refused.json["error"]["details"]["where"] == [{"type": "task", "id": second["id"]}]
    assert ada.delete(f"/tasks/{second['id']}").status == 200
    assert ada.delete(f"/tasks/{first['id']}").status == 200
