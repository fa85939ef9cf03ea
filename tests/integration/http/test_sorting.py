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
