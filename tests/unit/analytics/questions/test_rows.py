"""Rows against a brute-force list, and what a request may read."""

import random
from functools import cached_property

import pytest

from groundswell.analytics.questions import rows as reading
from groundswell.analytics.questions.rows import RowReader, TooManyEvents
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from tests.fakes.event_log import FakeEventLog
from tests.unit.events.rollups.history import START, World

WHOLE = Window(START - 100 * DAY, START + 100 * DAY)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    monkeypatch.setattr(protocol, "_GROUP_BLOCKS", 8)
    monkeypatch.setattr(reading, "_LOAD", 4)
    monkeypatch.setattr(reading, "_KEPT", 6)


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_the_counted_events_oldest_first(seed):
    world = World(seed)
    world.live(rounds=40, crash=0.02 if seed % 2 else 0)
    expected = world.expected()
    chosen = random.Random(seed)
    low, high = START - 61 * DAY, START + 4 * HOUR
    for window in [WHOLE, *(Window(*sorted(chosen.sample(range(low, high), 2))) for _ in range(4))]:
        reader = RowReader(world.store, "client")
        rows = list(reader.between(window))
        assert [row.ts for row in rows] == sorted(row.ts for row in rows)
        assert sorted((row.name, row.ts) for row in rows) == sorted(
            (event.name, event.ts) for event in expected if event.ts in window
        )
        for row in rows:
            event = row.block.events[row.position]
            assert (row.ts, row.name, row.kind, row.user_id) == (event.ts, event.name, event.kind, event.user_id)
            assert row.person == event.user_id
        parts = [(part.sk, position) for part in reader.parts(window) for position in part.positions]
        assert len(set(parts)) == len(parts) == len(rows)


def test_what_is_committed_after_a_reader_was_made_is_not_in_it():
    world = World(1)
    world.live(rounds=10, crash=0)
    reader = RowReader(world.store, "client")
    before = len(list(reader.between(WHOLE)))
    world.now += MINUTE
    world.post(list(range(10_000, 10_020)))
    world.deliver(world.offered[-1:], crash=0)

    assert len(list(reader.between(WHOLE))) == before
    assert len(list(RowReader(world.store, "client").between(WHOLE))) == before + 20


def test_a_range_with_too_many_events_is_refused_before_a_block_is_opened():
    world = World(2)
    world.live(rounds=40, crash=0)
    events = len(world.expected())
    world.store.before = lambda name: pytest.fail("opened blocks") if name == "blocks" else None

    with pytest.raises(TooManyEvents, match=f"about {events} events"):
        next(RowReader(world.store, "client", most=events - 1).between(WHOLE))
    RowReader(world.store, "client", most=events).check(WHOLE)


def test_a_client_without_events_has_no_rows():
    reader = RowReader(FakeEventLog(), "client")

    assert (list(reader.between(WHOLE)), reader.as_of) == ([], None)


class Watched(list):
    """Counts how often one of them is looked up."""

    lookups = 0

    def __getitem__(self, at):
        Watched.lookups += 1
        return super().__getitem__(at)


def test_a_block_that_spans_many_hours_is_looked_at_once_not_once_an_hour(monkeypatch):
    world, times = World(3), Block.times.func
    world.live(rounds=40, crash=0)
    watched = cached_property(lambda block: Watched(times(block)))
    watched.__set_name__(Block, "times")
    monkeypatch.setattr(Block, "times", watched)
    monkeypatch.setattr(reading, "_KEPT", 1_000)
    Watched.lookups = 0

    assert len(list(RowReader(world.store, "client").between(WHOLE))) == len(world.expected())
    assert 0 < Watched.lookups <= 3 * sum(len(incoming.block) for incoming in world.offered)
