"""What a thousand ordinary events cost to keep, all in: blocks, commits with deduplication, rollups, the time index.

A write unit is a kilobyte begun of an item. Nothing here depends on a clock or a machine.
"""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from groundswell.events.coalescer.adapter_queue import CoalescingWriter
from groundswell.events.coalescer.service import CoalescerService, Message
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import Log, event_log
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.service import IngestService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.folder import Folder
from groundswell.events.rollups.service import Record, RollupService
from tests.benchmarks import samples
from tests.clock import Clock
from tests.fakes.event_log import FakeEventLog

PEOPLE = {"P", "U"}
"""Pieces about who is who: state per person, reported apart from what an event costs."""


class Billed(FakeEventLog):
    """Adds up write units as DynamoDB bills them, by partition; and hands new blocks on as the stream does."""

    def __init__(self):
        super().__init__()
        self.units = Counter()
        self.records = []

    def append(self, log, blocks, received):
        names = super().append(log, blocks, received)
        for sk, data in zip(names, blocks, strict=True):
            self._bill(keys.partition(log), sk, data)
            self.records.append(Record(sk, keys.partition(log), sk, data))
        return names

    def append_all(self, blocks, at):
        for log, data in blocks:
            self.append(log, [data], at)
        return []

    def drain(self):
        records, self.records = self.records, []
        return records

    def _put(self, pk, sk, data, allowed=lambda old: True):
        self._bill(pk, sk, data)
        return super()._put(pk, sk, data, allowed)

    def _bill(self, pk, sk, data):
        size = len(pk) + len(sk) + len(data) + len("pkskdw") + 10
        self.units[pk.split("#")[2] if pk.count("#") == 2 else "blocks"] += -(-size // 1024)


class Queue:
    def __init__(self):
        self.bodies = []

    def send_message(self, MessageBody, **_):  # noqa: N803
        self.bodies.append(MessageBody)

    def drain(self):
        bodies, self.bodies = self.bodies, []
        return [Message(str(at), body) for at, body in enumerate(bodies)]


class NoQuarantine:
    def put(self, poison):
        raise AssertionError(poison)


@pytest.fixture
def visitors():
    """The same in every run."""
    return samples.Visitors()


def cost(visitors, *, batch, events, group=20, gathered=0):
    """Units per thousand events, by kind."""
    store, queue, clock = Billed(), Queue(), Clock(samples.NOW - timedelta(minutes=10))
    writer = CoalescingWriter(store, lambda: queue, "arrivals", pytest.fail) if gathered else store
    ingest = IngestService(writer, clock, lambda: "made")
    coalescer = CoalescerService(store, lambda body, reason: pytest.fail(reason), clock)
    rollups = RollupService(Committer(store, clock), NoQuarantine(), outages=())
    for _ in range(events // batch):
        clock.advance(seconds=1)
        body = msgspec.json.encode({"batch": visitors.messages(batch), "sentAt": clock().isoformat()})
        assert ingest.segment("client", *envelope(body)).accepted == batch
        if gathered and len(queue.bodies) == gathered:
            coalescer.take(queue.drain())
        if len(store.records) >= group:
            rollups.take(store.drain())
    coalescer.take(queue.drain())
    rollups.take(store.drain())
    log = event_log("client")
    Folder(store).fold(log)
    assert _counted(store, log) == events // batch * batch
    return {kind: units / events * 1000 for kind, units in store.units.items()}


def _counted(store, log: Log):
    return sum(
        tally.count
        for page in store.pages_between(log, "D", 0, 10**7)
        for row in page.cells.values()
        for tally in row.values()
    )


def event_units(units):
    return sum(count for kind, count in units.items() if kind not in PEOPLE)


@pytest.mark.parametrize(
    ("workload", "limit"),
    [
        ({"batch": 100, "events": 4_100}, 100),
        ({"batch": 100, "events": 4_100, "group": 1}, 100),
        ({"batch": 500, "events": 4_500}, 70),
        ({"batch": 500, "events": 4_500, "group": 1}, 70),
        ({"batch": 1, "events": 4_100, "gathered": 100}, 120),
        ({"batch": 1, "events": 4_100, "gathered": 100, "group": 1}, 120),
    ],
    ids=lambda value: str(value),
)
def test_a_thousand_events_cost_no_more_than(visitors, workload, limit):
    assert event_units(cost(visitors, **workload)) <= limit


def test_single_events_that_are_not_gathered_would_cost_ten_times_as_much(visitors):
    alone = event_units(cost(visitors, batch=1, events=500))
    together = event_units(cost(visitors, batch=1, events=500, gathered=100))

    assert together * 7 < alone
