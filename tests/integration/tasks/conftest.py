import pytest

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
def make():
    def make(person: Person, **values) -> dict:
        answer = person.post("/tasks", {"name": "Call them", **values})
        assert answer.status == 201, answer.body
        return answer.data

    return make
