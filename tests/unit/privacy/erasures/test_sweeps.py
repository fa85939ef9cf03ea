"""What a sweep looks at follows the person's data, and it misses nothing."""

import pytest

from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Period, Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, Event, Log
from groundswell.events.eventlog.snapshot import take
from groundswell.events.reconcile.service import ReconcileService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.folder import HOURS, Folder
from groundswell.operations.model import Operation
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.privacy.erasures import sweeps
from groundswell.privacy.erasures.sweeps import Sweeps, beginning
from tests.clock import START, Clock
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
NOW = int(START.timestamp() * 1000)
ADA = [Identifier(IdKind.USER, "ada")]


class World:
    def __init__(self):
        self.store, self.clock = FakeEventLog(), Clock()
        self.committer = Committer(self.store, self.clock)
        self.numbers = 0

    def send(self, *users, ts=None, repeats=(), deliver=True):
        now = int(self.clock().timestamp() * 1000)
        names = [*repeats, *(f"{user} {self.numbers + at}" for at, user in enumerate(users))]
        self.numbers += len(users)
        events = [
            Event(id=name, kind="track", name=f"seen by {name.split()[0]}", ts=ts or now, user_id=name.split()[0])
            for name in names
        ]
        data = encode(events, now)
        (sk,) = self.store.append(LOG, [data], now)
        if deliver:
            self.committer.commit(LOG, [Incoming(sk, Block(data))])
        self.clock.advance(seconds=60)

    def reconcile(self):
        self.clock.advance(hours=1)
        ReconcileService(self.store, self.committer, self.clock).run(lambda: True)

    def erase(self, target, known, start="B#"):
        """The counts of a whole sweep."""
        job = Sweeps(self.store, Eraser(self.store, self.committer, self.clock))
        at = Operation("o", "client", "org", "erasure", "me", self.clock(), self.clock())
        after = at.at(1, since=start, from_block=start)
        while after is not None:
            at, after = after, job.step(after, target, known)
        return at.state.get("swept")

    def left(self, name):
        blocks = self.store.blocks_between(LOG, "B#", "C")
        return [event for _, data in blocks for event in Block(data).events if event.user_id == name]


@pytest.fixture
def world():
    return World()


def ada():
    return Somebody.named(ADA)


def test_the_work_follows_the_persons_data_and_not_the_log(world):
    for number in range(300):
        world.send("ada", "bob") if number % 100 == 50 else world.send("bob", "eve")
    Folder(world.store).fold(LOG)
    world.reconcile()
    world.send("eve")

    counts = world.erase(ada(), ADA)

    assert counts == {"erased": 3, "repeats": 0, "blocks": 3, "looked_at": 4}
    assert world.left("ada") == []
    assert len(world.left("bob")) == 300


def test_nothing_is_missed_that_no_index_knows(world, monkeypatch):
    monkeypatch.setattr(sweeps, "_LOADED", 3)
    for _ in range(10):
        world.send("bob")
    world.send("ada")  # committed, not folded
    world.reconcile()
    world.send("ada")  # younger than reconcile's last round
    world.send("ada", deliver=False)  # nobody has counted it
    world.send("eve", repeats=["ada 10"])  # a repeat beside something new
    world.send(repeats=["ada 10"], deliver=False)  # nothing but a repeat

    counts = world.erase(ada(), ADA)

    assert (counts["erased"], world.left("ada")) == (3, [])
    assert len(world.left("bob")) == 10


def test_where_blocks_were_lost_every_block_is_looked_at(world):
    world.send("ada", "bob", deliver=False)
    world.clock.advance(days=40)
    world.reconcile()

    counts = world.erase(ada(), ADA)

    assert (counts["erased"], counts["repeats"], counts["blocks"]) == (0, 1, 1)
    assert world.left("ada") == []


def test_a_sweep_ends_in_steps_of_some_blocks(world, monkeypatch):
    monkeypatch.setattr(sweeps, "_LOADED", 2)
    monkeypatch.setattr(sweeps, "_LOOKED_AT", 2)
    for number in range(31):
        world.send("ada" if number % 7 == 0 else "bob")

    counts = world.erase(ada(), ADA)

    assert (counts["erased"], counts["looked_at"] >= 31, world.left("ada")) == (5, True, [])


def test_a_time_is_looked_for_from_a_day_before_it(world):
    for _ in range(5):
        world.send("bob")
    world.clock.advance(days=5)
    start = int(world.clock().timestamp() * 1000)
    world.send("ada", ts=start + 22 * HOUR)  # a clock that is ahead
    world.clock.advance(days=3)
    world.send("ada", ts=start + 23 * HOUR)  # sent late
    period = Period(start + 20 * HOUR, start + DAY)

    counts = world.erase(period, [], beginning(start + 20 * HOUR))

    assert counts == {"erased": 2, "repeats": 0, "blocks": 2, "looked_at": 2}


def test_rollups_and_index_are_without_the_erased_when_the_blocks_are(world):
    world.send("ada", "bob")
    world.erase(ada(), ADA)

    assert take(world.store, LOG).tail == (), "nobody has to wait for the next fold"
    (page,) = world.store.pages(LOG, HOURS, [NOW // HOUR])[NOW // HOUR]
    counts = {name: sum(tally.count for tally in row.values()) for name, row in page.cells.items()}
    assert counts == {"seen by ada": 0, "seen by bob": 1}


def test_a_count_is_of_events_that_counted(world):
    world.send("ada")
    world.send("bob", repeats=["ada 0"])
    affected_blocks = find(world.store.blocks_between(LOG, "B#", "C"), ada())

    settled, counted = Eraser(world.store, world.committer, world.clock).look(LOG, affected_blocks, ada())

    assert (len(settled), counted) == (2, 1)
