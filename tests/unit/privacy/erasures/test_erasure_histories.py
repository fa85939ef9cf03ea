"""Random streams with erasures, crashes and replays: no trace in any reader or block, everybody else exact."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Period, Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, WINDOW, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.reconcile.service import ReconcileService
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.fakes.event_log import Crash, FakeEventLog

LOG = Log("client", "0")
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
WHOLE = Window(0, START + 400 * DAY)
USERS, DEVICES = 7, 9


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(protocol, "_SEGMENT_IDS", 60)
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)


class World:
    """Posts, deliveries, erasures, in any order and cut short anywhere."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.store = FakeEventLog()
        self.now = START
        self.originals: list[tuple[str, bytes]] = []
        self.crashes = 0
        self.erased: list[Somebody | Period] = []
        self.consumers = [self.consumer() for _ in range(2)]

    def consumer(self) -> Committer:
        return Committer(self.store, now=self.clock, attempts=200)

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now / 1000, UTC)

    def event(self, number: int) -> Event:
        chosen = random.Random(number)
        user, device = f"user-{chosen.randrange(USERS)}", f"device-{chosen.randrange(DEVICES)}"
        who = chosen.random()
        wallet = f"0xabc{chosen.randrange(5)}" if chosen.random() < 0.2 else None
        ts = START + chosen.randrange(3 * HOUR) if chosen.random() < 0.8 else START - chosen.randrange(60 * DAY)
        return Event(
            id=f"event {number}",
            kind="track",
            name=chosen.choice(["viewed", "bought", "left"]),
            ts=ts,
            user_id=user if who < 0.6 else None,
            anonymous_id=device if who > 0.3 else None,
            value=chosen.choice([None, "1.5", "0", "-2"]),
            properties=b'{"note":"%d"}' % number,
            web3=b'{"address":"%s"}' % wallet.encode() if wallet else b"",
        )

    def post(self, numbers: list[int]) -> None:
        data = encode([self.event(number) for number in numbers], self.now)
        (sk,) = self.store.append(LOG, [data], self.now)
        self.originals.append((sk, data))

    def deliver(self, blocks: list[tuple[str, bytes]]) -> None:
        incoming = [Incoming(sk, Block(data)) for sk, data in blocks]
        self.until_done(lambda: self.random.choice(self.consumers).commit(LOG, incoming))

    def erase(self, target) -> None:
        def once() -> None:
            if isinstance(target, Period):
                self.store.set_forgetting(LOG, self.now + WINDOW)
            eraser = Eraser(self.store, self.consumer(), self.clock)
            blocks = list(self.store.blocks_between(LOG, "B#", "C"))
            for start in range(0, len(blocks), 7):
                eraser.erase(LOG, find(blocks[start : start + 7], target), target)

        self.until_done(once)
        self.erased.append(target)

    def until_done(self, act) -> None:
        """Dies before or after any call, is done again, and others commit in between."""
        while True:
            self.store.before = self.store.after = lambda _: self._disturb()
            try:
                return act()
            except Crash:
                self.crashes += 1
                if self.random.random() < 0.5:
                    self.consumers[0] = self.consumer()
            finally:
                self.store.before = self.store.after = lambda _: None

    def _disturb(self) -> None:
        if self.random.random() < 0.02:
            raise Crash
        if self.originals and self.random.random() < 0.02:
            before, self.store.before, self.store.after = self.store.before, lambda _: None, lambda _: None
            repeats = self.random.sample(self.originals, min(3, len(self.originals)))
            self.consumer().commit(LOG, [Incoming(sk, Block(data)) for sk, data in repeats])
            self.store.before = self.store.after = before

    def live(self) -> None:
        ids = 0
        for _ in range(40):
            self.now += self.random.choice([1, 1000, MINUTE, HOUR])
            fresh = list(range(ids, ids + self.random.randrange(1, 12)))
            ids += len(fresh)
            self.post(fresh + [self.random.randrange(ids) for _ in range(self.random.randrange(4))])
            if self.random.random() < 0.5:
                recent = self.originals[-10:]
                self.deliver(self.random.sample(recent, self.random.randrange(1, len(recent) + 1)))
        self.deliver(self.originals)


def somebody(number):
    return Somebody.named(
        [
            Identifier(IdKind.USER, f"user-{number}"),
            Identifier(IdKind.ANONYMOUS, f"device-{number}"),
            Identifier(IdKind.WALLET, f"0xabc{number % 5}"),
        ]
    )


def expected(world):
    """One event an id, but for what was erased, by looking at nothing but what was posted."""
    counted = {event.id: event for _, data in world.originals for event in Block(data).events}
    return [event for event in counted.values() if not any(gone.fate(event).name == "ERASED" for gone in world.erased)]


def check(world):
    service, left = AnalyticsService(world.store, world.clock), expected(world)
    seen, position = [], None
    while True:
        page = service.events("client", Filter(WHOLE), 17, position)
        seen += [entry.event for entry in page.items]
        position = page.next
        if position is None:
            break
    assert Counter(event.id for event in seen) == Counter(event.id for event in left)
    for name in (None, "bought"):
        for window in (Window(START - 61 * DAY, START + 4 * HOUR), Window(START + 17, START + 95 * MINUTE)):
            series = service.series("client", "events", Question(window, Granularity.HOUR, name))
            truth = Counter(event.ts // HOUR for event in left if name in (None, event.name) and event.ts in window)
            assert {p.ts // HOUR: p.tally.count for p in series.points if p.tally.count} == dict(truth)
            sums = sum(float(event.value or 0) for event in left if name in (None, event.name) and event.ts in window)
            assert float(series.total.total or 0) == sums
    for _, data in world.store.blocks_between(LOG, "B#", "C"):
        block = Block(data)
        for at, event in enumerate(block.events):
            if at in block.erased:
                assert (event.id, event.name, event.user_id, event.properties, event.value) == ("", "", None, b"", None)
            else:
                assert all(gone.fate(event).name == "KEPT" for gone in world.erased)


def drift(world):
    world.now += 10 * MINUTE
    report = ReconcileService(world.store, world.consumer(), world.clock).run(lambda: True)
    return report.drift, report.recovered, report.lost


@pytest.mark.parametrize("seed", range(12))
def test_erasures_leave_no_trace_and_everybody_else_exact(seed):
    world = World(seed)
    world.live()
    check(world)

    world.erase(somebody(seed % USERS))
    check(world)
    world.erase(Period(START + 10 * MINUTE, START + 50 * MINUTE))
    world.erase(somebody((seed + 3) % USERS))
    check(world)
    world.deliver(world.originals)  # the stream's records still have everything

    check(world)
    assert drift(world) == (0, 0, 0)
    check(world)
    assert world.crashes


@pytest.mark.parametrize("seed", range(4))
def test_what_is_sent_again_after_a_time_was_erased_leaves_nothing(seed):
    world = World(seed)
    world.live()
    world.erase(Period(START - 61 * DAY, START + 50 * MINUTE))
    sent = len({event.id for _, data in world.originals for event in Block(data).events})

    for _ in range(10):
        again = [world.random.randrange(sent) for _ in range(world.random.randrange(1, 9))]
        world.now += 1000
        world.post(again)
        world.deliver(world.originals[-3:])
    world.deliver(world.originals)

    check(world)


def test_an_erasure_among_blocks_that_nobody_counted_yet(monkeypatch):
    world = World(99)
    for number in range(0, 60, 10):
        world.now += 1000
        world.post(list(range(number, number + 10)))

    world.erase(somebody(2))
    world.deliver(world.originals)

    check(world)


def test_a_consumer_that_starts_cold_still_knows_erased_ids():
    world = World(5)
    world.live()
    world.erase(Period(0, START + 400 * DAY))
    world.consumers = [world.consumer(), world.consumer()]

    world.post(list(range(20)))
    world.deliver(world.originals)

    assert AnalyticsService(world.store, world.clock).events("client", Filter(WHOLE), 10).items == ()
