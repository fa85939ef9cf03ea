from collections.abc import Callable

import pytest

from tests.backend import Backend
from tests.gateway import Gateway, call_handler
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
def send(ada) -> Callable[..., dict]:
    def send(text: str = "Hello", by: Person = ada, **more) -> dict:
        answer = by.post("/chat/send", {"message": text, "client_id": ada.client_id, **more})
        assert answer.status == 201, answer.body
        return answer.data

    return send


class Worker:
    """The queue, and the timers, between functions."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def outbox(self) -> list[str]:
        """Jobs that wait, and do not any more."""
        bodies = []
        for item in self.backend.items("core"):
            if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "conversations":
                bodies.append(item["body"]["S"])
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.backend.aws.dynamodb.delete_item(TableName=self.backend.resources.tables["core"], Key=key)
        return bodies

    def deliver(self, *bodies: str) -> list[str]:
        """Which messages came back."""
        records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
        answer = call_handler(self.backend, "conversations", {"Records": records})
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def run(self, times: int = 1) -> None:
        """Everything that waits, each of it so many times, until nothing does."""
        while bodies := [*self.outbox(), *(message["Body"] for message in self.backend.messages("conversations"))]:
            for _ in range(times):
                assert self.deliver(*bodies) == []


@pytest.fixture
def worker(moto) -> Worker:
    return Worker(moto)


@pytest.fixture
def visitor(gateway: Gateway, ada):
    """Calls as a visitor of Ada's client's site."""
    made = gateway.post("/chat/visitors", {"client_id": ada.client_id, "name": "Grace"})
    assert made.status == 201, made.body

    class Visitor:
        id = made.data["visitor_id"]
        token = made.data["token"]

        def call(self, method: str, path: str, body=None, **rest):
            return gateway.call(method, path, body, token=self.token, **rest)

        def get(self, path: str, **rest):
            return self.call("GET", path, **rest)

        def post(self, path: str, body=None, **rest):
            return self.call("POST", path, body, **rest)

    return Visitor()
