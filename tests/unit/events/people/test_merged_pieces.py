"""Pieces of the index are merged while others read, merge, die: no block is missed, and few pieces are read."""

import random

import pytest

from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import DEPTHS, BlockRef, bucket, divided, mark
from groundswell.events.eventlog.snapshot import Snapshot
from groundswell.events.people import merging
from groundswell.events.people.merging import PieceMerger
from groundswell.events.people.resolution import blocks_at
from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.fakes.event_log import Crash, FakeEventLog

LOG = Log("client", "0")
PEOPLE = [Identifier(IdKind.USER, f"u{number}") for number in range(40)]


class World:
    """Folds of some commits each, in any of which anybody may have been seen."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.store = FakeEventLog()
        self.seen = {person: set() for person in PEOPLE}
        self.folded = 0
        self.crashes = 0
        self.quiet()

    def quiet(self):
        self.store.before = self.store.after = lambda _: None

    def fold(self, people=6):
        done, self.folded = self.folded, self.folded + self.random.randrange(1, 4)
        seen = {}
        for number in range(2):
            chosen = self.random.sample(PEOPLE, self.random.randrange(1, people))
            spot = BlockRef(f"B#{self.folded:013d}{number}")
            seen[spot] = {mark(LOG.client_id, person) for person in chosen}
            for seen_person in chosen:
                self.seen[seen_person].add(spot.sk)
        depth = self.random.choice([0, 0, 2])
        written = []
        for deep, part, places in divided(seen, depth):
            self.store.put_postings(LOG, deep, part, self.folded, places)
            written.append((deep, part))
        return done, self.folded, written

    def merge(self, fold):
        PieceMerger(self.store).merge(LOG, *fold)

    def view(self):
        return Snapshot(LOG, self.folded, self.folded, (), None)

    def check(self):
        for person in PEOPLE:
            blocks = set(blocks_at(self.store, [self.view()], [person])[LOG])
            assert self.seen[person] <= blocks


@pytest.mark.parametrize("seed", range(6))
def test_whoever_looks_while_it_is_merged_by_two_misses_nothing(seed):
    world = World(seed)

    def disturb(_):
        """The merge dies here, or somebody reads everything, or another merges what is there."""
        chance = world.random.random()
        if chance < 0.02:
            raise Crash
        if chance < 0.1:
            disturbed = world.store.before, world.store.after
            world.quiet()
            if chance < 0.05:
                PieceMerger(world.store)._merge(LOG, world.random.choice([0, 2]), 0)
            world.check()
            world.store.before, world.store.after = disturbed

    for _ in range(80):
        fold = world.fold()
        world.store.before = world.store.after = disturb
        try:
            world.merge(fold)
        except Crash:
            world.crashes += 1
        world.quiet()
    world.check()
    assert world.crashes
    names = world.store.items["client#0#U"]
    assert any(sk.count("#") == 3 for sk in names)
    assert min(sum(sk.startswith(f"{depth}#") for sk in names) for depth in (4, 6)) > 0


@pytest.mark.parametrize("seed", range(4))
def test_a_reader_between_whose_reads_others_merge_misses_nothing(seed):
    world = World(seed)
    for _ in range(30):
        world.fold()

    def merge(name):
        if name == "places" and world.random.random() < 0.5:
            world.quiet()
            depth = world.random.choice([0, 2, 4, 6])
            PieceMerger(world.store)._merge(LOG, depth, world.random.randrange(2**depth))
            world.store.before = merge

    for _ in range(10):
        world.store.before = merge
        for person in PEOPLE:
            assert world.seen[person] <= set(blocks_at(world.store, [world.view()], [person])[LOG])
        world.quiet()
        for _ in range(4):
            world.fold()


def test_a_merge_that_is_done_again_writes_the_same():
    world = World(0)
    for _ in range(9):
        world.fold()
    before = dict(world.store.items["client#0#U"])
    PieceMerger(world.store)._merge(LOG, 0, 0)
    merged = dict(world.store.items["client#0#U"])
    world.store.items["client#0#U"].update(before)  # who died before anything was dropped

    PieceMerger(world.store)._merge(LOG, 0, 0)

    assert world.store.items["client#0#U"] == merged
    assert len(merged) > len(before.keys() & merged.keys())


def test_a_heavy_bucket_is_merged_in_portions_that_fit_an_item(monkeypatch):
    monkeypatch.setattr(merging, "_HEAVIEST", 500)
    world = World(0)
    for _ in range(40):
        world.fold()
    PieceMerger(world.store)._merge(LOG, 0, 0)

    sizes = [merging._weight(piece) for number in range(16) for _, piece in world.store.postings(LOG, 4, number)]
    assert max(sizes) <= 500
    world.check()


def pieces_read(folds, merged):
    """By who looks for somebody in a log of so many folds, each of 8 commits that saw 40 persons."""
    chosen, store = random.Random(folds), FakeEventLog()
    merger = PieceMerger(store)
    for number in range(1, folds + 1):
        seen = {BlockRef(f"B#{number:013d}{part}"): {chosen.randbytes(4) for _ in range(5)} for part in range(8)}
        written = []
        for depth, part, places in divided(seen):
            store.put_postings(LOG, depth, part, number * 8, places)
            written.append((depth, part))
        if merged:
            merger.merge(LOG, number * 8 - 8, number * 8, written)
    person_mark = mark(LOG.client_id, PEOPLE[0])
    return sum(len(list(store.postings(LOG, depth, bucket(person_mark, depth)))) for depth in DEPTHS)


def test_what_a_profile_reads_of_the_index_hardly_grows_with_the_folds(monkeypatch):
    monkeypatch.undo()
    assert [pieces_read(folds, merged=False) for folds in (10, 1_000)] == [10, 1_000]

    read = {folds: pieces_read(folds, merged=True) for folds in (10, 1_000, 10_000)}

    assert read[10] == 10
    assert read[1_000] < 128
    assert read[10_000] < 192, read
