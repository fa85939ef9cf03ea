"""Random histories against a brute-force count: duplicates, retries in other batches, replays, shuffles, crashes."""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError

from groundswell.analytics.model import Filter, Granularity, Question, Window
from groundswell.analytics.service import AnalyticsService
from groundswell.eventlog import keys, records
from groundswell.eventlog import writer as writing
from groundswell.eventlog.block import Block, encode
from groundswell.eventlog.model import DAY, HOUR, MINUTE, WINDOW, Event, Log
from groundswell.eventlog.records import EXACT
from groundswell.eventlog.writer import DynamoBlockWriter
from groundswell.rollups import committer as protocol
from groundswell.rollups import pages
from groundswell.rollups.committer import Committer
from groundswell.rollups.judge import Incoming
from tests.fakes.event_log import Crash, FakeEventLog

LOG = Log("client", "0")
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)


class BusyTable:
    """What the writer knows of DynamoDB, in front of the log. It refuses one write in five of a client's usual
    partition, and one in ten of any other."""

    def __init__(self, store: FakeEventLog, chosen: random.Random) -> None:
        self._items = store.items
        self._random = chosen

    def put_item(self, TableName, Item):  # noqa: N803
        if self._refused(Item):
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem")
        self._keep(Item)
        return {"ResponseMetadata": {"RetryAttempts": 0}}

    def batch_write_item(self, RequestItems):  # noqa: N803
        ((table, requests),) = RequestItems.items()
        left = [each for each in requests if self._refused(each["PutRequest"]["Item"])]
        for each in requests:
            if each not in left:
                self._keep(each["PutRequest"]["Item"])
        return {"UnprocessedItems": {table: left} if left else {}}

    def _refused(self, item):
        return self._random.random() < (0.2 if item["pk"]["S"] == keys.partition(LOG) else 0.1)

    def _keep(self, item):
        self._items.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item["d"]["B"] if "d" in item else b""


class World:
    """A log, its consumers, and what the counts must be in the end."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.store = FakeEventLog()
        self.now = START
        self.consumers = [self.consumer() for _ in range(3)]
        self.table = BusyTable(self.store, self.random)
        self.writers = [self.writer() for _ in range(3)]
        self.offered: list[Incoming] = []
        self.crashes = self.races = 0

    def consumer(self) -> Committer:
        return Committer(self.store, now=self.clock, attempts=200)

    def writer(self) -> DynamoBlockWriter:
        def digits() -> str:
            return f"{self.random.randrange(1 << 48):012x}"

        return DynamoBlockWriter(self.table, "events", digits, lambda: self.now / 1000)

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now / 1000, UTC)

    def event(self, number: int) -> Event:
        chosen = random.Random(number)
        ts = START + chosen.randrange(3 * HOUR) if chosen.random() < 0.8 else START - chosen.randrange(60 * DAY)
        name = chosen.choice(["viewed", "bought", "left", f"rare {number % 90}"])
        money = name == "bought" or chosen.random() < 0.05
        return Event(
            id=f"event {number}",
            kind="track",
            name=name,
            ts=ts,
            user_id=f"user {number % 7}",
            value=f"{chosen.randrange(-5, 10**30)}.{chosen.randrange(100):02d}" if money else None,
            currency=chosen.choice(["EUR", "JPY", None]) if money else None,
            fact=f"fact {chosen.randrange(number // 3 + 1)}" if chosen.random() < 0.2 else None,
        )

    def post(self, numbers: list[int]) -> None:
        """By some process. Its write may be throttled: then it, or the client, tries again."""
        data = encode([self.event(number) for number in numbers], self.now)
        writer = self.random.choice(self.writers)
        while True:
            with suppress(ClientError):
                (sk,) = writer.append(LOG, [data], self.now)
                break
        self.offered.append(Incoming(sk, Block(data)))

    def deliver(self, blocks: list[Incoming], crash: float) -> None:
        """By some consumer. It may die before or after any call, or another one may run just then.

        Until it gets through, the stream delivers again.
        """
        which = self.random.randrange(len(self.consumers))
        self.store.before = self.store.after = lambda _: self._disturb(blocks, which, crash)
        while True:
            try:
                self.consumers[which].commit(LOG, blocks)
                break
            except Crash:
                self.crashes += 1
                if self.random.random() < 0.5:  # the process is gone, and what it remembered; else it only lost a call
                    self.consumers[which] = self.consumer()
        self.store.before = self.store.after = lambda _: None

    def _disturb(self, blocks: list[Incoming], which: int, chance: float) -> None:
        if self.random.random() < chance:
            raise Crash
        if self.random.random() < chance:
            quiet, self.store.before, self.store.after = self.store.before, lambda _: None, lambda _: None
            others = [other for at, other in enumerate(self.consumers) if at != which]
            some = self.random.sample(self.offered, min(len(self.offered), 5)) + blocks[:2]
            self.random.choice(others).commit(LOG, some)
            self.races += 1
            self.store.before = self.store.after = quiet

    def live(self, rounds: int, crash: float) -> None:
        ids = 0
        for _ in range(rounds):
            self.now += self.random.choice([1, 50, 1000, MINUTE])
            if self.now < START + 18 * DAY and self.random.random() < 0.03:
                self.now += self.random.choice([5 * DAY, 8 * DAY])
            fresh = list(range(ids, ids + self.random.randrange(1, 12)))
            ids += len(fresh)
            again = [self.random.randrange(ids) for _ in range(self.random.randrange(6))]
            batch = fresh + again + fresh[: self.random.randrange(3)]
            self.random.shuffle(batch)
            self.post(batch)
            if self.random.random() < 0.6:
                recent = self.offered[-self.random.randrange(1, 30) :]
                self.deliver(self.random.sample(recent, self.random.randrange(1, len(recent) + 1)), crash)
        for _, blocks in groupby(self.offered, key=lambda each: each.block.received // DAY):
            self.deliver(list(blocks), crash)

    def expected(self) -> list[Event]:
        """By the commits' order, which is the truth: an event counts if neither its id nor the fact it reports was
        accepted in a block received within the window. Of a second report of a fact the id is accepted."""
        return self.decided()[0]

    def decided(self) -> tuple[list[Event], list[Event]]:
        """What counts, and second reports of facts."""
        accepted: dict[str, list[int]] = {}
        counted, merged = list[Event](), list[Event]()
        for received, events in self.in_commit_order():
            for event in events:
                id_known, fact_known = (
                    any(abs(received - at) < WINDOW for at in accepted.get(mark or "", ()))
                    for mark in (event.id, event.fact)
                )
                if not id_known:
                    (merged if fact_known else counted).append(event)
                for mark in () if id_known else (event.id,) if fact_known else (event.id, event.fact):
                    if mark:
                        accepted.setdefault(mark, []).append(received)
        return counted, merged

    def in_commit_order(self) -> list[tuple[int, list[Event]]]:
        blocks = {each.sk: each.block for each in self.offered}
        order = [block.sk for commit in self.store.commits(LOG, 0) for block in commit.blocks]
        return [(blocks[sk].received, blocks[sk].events) for sk in order]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Every mechanism at work in a short history."""
    monkeypatch.setattr(protocol, "_SEGMENT_IDS", 60)
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    monkeypatch.setattr(protocol, "_GROUP_BLOCKS", 8)
    monkeypatch.setattr(writing.time, "sleep", lambda seconds: None)


@pytest.mark.parametrize("seed", range(24))
def test_every_reader_equals_a_brute_force_count(seed, monkeypatch):
    if seed % 3 == 0:  # more names than pages hold
        for module in (pages, records):
            monkeypatch.setattr(module, "PAGE_NAMES", 8)
        monkeypatch.setattr(pages, "PAGES", 2)
    world = World(seed)
    world.live(rounds=60, crash=0.03 if seed % 2 else 0.0)
    counted = world.expected()
    expected = Counter((event.name, event.ts) for event in counted)

    committed = [block.sk for commit in world.store.commits(LOG, 0) for block in commit.blocks]
    assert len(committed) == len(set(committed))
    # Every id is counted, unless another one reported the same fact.
    offered = [event for each in world.offered for event in each.block.events]
    assert {event.id for event in counted} >= {event.id for event in offered if event.fact is None}
    assert {event.fact for event in counted} == {event.fact for event in offered}
    assert len({event.id for event in counted}) < len({event.id for event in offered})
    service = AnalyticsService(world.store, world.clock)
    for name in (None, "bought", "rare 3"):
        for window in windows(world.random):
            truth = Counter({ts: n for (each, ts), n in expected.items() if name in (None, each) and ts in window})
            check_series(service, window, name, sum_by(expected, window, name), truth.total())
            check_local_series(service, window, name, truth, world.random)
            check_revenue(service, window, name, [event for event in counted if name in (None, event.name)])
    check_pages(service, world, expected)
    check_lanes(world)
    if seed % 2:
        assert world.crashes
        assert world.races


def check_lanes(world):
    """Whoever lists blocks lists those of all lanes, in order; and there are many."""
    listed = [sk for sk, _ in world.store.blocks_between(LOG, "B#", "C")]
    assert set(listed) == {each.sk for each in world.offered}
    assert listed == sorted(listed)
    assert len({keys.lane(LOG, sk) for sk in listed}) > 4
    assert set(world.store.logs()) == {LOG}


def windows(chosen: random.Random) -> list[Window]:
    low = START - 61 * DAY
    some = [Window(*sorted(chosen.sample(range(low, START + 4 * HOUR), 2))) for _ in range(3)]
    start = START + chosen.randrange(2 * HOUR)
    return [Window(low, START + 4 * HOUR), Window(start, start + chosen.randrange(1, 90 * MINUTE)), *some]


def sum_by(expected, window, name):
    return [(ts, n) for (each, ts), n in expected.items() if name in (None, each) and ts in window]


def check_series(service, window, name, truth, total):
    for granularity in (Granularity.MINUTE, Granularity.HOUR, Granularity.DAY):
        if granularity is Granularity.MINUTE and window.end - window.start > 5 * DAY:
            continue
        series = service.series("client", "events", Question(window, granularity, name))
        step = granularity.step
        buckets: Counter[int] = Counter()
        for ts, n in truth:
            buckets[ts // step * step] += n
        assert series.total.count == total
        assert {point.ts: point.tally.count for point in series.points if point.tally.count} == dict(buckets)
        assert len(series.points) == -(-window.end // step) - window.start // step


LABELS = {
    Granularity.HOUR: lambda local: local.strftime("%Y-%m-%d %H %z"),
    Granularity.DAY: lambda local: local.date(),
    Granularity.WEEK: lambda local: local.isocalendar()[:2],
    Granularity.MONTH: lambda local: (local.year, local.month),
}
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")


def check_local_series(service, window, name, truth, chosen):
    zone = chosen.choice(ZONES)
    for granularity, label in LABELS.items():
        series = service.series("client", "events", Question(window, granularity, name, zone))
        found, expected = Counter(), Counter()
        for point in series.points:
            found[label(local(point.ts, zone))] += point.tally.count
        for ts, n in truth.items():
            expected[label(local(ts, zone))] += n
        assert +found == expected
        assert len(found) == len(series.points)


def local(ts, zone):
    return datetime.fromtimestamp(ts / 1000, ZoneInfo(zone))


def check_revenue(service, window, name, counted):
    for granularity in (Granularity.HOUR, Granularity.DAY):
        revenue = service.revenue("client", Question(window, granularity, name))
        sums: dict[tuple[int, str], Decimal] = {}
        for event in counted:
            if event.ts in window and event.value is not None:
                key = event.ts // granularity.step * granularity.step, event.currency or "XXX"
                sums[key] = EXACT.add(sums.get(key, Decimal(0)), Decimal(event.value))
        assert {(point.ts, each): amount for point in revenue.points for each, amount in point.sums.items()} == sums
        assert revenue.total.count == sum(event.ts in window for event in counted)
        for currency, total in revenue.total.sums.items():
            assert total == reduce(EXACT.add, (amount for (_, each), amount in sums.items() if each == currency))


def check_pages(service, world, expected):
    whole = Window(0, START + 400 * DAY)
    seen, position = [], None
    while True:
        page = service.events("client", Filter(whole), 17, position)
        seen += page.items
        position = page.next
        if position is None:
            break
        world.now += 1
    assert Counter((each.event.name, each.event.ts) for each in seen) == expected
    assert [each.event.ts for each in seen] == sorted((each.event.ts for each in seen), reverse=True)
    bought = service.events("client", Filter(whole, name="bought", user_id="user 3"), 1000)
    wanted = [each for each in seen if each.event.name == "bought" and each.event.user_id == "user 3"]
    assert list(bought.items) == wanted
    assert bought.next is None
