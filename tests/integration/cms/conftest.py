import pytest

from tests.people import Person


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


@pytest.fixture
def make():
    def make(person: Person, slug: str = "pricing", **values) -> dict:
        body = {"slug": slug, "title": {"en": "Pricing"}, "content": {"en": "<p>Fair</p>"}, **values}
        answer = person.post("/content/pages", body)
        assert answer.status == 201, answer.body
        return answer.data

    return make


@pytest.fixture
def seen(gateway):
    """What the public gets, as HTML or otherwise."""

    def seen(person: Person, slug: str, query: str = "", **headers: str):
        path = f"=/public/pages/{slug}?client_id={person.client_id}{query}"
        return gateway.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return seen
