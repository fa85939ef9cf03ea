"""A client whose platform is a peer on loopback, and the queue between."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from groundswell.integrations.catalogue import platforms as platforms_of_the_catalogue
from tests.backend import Backend
from tests.calls import Calls, Crash
from tests.gateway import Answer, call_handler
from tests.people import People, Person
from tests.platform_shapes import DAYS, PEOPLE, shape_of
from tests.platforms import Peer, serving


class Platforms:
    def __init__(self, backend: Backend, admin: Person) -> None:
        self.backend = backend
        self.admin = admin

    @contextmanager
    def serving(self, name: str, **state: Any) -> Iterator[Peer]:
        shape = shape_of(name)
        rows = DAYS if shape.ads or name == "ga4" else PEOPLE
        with serving(shape, **{"rows": list(rows), **state}) as (peer, running):
            setting = name.upper()
            if name == "woocommerce":
                self.backend.configure(ALLOW_LOOPBACK_HOSTS=running.place)
            else:
                self.backend.configure(**{f"{setting}_URL": running.url, f"{setting}_AUTH_URL": running.url})
            self.peer = peer
            yield peer

    def connect(self, peer: Peer, **more: Any) -> Answer:
        credentials = {name: value.format(url=peer.url) for name, value in peer.shape.credentials.items()}
        return self.admin.post(f"/integrations/{peer.shape.name}", {"credentials": credentials, **more})

    def status(self, name: str) -> dict[str, Any]:
        return self.admin.get(f"/integrations/{name}/status").data

    def data(self, name: str, query: str = "") -> Answer:
        return self.admin.get(f"/integrations/{name}/data?limit=1000{query}")

    def outbox(self, queue: str = "syncs") -> list[str]:
        """Bodies that wait, and do not any more."""
        bodies = []
        for item in self.backend.items("core"):
            if item["kind"]["S"] == "outbox" and item["queue"]["S"] == queue:
                bodies.append(item["body"]["S"])
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.backend.aws.dynamodb.delete_item(TableName=self.backend.resources.tables["core"], Key=key)
        return bodies

    def work(self, *bodies: str) -> list[str]:
        """Which messages came back."""
        records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
        return [
            failure["itemIdentifier"]
            for failure in call_handler(self.backend, "sync_worker", {"Records": records})["batchItemFailures"]
        ]

    def step(self) -> int:
        """What waits by now, once; how many messages that were. Delayed ones come at once."""
        bodies = self._waiting()
        for body in bodies:
            assert self.work(body) == []
        return len(bodies)

    def run(self) -> int:
        """Until nothing waits; how many rounds that took."""
        rounds = 0
        while self.step():
            rounds += 1
            assert rounds < 60, [(c.method, c.path) for c in self.peer.calls][-40:]
        return rounds

    def run_killed(self, calls: Calls, advance: Callable[..., None]) -> int:
        """The same with workers that die, each some calls later than the one before; how many did."""
        died = 0
        waiting = self._waiting()
        for step in range(5, 900, 4):
            if not waiting:
                return died
            try:
                with calls.crashing(step, after=bool(step % 2)):
                    assert self.work(waiting[0]) == []
            except Crash:
                died += 1
                self.backend.configure()  # another process
                advance(seconds=95)  # until the dead one's lease is over
            else:
                waiting = [*waiting[1:], *self._waiting()]
        raise AssertionError("the sync has no end")

    def _waiting(self) -> list[str]:
        self._undelay()
        return [*self.outbox(), *(message["Body"] for message in self.backend.messages("syncs"))]

    def timers(self) -> list[str]:
        """The messages of all timers that are set for this client's platforms."""
        items = [item for item in self.backend.items("core") if item["pk"]["S"] == f"TIMER#{self.admin.client_id}"]
        return [json.dumps(item) for item in items]

    def _undelay(self) -> None:
        from moto.sqs.models import sqs_backends

        for regions in sqs_backends.values():
            for backend in regions.values():
                for queue in backend.queues.values():
                    for message in queue._messages:
                        message.delayed_until = 0


@pytest.fixture(autouse=True)
def _short_history() -> Iterator[None]:
    """A first sync reads a year: here six weeks, for what differs is the number of windows alone."""
    streams = [stream for platform in platforms_of_the_catalogue() for stream in platform.streams]
    before = [stream.history_days for stream in streams]
    for stream in streams:
        object.__setattr__(stream, "history_days", 45)
    yield
    for stream, days in zip(streams, before, strict=True):
        object.__setattr__(stream, "history_days", days)


@pytest.fixture
def platforms(moto: Backend, people: People, monkeypatch: pytest.MonkeyPatch) -> Platforms:
    moto.configure(RATE_LIMITS="off")
    return Platforms(moto, people.sign_up())
