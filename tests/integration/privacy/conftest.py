"""A client with a past, and the worker of its erasures."""

import json

import pytest

from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.privacy.past import Past


@pytest.fixture
def owner(moto, people):
    moto.configure(RATE_LIMITS="off")
    return people.sign_up()


@pytest.fixture
def past(moto, owner):
    return Past(moto, owner)


class Worker:
    """The privacy jobs of one client. `step` does one step of an operation, `finish` all there are."""

    def __init__(self, moto, owner, calls):
        self._moto, self._owner, self._calls = moto, owner, calls

    def start(self, body, what="erasures"):
        answer = self._owner.post(f"/privacy/{what}", body)
        assert answer.status == 202, answer.body
        return answer.data

    def told(self, operation, receives=1, rounds=0):
        """What the handler answers to the operation's message, after so many rounds before it."""
        named = {"client_id": self._owner.client_id, "operation_id": operation["id"]}
        body = json.dumps(named | ({"round": rounds} if rounds else {}))
        record = {"messageId": "m", "body": body, "attributes": {"ApproximateReceiveCount": str(receives)}}
        return call_handler(self._moto, "privacy_jobs", {"Records": [record]})

    def finish(self, operation):
        assert self.told(operation) == {"batchItemFailures": []}
        return self.look(operation)

    def erase(self, body):
        return self.finish(self.start(body))

    def look(self, operation):
        return self._owner.get(f"/operations/{operation['id']}").data

    def step(self, operation):
        """One step, as if time was up after it."""
        from functions.privacy_jobs.handler import runner

        turns = iter([True, False])
        call_handler(self._moto, "privacy_jobs", {"Records": []})  # its environment
        runner().run(self._owner.client_id, operation["id"], lambda: next(turns))

    def killed_everywhere(self, operation, *, after):
        """Every step dies before or after each of its AWS calls, once each, until it gets through. How many deaths."""
        deaths = at = 0
        version = None
        while self.look(operation)["status"] in ("queued", "running"):
            kept = self._kept(operation)
            at = at if kept == version else 0
            version = kept
            try:
                with self._calls.crashing(at, after=after):
                    self.step(operation)
            except Crash:
                deaths, at = deaths + 1, at + 1
        return deaths

    def _kept(self, operation):
        return self._moto.item("core", f"OPERATIONS#{self._owner.client_id}", operation["id"])["version"]["N"]


@pytest.fixture
def worker(moto, owner, calls):
    return Worker(moto, owner, calls)
