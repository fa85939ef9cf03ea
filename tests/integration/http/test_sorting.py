"""Lists of things that people make, by the time they were made and in reverse: one of each way a list is stored."""

import pytest

from tests.people import People, Person

WEBHOOK = {"url": "https://hooks.example/{number}"}
TEMPLATE = {"name": "Template {number}", "subject": "Hello", "html": "<p>Hello</p>", "text": "Hello"}
CAMPAIGN = {"name": "Campaign {number}", "channel": "email"}
REPORT = {"name": "Report {number}", "metrics": ["events"], "from": "2026-11-01", "to": "2026-11-02", "save": True}


@pytest.fixture
def admin(people: People) -> Person:
    return people.sign_up()


@pytest.mark.parametrize(
    ("path", "make", "body", "natural"),
    [
        ("/webhooks", "/webhooks", WEBHOOK, "created_at"),
        ("/communication/email/templates", "/communication/email/templates", TEMPLATE, "-created_at"),
        ("/campaigns", "/campaigns", CAMPAIGN, "-created_at"),
        ("/analytics/reports", "/reports/custom", REPORT, "created_at"),
    ],
)
def test_a_list_is_read_in_both_directions(
    admin: Person, path: str, make: str, body: dict[str, object], natural: str
) -> None:
    made = [admin.post(make, _numbered(body, number)).data["id"] for number in range(3)]
    oldest_first = [item["id"] for item in read(admin, f"{path}?sort=created_at") if item["id"] in made]
    newest_first = [item["id"] for item in read(admin, f"{path}?sort=-created_at") if item["id"] in made]
    by_default = [item["id"] for item in read(admin, f"{path}?") if item["id"] in made]

    assert oldest_first == made
    assert newest_first == made[::-1]
    assert by_default == (made if natural == "created_at" else made[::-1])


def test_a_cursor_of_one_direction_does_not_go_on_in_the_other(admin: Person) -> None:
    for number in range(2):
        admin.post("/webhooks", _numbered(WEBHOOK, number))
    cursor = admin.get("/webhooks?limit=1&sort=-created_at").json["meta"]["next_cursor"]

    answer = admin.get(f"/webhooks?limit=1&sort=created_at&cursor={cursor}")

    assert (answer.status, answer.json["error"]["field"]) == (400, "cursor")


def read(person: Person, path: str) -> list[dict[str, object]]:
    """All of it, two at a time."""
    items: list[dict[str, object]] = []
    cursor = ""
    while True:
        answer = person.get(f"{path}&limit=2{cursor}")
        assert answer.status == 200, answer.json
        items += answer.data
        if not answer.json["meta"]["next_cursor"]:
            return items
        cursor = f"&cursor={answer.json['meta']['next_cursor']}"


def _numbered(body: dict[str, object], number: int) -> dict[str, object]:
    return {name: value.format(number=number) if isinstance(value, str) else value for name, value in body.items()}


@pytest.fixture
def busy(people: People) -> Person:
    """Somebody whose lists have several things each."""
    person = people.sign_up()
    for number in range(3):
        colleague = people.member_of(person)
        made = (
            person.post(f"/clients/{person.client_id}/members", {"user_id": colleague.id, "role": "viewer"}),
            person.post(
                "/leads", {"email": f"ada@company{number}.example", "website": f"https://company{number}.example"}
            ),
            person.post("/privacy/suppressions", {"user_id": f"user{number}", "reason": "asked"}),
            person.post("/chat/send", {"message": f"Hello {number}"}),
        )
        assert {answer.status for answer in made} == {201}
    people.sign_in(person.email)
    return person


TWO_WAYS = {
    "/auth/sessions": "created_at",
    "/admin/users": "-created_at",
    "/organization/users": "-created_at",
    "/clients/{client_id}/members": "-user_id",
    "/leads/companies": "-domain",
    "/leads/stages": "-position",
    "/privacy/suppressions": "-id",
    "/chat/threads": "last_message_at",
    "/chat/history": "-created_at",
    "/integrations": "-position",
    "/webhooks/events": "-type",
    "/notifications/preferences": "-position",
}


def test_lists_are_the_same_from_either_end_however_they_are_cut(busy: Person) -> None:
    for template, other in TWO_WAYS.items():
        path = template.format(client_id=busy.client_id)
        whole = busy.get(path).data

        assert len(whole) > 1, path
        assert read(busy, f"{path}?") == whole, path
        assert read(busy, f"{path}?sort={other}") == whole[::-1], path


def test_messages_that_come_while_a_history_is_read_from_its_end_move_nothing(busy: Person) -> None:
    first = busy.get("/chat/history?sort=-created_at&limit=2")
    busy.post("/chat/send", {"message": "Hello 3"})

    rest = busy.get("=" + first.headers["link"].partition(">")[0].removeprefix("<"))

    assert [message["text"] for message in (*first.data, *rest.data)] == ["Hello 2", "Hello 1", "Hello 0"]
