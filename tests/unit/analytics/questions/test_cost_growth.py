"""What an event and a question cost does not depend on how many clients there are."""

from datetime import timedelta

import msgspec
import pytest

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.coalescer.model import to_message
from groundswell.events.coalescer.service import CoalescerService, Message
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import HOUR, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.service import IngestService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.benchmarks import samples
from tests.clock import Clock
from tests.fakes.event_log import FakeEventLog

NOW = int(samples.NOW.timestamp() * 1000)
LOG = Log("measured", "0")


class Priced(FakeEventLog):
    """Counts calls, the kilobytes they write and the items they read."""

    def __init__(self):
        super().__init__()
        self.written = self.read = 0

    def _put(self, pk, sk, data, allowed=lambda old: True):
        self.written += -(-len(data) // 1024)
        return super()._put(pk, sk, data, allowed)

    def _range(self, pk, start, end):
        rows = list(super()._range(pk, start, end))
        self.read += len(rows)
        return iter(rows)


def populated(clients):
    """A log where so many others have events, and its consumer, which served all of them."""
    store, clock = Priced(), Clock(samples.NOW)
    committer = Committer(store, clock)
    for number in range(clients - 1):
        data = encode([Event(id="1", kind="track", name="viewed", ts=NOW)], NOW)
        log = Log(f"other-{number}", "0")
        (sk,) = store.append(log, [data], NOW)
        committer.commit(log, [Incoming(sk, Block(data))])
    store.calls = store.written = store.read = 0
    return store, clock, committer


def cost_of_events(clients):
    store, clock, committer = populated(clients)
    ingest = IngestService(store, clock, lambda: "made")
    visitors = samples.Visitors()
    for _ in range(10):
        clock.time += timedelta(seconds=1)
        body = msgspec.json.encode({"batch": visitors.messages(100), "sentAt": clock().isoformat()})
        before = set(store.items.get("measured#0", ()))
        assert ingest.segment("measured", *envelope(body)).accepted == 100
        for sk in store.items["measured#0"].keys() - before:
            committer.commit(LOG, [Incoming(sk, Block(store.items["measured#0"][sk]))])
    return store.calls, store.written, store.read


def cost_of_questions(clients):
    store, clock, committer = populated(clients)
    events = [Event(id=str(n), kind="track", name="viewed", ts=NOW - n) for n in range(100)]
    (sk,) = store.append(LOG, [data := encode(events, NOW)], NOW)
    committer.commit(LOG, [Incoming(sk, Block(data))])
    store.calls = store.read = 0
    service, window = AnalyticsService(store, clock), Window(NOW - HOUR, NOW + HOUR)
    assert service.series("measured", "events", Question(window, Granularity.MINUTE)).total.count == 100
    assert len(service.events("measured", Filter(window), 50).items) == 50
    return store.calls, store.read


@pytest.mark.parametrize("cost", [cost_of_events, cost_of_questions])
def test_a_thousand_clients_cost_each_what_one_costs_alone(cost):
    assert cost(1) == cost(1000)


def test_single_events_of_a_thousand_clients_take_no_call_more_than_their_blocks_need():
    calls = []

    class Table:
        def batch_write_item(self, **request):
            calls.append(request)
            return {}

    writer = DynamoBlockWriter(Table(), "events", random=lambda: "0")
    block = encode([Event(id="1", kind="track", name="viewed", ts=NOW)], NOW)
    messages = [Message(str(n), to_message(Log(f"client-{n}", "0"), block)) for n in range(1000)]
    service = CoalescerService(writer, lambda body, reason: pytest.fail(reason), Clock(samples.NOW))

    assert service.take(messages).blocks == 1000
    assert len(calls) == -(-1000 // 12)
