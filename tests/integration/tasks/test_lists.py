"""Lists of tasks: filters, orders, totals, and what they cost."""

import itertools

import pytest


@pytest.fixture
def many(ada, colleague, make):
    """Twelve tasks in all combinations of three statuses, two priorities, and with or without an assignee."""
    member = colleague("member").id
    made = []
    for number, (status, priority, assignees) in enumerate(
        itertools.product(("pending", "in_progress", "completed"), ("Low", "High"), ((), (member,)))
    ):
        due = f"2026-12-{30 - number:02}" if number % 3 else None
        task = make(ada, name=f"Task {number:02}", priority=priority, assignees=list(assignees), due_date=due)
        if status != "pending":
            task = ada.call("PATCH", f"/tasks/{task['id']}", {"status": status}).data
        made.append(task)
    return member, made


def all_pages(person, query: str, limit: int = 3):
    """(tasks, totals) over all pages."""
    tasks, totals, cursor = [], [], ""
    while True:
        answer = person.get(f"/tasks?{query}&limit={limit}{cursor}")
        assert answer.status == 200, answer.body
        tasks += answer.data
        totals.append(answer.json["meta"]["total"])
        if not answer.json["meta"]["has_more"]:
            return tasks, totals
        cursor = f"&cursor={answer.json['meta']['next_cursor']}"


def _rank(task) -> int:
    return ("Backlog", "Low", "Medium", "High").index(task["priority"])


def _done(task) -> bool:
    return task["status"] == "completed"


def _due(task) -> str:
    return task["due_date"] or ""


KEYS = {
    "created_at": lambda task: task["created_at"],
    "due_date": lambda task: task["due_at"] or "~",
    "priority": _rank,
}
QUERIES = [
    ("", lambda task, me: True, 12),
    ("status=pending", lambda task, me: task["status"] == "pending", 4),
    ("status=pending&status=in_progress", lambda task, me: task["status"] != "completed", 8),
    ("status=pending&status=in_progress&status=completed", lambda task, me: True, 12),
    ("priority=low", lambda task, me: task["priority"] == "Low", 6),
    ("assignee={me}", lambda task, me: me in task["assignees"], 6),
    ("assignee={me}&status=completed", lambda task, me: me in task["assignees"] and task["status"] == "completed", 2),
    (
        "assignee={me}&status=pending&status=in_progress",
        lambda task, me: me in task["assignees"] and task["status"] != "completed",
        4,
    ),
    ("status=pending&priority=High", lambda task, me: (task["status"], task["priority"]) == ("pending", "High"), None),
    ("task_type=other", lambda task, me: True, 12),
    ("task_type=review_report", lambda task, me: False, 0),
    ("q=TASK%2000", lambda task, me: task["name"] == "Task 00", None),
    (
        "due_from=2026-12-20&due_to=2026-12-26",
        lambda task, me: "2026-12-20" <= (task["due_date"] or "") < "2026-12-26",
        None,
    ),
    ("due_from=2026-12-20", lambda task, me: _due(task) >= "2026-12-20", None),
]


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "due_date", "-due_date", "priority", "-priority"])
def test_every_filter_in_every_order_gives_what_it_says_once_over_all_pages(ada, many, sort):
    me, made = many
    by = KEYS[sort.removeprefix("-")]
    for query, matches, total in QUERIES:
        tasks, totals = all_pages(ada, f"{query.format(me=me)}&sort={sort}".lstrip("&"))

        wanted = [task for task in made if matches(task, me)]
        assert sorted(task["id"] for task in tasks) == sorted(task["id"] for task in wanted), query
        assert [by(task) for task in tasks] == sorted(map(by, wanted), reverse=sort.startswith("-")), query
        assert set(totals) == {total}, query


def test_totals_follow_every_change(ada, make):
    one, two = make(ada), make(ada)

    def total(query: str = "") -> int:
        return ada.get(f"/tasks?{query}").json["meta"]["total"]

    assert (total(), total("status=pending"), total("status=completed")) == (2, 2, 0)
    ada.post(f"/tasks/{one['id']}/complete")
    assert (total(), total("status=pending"), total("status=completed")) == (2, 1, 1)
    ada.delete(f"/tasks/{two['id']}")
    assert (total(), total("status=pending"), total("status=completed")) == (1, 0, 1)
    assert ada.get("/tasks/progress").data.items() >= {"total": 1, "completed": 1, "completed_share": 1.0}.items()


@pytest.mark.parametrize(
    "query", ["", "status=pending&status=in_progress", "assignee=ada", "status=pending&priority=High"]
)
def test_a_page_costs_three_reads_at_most(ada, make, calls, query):
    for number in range(4):
        make(ada, name=f"Task {number}", assignees=[ada.id])
    ada.get("/tasks")
    with calls.counted() as edge:
        ada.get("/tasks/progress")
    with calls.counted() as made:
        ada.get(f"/tasks?{query.replace('=ada', '=' + ada.id)}&sort=due_date&limit=2")

    assert len(made) - (len(edge) - 1) <= 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=pending", "state"),
        ("status=done", "status.0"),
        ("sort=name", "sort"),
        ("due_from=tomorrow", "due_from"),
        ("due_from=2026-12-02&due_to=2026-12-01", "due_to"),
        ("limit=0", "limit"),
        ("assignee=a%20b", "assignee.0"),
        ("q=", "q"),
        ("cursor=garbage", "cursor"),
    ],
)
def test_filters_that_cannot_be_are_refused_by_name(ada, query, field):
    answer = ada.get(f"/tasks?{query}")

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_a_cursor_of_other_values_of_the_same_filter_is_refused(ada, make):
    for _ in range(3):
        make(ada)
    cursor = ada.get("/tasks?status=pending&status=completed&limit=1").json["meta"]["next_cursor"]

    assert ada.get(f"/tasks?status=completed&status=pending&limit=1&cursor={cursor}").status == 200
    assert ada.get(f"/tasks?status=in_progress&status=completed&limit=1&cursor={cursor}").status == 400


def test_the_link_to_the_next_page_keeps_every_value_of_a_filter(ada, make):
    for _ in range(2):
        make(ada)

    link = ada.get("/tasks?status=pending&status=completed&limit=1").headers["link"]

    assert "status=pending&status=completed&" in link


def test_tasks_of_whoever_left_are_listed_for_reassignment(ada, colleague, make):
    gone, still = colleague("member"), colleague("member")
    left = make(ada, name="Left behind", assignees=[gone.id])
    make(ada, name="In good hands", assignees=[still.id])
    assert ada.get("/tasks?assignee_inactive=true").data == []

    ada.delete(f"/clients/{ada.client_id}/members/{gone.id}")

    assert [task["id"] for task in ada.get("/tasks?assignee_inactive=true").data] == [left["id"]]
    ada.call("PATCH", f"/tasks/{left['id']}", {"assignees": [still.id]})
    assert ada.get("/tasks?assignee_inactive=true").data == []
