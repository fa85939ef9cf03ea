"""The live tail against reading everything, and that it reads no more than it shows."""

import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from groundswell.analytics.questions.live import Mark, tail
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)
LIMITS = (1, 7, 1_000)


class Metered(FakeEventLog):
    def __init__(self):
        super().__init__()
        self.opened, self.commits_read = [], 0

    def blocks(self, log, keys_):
        blocks = super().blocks(log, keys_)
        self.opened += blocks
        return blocks

    def commits(self, log, after, through=None):
        for commit in super().commits(log, after, through):
            self.commits_read += 1
            yield commit


def written(*commits):
    """Each commit of several blocks, each block of events by their ids."""
    store, received = Metered(), START
    committer = Committer(store, lambda: NOW)
    for blocks in commits:
        incoming = []
        for ids in blocks:
            received += 1
            data = encode([Event(id=identifier, kind="track", name="e", ts=START) for identifier in ids], received)
            incoming.append(Incoming(store.append(LOG, [data], received)[0], Block(data)))
        committer.commit(LOG, incoming)
    store.opened.clear()
    store.commits_read = 0
    return store


def ids(page):
    return [seen.event.id for seen in page.events]


def random_commits(seed):
    """Some ids come again; so blocks and commits have gaps."""
    chosen = random.Random(seed)
    blocks = [[f"{chosen.randrange(90)}" for _ in range(chosen.randrange(1, 9))] for _ in range(30)]
    cuts = sorted(chosen.sample(range(1, 30), 8))
    return [blocks[start:end] for start, end in pairwise([0, *cuts, 30])]


@pytest.mark.parametrize("seed", range(8))
def test_the_newest_are_the_last_of_all_and_their_cursor_goes_on_behind_them(seed):
    commits = random_commits(seed)
    store = written(*commits)
    whole = list(dict.fromkeys(event_id for blocks in commits for block in blocks for event_id in block))

    for limit in LIMITS:
        newest = tail(store, LOG, None, limit)
        assert ids(newest) == whole[-limit:]
        assert tail(store, LOG, newest.mark, limit).events == ()
        event_ids, mark = [], Mark(1, 0)
        while (page := tail(store, LOG, mark, limit)).events:
            event_ids, mark = event_ids + ids(page), page.mark
        assert event_ids == whole


def imported():
    """1,900 blocks of ten events in 19 commits."""
    return written(*([[f"{commit} {block} {at}" for at in range(10)] for block in range(100)] for commit in range(19)))


def test_the_newest_of_an_import_are_read_and_not_its_last_twenty_commits():
    store = imported()

    assert ids(tail(store, LOG, None, 25)) == [f"18 {at // 10} {at % 10}" for at in range(975, 1000)]
    assert store.commits_read == 1
    assert len(store.opened) <= 4


def test_asking_again_after_an_import_opens_nothing():
    store = imported()
    newest = tail(store, LOG, None, 25)
    store.opened.clear()

    assert tail(store, LOG, newest.mark, 25).events == ()
    assert store.opened == []


def test_going_through_an_import_from_its_beginning_opens_what_is_shown():
    store = imported()

    assert len(tail(store, LOG, Mark(1, 0), 25).events) == 25
    assert len(store.opened) <= 7
