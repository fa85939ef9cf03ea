"""Random histories against a brute-force count: duplicates, retries in other batches, replays, shuffles, crashes."""

import random
from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import reduce
from zoneinfo import ZoneInfo

import pytest

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog import adapter_writer as writing
from groundswell.events.eventlog import keys, records
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.records import EXACT
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups import pages
from tests.unit.events.rollups.history import LOG, START, World


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
    offered = [event for incoming in world.offered for event in incoming.block.events]
    assert {event.id for event in counted} >= {event.id for event in offered if event.fact is None}
    assert {event.fact for event in counted} == {event.fact for event in offered}
    assert len({event.id for event in counted}) < len({event.id for event in offered})
    service = AnalyticsService(world.store, world.clock)
    for name in (None, "bought", "rare 3"):
        for window in windows(world.random):
            truth = Counter(
                {ts: n for (event_name, ts), n in expected.items() if name in (None, event_name) and ts in window}
            )
            check_series(service, window, name, sum_by(expected, window, name), truth.total())
            check_local_series(service, window, name, truth, world.random)
            check_revenue(service, window, name, [event for event in counted if name in (None, event.name)])
    check_pages(service, world, expected)
    check_lanes(world)
    if seed % 2:
        assert world.crashes
        assert world.races


def check_lanes(world):
    """Whoever lists blocks lists those of all write_shards, in order; and there are many."""
    listed = [sk for sk, _ in world.store.blocks_between(LOG, "B#", "C")]
    assert set(listed) == {incoming.sk for incoming in world.offered}
    assert listed == sorted(listed)
    assert len({keys.write_shard(LOG, sk) for sk in listed}) > 4
    assert set(world.store.logs()) == {LOG}


def windows(chosen: random.Random) -> list[Window]:
    low = START - 61 * DAY
    random_windows = [Window(*sorted(chosen.sample(range(low, START + 4 * HOUR), 2))) for _ in range(3)]
    start = START + chosen.randrange(2 * HOUR)
    return [Window(low, START + 4 * HOUR), Window(start, start + chosen.randrange(1, 90 * MINUTE)), *random_windows]


def sum_by(expected, window, name):
    return [(ts, n) for (event_name, ts), n in expected.items() if name in (None, event_name) and ts in window]


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
        counts, expected = Counter(), Counter()
        for point in series.points:
            counts[label(local(point.ts, zone))] += point.tally.count
        for ts, n in truth.items():
            expected[label(local(ts, zone))] += n
        assert +counts == expected
        assert len(counts) == len(series.points)


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
        assert {(point.ts, key): amount for point in revenue.points for key, amount in point.sums.items()} == sums
        assert revenue.total.count == sum(event.ts in window for event in counted)
        for currency, total in revenue.total.sums.items():
            assert total == reduce(EXACT.add, (amount for (_, code), amount in sums.items() if code == currency))


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
    assert Counter((entry.event.name, entry.event.ts) for entry in seen) == expected
    assert [entry.event.ts for entry in seen] == sorted((entry.event.ts for entry in seen), reverse=True)
    bought = service.events("client", Filter(whole, name="bought", user_id="user 3"), 1000)
    wanted = [entry for entry in seen if entry.event.name == "bought" and entry.event.user_id == "user 3"]
    assert list(bought.items) == wanted
    assert bought.next is None
