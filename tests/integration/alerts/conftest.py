import json
from dataclasses import dataclass

import pytest

from groundswell.schedules.timers import firing_body
from tests.backend import Backend
from tests.gateway import call_handler
from tests.people import Person
from tests.timers import due_timers


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


@dataclass
class Worker:
    """What lies in the outbox for the worker of alerts, and its timers."""

    backend: Backend
    done: set[str]

    def messages(self, queue: str) -> list[dict]:
        """Each once, in order."""
        rows = [row for row in self.backend.items("core") if row["kind"]["S"] == "outbox"]
        return [json.loads(row["body"]["S"]) for row in rows if row["queue"]["S"] == queue]

    def run(self) -> None:
        """Whatever waits, until nothing more follows: each message twice, as a queue may bring it."""
        while bodies := self._waiting():
            for body in bodies:
                self.done.add(body)
                self.take(body, body)

    def take(self, *bodies: str) -> None:
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
        assert call_handler(self.backend, "alert_worker", {"Records": records}) == {"batchItemFailures": []}

    def fire(self, kind: str, tenant: str, times: int = 1) -> int:
        """The timers of that kind, each delivered so many times. How many there are."""
        firings = due_timers(self.backend, tenant, kind)
        for firing in firings:
            self.take(*[firing_body(firing)] * times)
        return len(firings)

    def _waiting(self) -> list[str]:
        rows = [row for row in self.backend.items("core") if row["kind"]["S"] == "outbox"]
        bodies = [row["body"]["S"] for row in rows if row["queue"]["S"] == "alerts"]
        return [body for body in bodies if body not in self.done]


@pytest.fixture
def worker(moto) -> Worker:
    return Worker(moto, set())
