"""An import touches very many hours: it waits to be folded while it goes on, and is folded when it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import HOUR, Event, Log
from groundswell.events.eventlog.snapshot import take
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import people_at
from groundswell.events.reconcile.service import ReconcileService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")


class World:
    def __init__(self):
        self.store, self.time, self.sent = FakeEventLog(), datetime(2026, 3, 1, tzinfo=UTC), 0
        self.committer = Committer(self.store, lambda: self.time)

    def send(self, events):
        """One event an hour, back in time."""
        ms = int(self.time.timestamp() * 1000)
        made = [
            Event(id=f"{self.sent} {at}", kind="track", name="e", ts=ms - at * HOUR, user_id=f"u{at % 50}")
            for at in range(events)
        ]
        self.sent += 1
        data = encode(made, ms)
        self.committer.commit(LOG, [Incoming(self.store.append(LOG, [data], ms)[0], Block(data))])

    def bring_in(self, commits=19, events=100):
        for _ in range(commits):
            self.send(events)
            self.time += timedelta(seconds=2)

    @property
    def waiting(self):
        return len(take(self.store, LOG).tail)

    def reconcile(self):
        ReconcileService(self.store, self.committer, lambda: self.time).run(lambda: True)


@pytest.fixture
def world():
    return World()


def test_an_import_that_goes_on_waits(world):
    world.bring_in()

    assert world.waiting == 19


def test_what_comes_after_a_pause_folds_the_import_before_it(world):
    world.bring_in()
    world.time += timedelta(minutes=2)

    world.send(1)

    assert world.waiting == 0


def test_an_import_that_nothing_follows_is_folded_by_reconcile(world):
    world.bring_in()
    world.time += timedelta(minutes=6)

    world.reconcile()

    assert world.waiting == 0


def test_reconcile_leaves_an_import_alone_that_goes_on(world):
    world.bring_in()

    world.reconcile()

    assert world.waiting == 19


def test_a_few_events_wait_for_more(world):
    world.bring_in(3, 20)
    world.time += timedelta(hours=1)

    world.send(1)
    world.time += timedelta(hours=1)
    world.reconcile()

    assert world.waiting == 4


def test_who_is_who_is_known_without_opening_a_block_once_the_import_is_folded(world):
    world.bring_in()
    world.time += timedelta(minutes=6)
    before = opened(world.store)

    world.reconcile()

    assert (before, opened(world.store)) == (19, 0)


def opened(store):
    """How many blocks it takes to know who is who."""
    read, blocks = [], store.blocks
    store.blocks = lambda log, sks: read.extend(keys := list(sks)) or blocks(log, keys)
    people_at(store, IdentityCache(store), [take(store, LOG)])
    del store.blocks
    return len(read)
