"""Gate R5: each batch five times, shuffled, one record in a hundred poison."""

import random
from datetime import UTC, datetime

import pytest

from groundswell.analytics.questions.model import Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.block import encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.service import Poison, Record, RollupService
from tests.fakes.event_log import Crash, FakeEventLog

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)


class FakeQuarantine(list):
    def put(self, poison: Poison) -> None:
        self.append(poison)


class Stream:
    def __init__(self):
        self.store = FakeEventLog()
        self.store.spread = True
        self.quarantine = FakeQuarantine()
        self.service = self.consumer()
        self.sequence = 0

    def consumer(self):
        committer = Committer(self.store, lambda: NOW, attempts=3)
        return RollupService(committer, self.quarantine, outages=(Crash,))

    def record(self, client, ids, received=START):
        events = [Event(id=str(identifier), kind="track", name="viewed", ts=START) for identifier in ids]
        return self.raw(client, encode(events, received), received)

    def raw(self, client, data, received=START):
        log = Log(client, "0")
        (sk,) = self.store.append(log, [data], received)
        self.sequence += 1
        return Record(str(self.sequence), keys.write_shard(log, sk), sk, data)

    def total(self, client):
        question = Question(Window(START - DAY, START + DAY), Granularity.DAY)
        return AnalyticsService(self.store, lambda: NOW).series(client, "events", question).total.count


@pytest.fixture
def stream():
    return Stream()


@pytest.mark.parametrize("seed", range(5))
def test_the_store_holds_the_unique_ids_and_the_quarantine_exactly_the_poison(stream, seed):
    chosen = random.Random(seed)
    records, unique, poison = [], {"a": set(), "b": set()}, set()
    for number in range(200):
        client = chosen.choice("ab")
        if number % 100 == 7:
            records.append(stream.raw(client, chosen.randbytes(200)))
            poison.add(records[-1].sk)
            continue
        ids = [chosen.randrange(3000) for _ in range(10)]
        unique[client] |= set(ids)
        records.append(stream.record(client, ids))
    deliveries = [records[at : at + 20] for at in range(0, 200, 20)] * 5
    chosen.shuffle(deliveries)
    for delivery in deliveries:
        chosen.shuffle(delivery)
        assert stream.service.take(delivery).again == ()

    assert {client: stream.total(client) for client in "ab"} == {client: len(ids) for client, ids in unique.items()}
    assert {record.sk for record in stream.quarantine} == poison
    assert all(record.reason for record in stream.quarantine)


def test_a_redrive_of_everything_changes_nothing(stream):
    records = [stream.record("a", range(number, number + 5)) for number in range(0, 50, 5)]
    assert stream.service.take(records).fresh == 50

    assert stream.service.take(records).fresh == 0
    assert stream.consumer().take(records[::-1]).fresh == 0
    assert stream.total("a") == 50


def test_one_logs_outage_is_no_others(stream):
    good, bad = stream.record("a", range(5)), stream.record("b", range(5))
    calls = []

    def fail_for_b(name):
        calls.append(name)
        if stream.store.head(Log("a", "0")):  # a's commit is made; what follows is b's
            raise Crash

    stream.store.before = fail_for_b
    outcome = stream.service.take([good, bad])
    stream.store.before = lambda name: None

    assert (outcome.fresh, outcome.again) == (5, (bad.sequence,))
    assert stream.service.take([bad]).fresh == 5


class TimeIsUp(BaseException):
    """Lambda ends the process."""


def test_a_noisy_client_keeps_nobody_waiting_even_if_there_is_no_time_for_it(stream):
    noisy = [stream.record("noisy", range(at * 50, at * 50 + 50)) for at in range(80)]
    small = [stream.record(f"small {at}", range(5)) for at in range(20)]
    commits = [f"small {at}" for at in range(20)]

    def time_is_up(name):
        if all(stream.store.head(Log(commit, "0")) for commit in commits):
            raise TimeIsUp

    stream.store.before = time_is_up
    with pytest.raises(TimeIsUp):
        stream.service.take([*noisy[:40], *small, *noisy[40:]])
    stream.store.before = lambda name: None

    assert [stream.total(commit) for commit in commits] == [5] * 20
    assert stream.total("noisy") == 0
    assert stream.consumer().take([*noisy, *small]).fresh == 4000


def test_a_block_nobody_can_judge_any_more_is_put_aside_and_the_others_count(stream):
    old, new = stream.record("a", ["old"], received=START - 30 * DAY), stream.record("a", ["new"])

    outcome = stream.service.take([old, new])

    assert (outcome.fresh, outcome.poison, outcome.again) == (1, 1, ())
    assert "30 days" in stream.quarantine[0].reason


def test_a_key_that_is_no_logs_is_put_aside(stream):
    record = stream.record("a", [1])

    outcome = stream.service.take([Record("1", "LOGS", record.sk, record.data)])

    assert outcome.poison == 1
