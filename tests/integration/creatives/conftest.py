import pytest

from tests.gateway import call_handler
from tests.people import Person


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


@pytest.fixture
def colleague(people, ada):
    """Somebody who works for Ada's client, in some role."""

    def make(role: str) -> Person:
        person = people.member_of(ada)
        assert ada.post(f"/clients/{ada.client_id}/members", {"user_id": person.id, "role": role}).status == 201
        return person

    return make


@pytest.fixture
def submit():
    def submit(person: Person, **values) -> dict:
        body = {"title": "Spring", "type": "copy", "text": "Spring is here", **values}
        answer = person.post("/creative-submissions", body)
        assert answer.status == 201, answer.body
        return answer.data

    return submit


@pytest.fixture
def work(moto):
    """What the worker does with everything that was left for it."""

    def work() -> None:
        waiting = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        bodies = [item["body"]["S"] for item in waiting if item["queue"]["S"] == "content"]
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
        assert call_handler(moto, "content", {"Records": records}) == {"batchItemFailures": []}

    return work
