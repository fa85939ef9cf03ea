"""Repeats leave no content behind, and what counts stays, however often the stream tells of it."""

from datetime import UTC, datetime

import pytest

from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import HOUR, Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.event_log import FakeEventLog

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)
LOG = Log("client", "0")


class World:
    def __init__(self):
        self.store = FakeEventLog()
        self.committer = self.consumer()
        self.received = START

    def consumer(self):
        return Committer(self.store, lambda: NOW)

    def post(self, *ids, log=LOG, apart=0):
        self.received += 1
        events = [
            Event(
                id=identifier, kind="track", name="seen", ts=START - HOUR - apart * number, user_id=f"of {identifier}"
            )
            for number, identifier in enumerate(ids)
        ]
        data = encode(events, self.received)
        (sk,) = self.store.append(log, [data], self.received)
        return Incoming(sk, Block(data))

    def deliver(self, *incoming, log=LOG):
        return self.committer.commit(log, incoming)

    def users(self, incoming, log=LOG):
        return [event.user_id for event in Block(self.store.blocks(log, [incoming.sk])[incoming.sk]).events]


@pytest.fixture
def world():
    return World()


def test_a_block_that_brings_nothing_new_keeps_nothing(world):
    first, again = world.post("a", "b"), world.post("a", "b")

    assert (world.deliver(first), world.deliver(again)) == (2, 0)

    assert world.users(first) == ["of a", "of b"]
    assert world.users(again) == [None, None]
    assert len(Block(world.store.blocks(LOG, [again.sk])[again.sk]).erased) == 2


def test_the_stream_told_again_takes_nothing_from_what_counts(world):
    first, again = world.post("a", "b"), world.post("b", "a")
    for _ in range(3):
        world.deliver(again, first)
        world.committer = world.consumer()

    assert sorted(map(str, world.users(first) + world.users(again))) == ["None", "None", "of a", "of b"]
    assert world.deliver(world.post("b", "c")) == 1


def test_repeats_beside_something_new_stay_until_a_time_is_erased(world):
    world.deliver(world.post("a"))
    before, after = world.post("a", "b"), world.post("b", "c")
    world.deliver(before)
    world.store.set_forgetting(LOG, world.received + 1)

    world.deliver(after)

    assert world.users(before) == ["of a", "of b"]
    assert world.users(after) == [None, "of c"]
    later = world.post("c", "d")
    world.deliver(later)
    assert world.users(later) == ["of c", "of d"], "that time is over"


def test_a_worker_that_died_before_it_is_made_up_for_by_the_next_one(world):
    first, again = world.post("a"), world.post("a")
    world.deliver(first)
    rewrite, world.store.rewrite_block = world.store.rewrite_block, None
    with pytest.raises(TypeError):
        world.deliver(again)
    world.store.rewrite_block = rewrite
    world.deliver(again)

    assert world.users(again) == [None]


def test_points_of_metrics_are_left_alone(world):
    log = Log("client", "m")
    first, again = world.post("a", log=log), world.post("a", log=log)
    world.deliver(first, again, log=log)

    assert world.users(again, log) == ["of a"]


def test_a_repeated_import_of_months_looks_into_no_index_and_a_replay_into_one_hour(world):
    ids, lookups = [str(number) for number in range(60)], list[str]()
    first, again = world.post(*ids, apart=25 * HOUR), world.post(*ids, apart=25 * HOUR)
    world.deliver(first)
    world.store.before = lookups.append

    world.deliver(again)
    assert (lookups.count("hours"), world.users(again)) == (0, [None] * 60)

    world.deliver(first)
    assert (lookups.count("hours"), world.users(first)[:1]) == (1, ["of 0"])


def test_of_two_blocks_of_one_millisecond_the_one_that_counts_stays(world):
    first = world.post("a", "b")
    world.received -= 1
    again = world.post("a", "b")
    world.deliver(first)
    world.deliver(again)

    assert world.users(first) == ["of a", "of b"]
    assert world.users(again) == [None, None]
