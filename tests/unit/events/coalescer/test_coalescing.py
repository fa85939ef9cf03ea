"""Small requests become one block, and nothing is lost or counted twice on the way."""

import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError

from groundswell.events.coalescer.adapter_queue import CoalescingWriter
from groundswell.events.coalescer.model import LARGEST, to_message
from groundswell.events.coalescer.service import CoalescerService, Message
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.service import IngestService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.benchmarks import samples
from tests.clock import START, Clock
from tests.fakes.event_log import FakeEventLog

NOW = int(START.timestamp() * 1000)


class Queue:
    """SQS, as much of it as the ingest path uses."""

    def __init__(self, failure=None):
        self.sent = []
        self.failure = failure

    def send_message(self, **message):
        if self.failure:
            raise self.failure
        self.sent.append(message)


class Direct:
    def __init__(self):
        self.appended = []

    def append(self, log, blocks, received):
        self.appended.append((log, list(blocks), received))
        return ["B#1"] * len(blocks)


class Table:
    """The log in memory; `refused` are clients whose blocks do not get in."""

    def __init__(self):
        self.log = FakeEventLog()
        self.refused = set()
        self.blocks = []

    def append_all(self, blocks, at):
        lost = []
        for place, (log, data) in enumerate(blocks):
            if log.client_id in self.refused:
                lost.append(place)
                continue
            (sk,) = self.log.append(log, [data], at)
            self.blocks.append((log, sk, Block(data)))
        return lost


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def letters():
    return []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def service(table, letters, clock):
    return CoalescerService(table, lambda body, reason: letters.append((body, reason)), clock)


def event(name, **changes):
    fields = {
        "id": name,
        "kind": "track",
        "name": "viewed",
        "ts": NOW - 5000,
        "sent_at": NOW - 10,
        "client_ts": NOW - 5050,
        "user_id": "ada",
        "value": "1.50",
        "properties": b'{"price":1.50,"tags":["a"]}',
        "context": b'{"ip":"203.0.113.0"}',
    }
    return Event(**fields | changes)


def message(name, client="client", received=NOW, events=None):
    block = encode(events or [event(name)], received)
    return Message(f"message {name}", to_message(Log(client, "0"), block))


def test_single_events_of_a_client_become_one_block_in_the_order_they_were_received(service, table):
    messages = [message(f"{at}", received=NOW + at) for at in (3, 1, 2)]

    outcome = service.take(messages)

    [(log, _, block)] = table.blocks
    assert log == Log("client", "0")
    assert block.events == [event("1"), event("2"), event("3")]
    assert block.received == NOW + 3, "no event was received before it happened"
    assert (outcome.events, outcome.blocks, outcome.again) == (3, 1, ())


def test_clients_never_share_a_block(service, table):
    service.take([message("1", "a"), message("2", "b"), message("3", "a")])

    assert {log.client_id: block.ids for log, _, block in table.blocks} == {"a": ["1", "3"], "b": ["2"]}


def test_a_message_that_comes_again_is_counted_once(service, table, clock):
    for _ in range(3):
        service.take([message("1"), message("2")])
        service.take([message("2"), message("3")])
        clock.advance(minutes=1)

    incoming = [Incoming(sk, block) for _, sk, block in table.blocks]
    assert len(incoming) == 6
    assert Committer(table.log, clock).commit(Log("client", "0"), incoming) == 3


def test_a_message_that_waited_keeps_its_time_of_receipt(service, table, clock):
    """By which repeats are judged: sent again from the dead letters a week later, it is still the same event."""
    service.take([message("1")])
    clock.advance(days=8)
    service.take([message("1"), message("fresh", received=NOW + 8 * DAY)])

    assert sorted((block.received, block.ids) for _, _, block in table.blocks) == [
        (NOW, ["1"]),
        (NOW, ["1"]),
        (NOW + 8 * DAY, ["fresh"]),
    ]
    incoming = [Incoming(sk, block) for _, sk, block in table.blocks]
    assert Committer(table.log, clock).commit(Log("client", "0"), incoming) == 2
    assert int(table.blocks[-1][1][2:15]) >= NOW + 8 * DAY - 1, "reconcile looks for it where it was written"


def test_what_cannot_be_read_is_put_aside_with_its_reason_and_the_rest_is_written(service, table, letters):
    whole = message("2").body
    bad = ["", "{}", "nonsense", whole[:-40], '{"client_id":"a#b","shard":"0","block":""}', '{"client_id":"\\ud800"}']

    outcome = service.take([message("1"), *(Message(f"bad {at}", body) for at, body in enumerate(bad)), message("3")])

    assert [body for body, _ in letters] == bad
    assert all(reason for _, reason in letters)
    assert (outcome.poison, outcome.again) == (len(bad), ())
    assert table.blocks[0][2].ids == ["1", "3"]


def test_one_clients_trouble_is_no_others(service, table):
    table.refused = {"hot"}

    outcome = service.take([message("1", "hot"), message("2", "quiet"), message("3", "hot")])

    assert outcome.again == ("message 1", "message 3")
    assert [log.client_id for log, _, _ in table.blocks] == ["quiet"]


def test_a_burst_is_cut_into_blocks_that_fit(service, table):
    service.take([message(f"m{at}", events=[event(f"{at}-{n}") for n in range(10)]) for at in range(600)])

    assert [len(block) for _, _, block in table.blocks] == [2500, 2500, 1000]


def test_events_that_unpack_to_a_lot_are_not_held_all_at_once(service, table):
    wide = b'{"text":"%s"}' % (b"a" * 30_000)
    messages = [message(f"m{at}", events=[event(f"{at}-{n}", properties=wide) for n in range(10)]) for at in range(20)]

    service.take(messages)

    assert [len(block) for _, _, block in table.blocks] == [50, 50, 50, 50]


def test_a_small_block_waits_in_its_clients_group_and_is_not_written_as_well():
    queue, direct = Queue(), Direct()
    block = encode([event("1")], NOW)

    names = CoalescingWriter(direct, lambda: queue, "url", pytest.fail).append(Log("client", "0"), [block], NOW)

    assert (names, direct.appended) == ([], [])
    assert queue.sent == [
        {"QueueUrl": "url", "MessageBody": to_message(Log("client", "0"), block), "MessageGroupId": "client"}
    ]


@pytest.mark.parametrize("blocks", [[b"x" * (LARGEST + 1)], [b"x", b"y"]])
def test_what_is_large_enough_is_written_at_once(blocks):
    queue, direct = Queue(), Direct()

    CoalescingWriter(direct, lambda: queue, "url", pytest.fail).append(Log("client", "0"), blocks, NOW)

    assert (queue.sent, direct.appended) == ([], [(Log("client", "0"), blocks, NOW)])


def test_fifteen_ordinary_events_wait_and_a_hundred_do_not():
    visitors, sizes = samples.Visitors(), {}
    for count in (1, 15, 100):
        direct = Direct()
        body = msgspec.json.encode({"batch": visitors.messages(count)})
        IngestService(direct, Clock(samples.NOW), lambda: "made").segment("client", *envelope(body))
        sizes[count] = len(direct.appended[0][1][0])

    assert sizes[1] < sizes[15] * 0.8 < LARGEST < sizes[100]


def test_a_queue_out_of_order_loses_nothing():
    queue, direct, log_lines = Queue(EndpointConnectionError(endpoint_url="x")), Direct(), list[str]()
    block = encode([event("1")], NOW)

    CoalescingWriter(direct, lambda: queue, "url", log_lines.append).append(Log("client", "0"), [block], NOW)

    assert direct.appended == [(Log("client", "0"), [block], NOW)]
    assert log_lines == ['Could not connect to the endpoint URL: "x"']
