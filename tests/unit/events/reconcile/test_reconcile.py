"""The hourly round: what it finds, what it repairs, and that it counts nothing twice."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from groundswell.analytics.questions.model import Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog import keys, records
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, Event, Log
from groundswell.events.eventlog.records import Page, Tally
from groundswell.events.eventlog.window import Window
from groundswell.events.eventlog.zstd import from_bytes, to_bytes
from groundswell.events.reconcile import stretch, visit
from groundswell.events.reconcile.service import ReconcileService
from groundswell.events.rollups import pages
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.folder import Folder
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class World:
    def __init__(self):
        self.store = FakeEventLog()
        self.time = START
        self.committer = Committer(self.store, self.now)
        self.service = ReconcileService(self.store, self.committer, self.now)

    def now(self):
        return self.time

    @property
    def ms(self):
        return int(self.time.timestamp() * 1000)

    def offer(self, ids, name="viewed", ts=None, value=None):
        ts = self.ms if ts is None else ts
        events = [Event(id=str(identifier), kind="track", name=name, ts=ts, value=value) for identifier in ids]
        data = encode(events, self.ms)
        (sk,) = self.store.append(LOG, [data], self.ms)
        return Incoming(sk, Block(data))

    def fill(self, commits=40):
        for number in range(commits):
            self.time += timedelta(minutes=2)
            name = f"name {number % 5}"
            self.committer.commit(LOG, [self.offer([f"{number} a", f"{number} b"], name, value="1.5")])
        Folder(self.store).fold(LOG)

    def round(self, has_time_left=lambda: True, wait=timedelta(hours=1)):
        self.time += wait
        return self.service.run(has_time_left)

    def total(self, name=None):
        window = Window(self.ms - 100 * DAY, self.ms + DAY)
        question = Question(window, Granularity.DAY, name)
        return AnalyticsService(self.store, self.now).series("client", "events", question).total

    def pages(self, unit):
        partition = self.store.items[keys.partition(LOG, "R")]
        return {sk: from_bytes(data, Page) for sk, data in partition.items() if sk.startswith(unit)}

    def put(self, sk, page):
        self.store.items[keys.partition(LOG, "R")][sk] = to_bytes(page)


@pytest.fixture(params=[False, True], ids=["one write_shard", "all write_shards"])
def world(request):
    world = World()
    world.store.spread = request.param
    return world


def test_a_log_in_order_has_no_drift_and_nothing_is_written_but_how_far_it_went(world):
    world.fill()
    before = dict(world.store.items[keys.partition(LOG, "R")])

    report = world.round()

    assert (report.logs, report.drift, report.recovered, report.lost, report.finished) == (1, 0, 0, 0, True)
    assert report.hours >= 2
    assert world.store.items[keys.partition(LOG, "R")] == before


def test_a_block_that_the_stream_lost_is_committed(world):
    world.fill()
    world.offer(["lost 1", "lost 2"])
    world.offer(["3 a"], "name 3")  # a repeat
    assert world.total().count == 80

    report = world.round()

    assert report.recovered == 2
    assert world.total().count == 82
    assert world.round().recovered == 0


def test_a_client_whose_only_block_was_lost_is_found(world):
    world.offer(["only"])

    assert world.round().recovered == 1
    assert world.total().count == 1


def test_a_block_that_is_still_on_its_way_is_left_to_the_consumer(world):
    block = world.offer(["young"])

    assert world.round(wait=timedelta(minutes=1)).recovered == 0
    world.committer.commit(LOG, [block])
    assert world.total().count == 1
    assert world.round().recovered == 0


def test_a_block_committed_just_before_a_round_is_not_offered_again_by_the_next(world):
    world.fill()
    world.round()
    for _ in range(5):
        world.time += timedelta(minutes=10)
        world.committer.commit(LOG, [world.offer([world.time.isoformat()])])
        assert world.round(wait=timedelta(minutes=3)).recovered == 0


def test_an_unreadable_block_does_not_stop_the_round(world):
    world.store.append(LOG, [b"nonsense"], world.ms)
    world.offer(["lost"])

    report = world.round()

    assert (report.recovered, report.finished) == (1, True)


def test_a_block_too_old_to_judge_is_reported(world):
    world.offer(["old"])

    assert world.round(wait=timedelta(days=40)).lost == 1


DAMAGE = {
    "a count is wrong": lambda page: change(
        page, lambda row: {slot: Tally(9, tally.total) for slot, tally in row.items()}
    ),
    "a sum is wrong": lambda page: change(
        page, lambda row: {slot: Tally(tally.count, Decimal(1)) for slot, tally in row.items()}
    ),
    "a slot is missing": lambda page: change(page, lambda row: dict(list(row.items())[1:])),
    "a slot was never there": lambda page: change(page, lambda row: row | {23: Tally(4)}),
    "a name is missing": lambda page: msgspec.structs.replace(page, cells=dict(list(page.cells.items())[1:])),
    "a name was never there": lambda page: msgspec.structs.replace(page, cells=page.cells | {"odd": {3: Tally(2)}}),
    "the page is older than its commits": lambda page: msgspec.structs.replace(page, w=3, cells={}),
}


def change(page, row):
    return msgspec.structs.replace(page, cells={name: row(cell) for name, cell in page.cells.items()})


@pytest.mark.parametrize("unit", ["H", "D"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_wrong_rollup_is_found_and_repaired(world, unit, damage):
    world.fill()
    world.round()
    right = world.pages(unit)
    for sk, page in right.items():
        world.put(sk, damage(page))
    totals = 0

    for _ in range(3):  # old hours come round too
        totals += world.round().drift

    assert totals > 0
    cells = {sk: {name: row for name, row in page.cells.items() if row} for sk, page in world.pages(unit).items()}
    assert cells == {sk: page.cells for sk, page in right.items()}
    assert world.total().count == 80
    assert world.round().drift == 0


@pytest.mark.parametrize("unit", ["H", "D"])
def test_a_rollup_that_is_gone_is_made_again(world, unit):
    world.fill()
    right = world.pages(unit)
    for sk in right:
        del world.store.items[keys.partition(LOG, "R")][sk]

    report = world.round()

    assert report.drift == 80
    assert {sk: page.cells for sk, page in world.pages(unit).items()} == {sk: page.cells for sk, page in right.items()}
    assert world.total().total == Decimal("120.0")


def test_damage_in_crowded_rollups_is_repaired_too(world, monkeypatch):
    for module in (records, pages):
        monkeypatch.setattr(module, "PAGE_NAMES", 2)
        monkeypatch.setattr(module, "PAGES", 2, raising=False)
    from groundswell.events.reconcile import audit

    monkeypatch.setattr(audit, "PAGE_NAMES", 2)
    monkeypatch.setattr(audit, "PAGES", 2)
    world.fill()
    assert world.round().drift == 0
    for sk, page in world.pages("H").items():
        world.put(sk, change(page, lambda row: {}))

    assert sum(world.round().drift for _ in range(2)) == 80
    assert world.total().count == 80
    assert {f"name {n}": world.total(f"name {n}").count for n in range(5)} == {f"name {n}": 16 for n in range(5)}


def test_commits_made_during_a_round_are_no_drift(world):
    world.fill()
    numbers = iter(range(10_000))
    chosen = random.Random(1)

    def meanwhile(name):
        if chosen.random() < 0.2:
            hook, world.store.before = world.store.before, lambda name: None
            world.committer.commit(
                LOG, [world.offer([f"new {next(numbers)}"], ts=world.ms - chosen.randrange(3 * HOUR))]
            )
            if chosen.random() < 0.3:
                Folder(world.store).fold(LOG)
            world.store.before = hook

    world.store.before = meanwhile
    reports = [world.round() for _ in range(5)]
    world.store.before = lambda name: None

    assert [report.drift for report in reports] == [0] * 5
    assert world.round().drift == 0
    assert world.total().count == 80 + next(numbers)


def test_a_round_that_runs_out_of_time_goes_on_in_the_next(world):
    for number in range(120):
        world.time += timedelta(seconds=1)
        world.offer([number])

    first = world.round(Ticks(1))
    second = world.round()

    assert not first.finished
    assert second.finished
    assert first.recovered + second.recovered == 120
    assert world.total().count == 120


def test_a_round_over_an_import_reads_each_block_once_however_many_hours_it_touches(world, monkeypatch):
    for number in range(10):
        times = [world.ms - hour * HOUR - number for hour in range(48)]
        events = [Event(id=f"{number} {ts}", kind="track", name="paid", ts=ts) for ts in times]
        data = encode(events, world.ms)
        (sk,) = world.store.append(LOG, [data], world.ms)
        world.committer.commit(LOG, [Incoming(sk, Block(data))])
    Folder(world.store).fold(LOG)
    read, blocks = [], world.store.blocks
    monkeypatch.setattr(world.store, "blocks", lambda log, sks: read.extend(sks) or blocks(log, sks))

    report = world.round()

    assert (report.drift, report.hours >= 48) == (0, True)
    assert len(read) == 10


@pytest.mark.parametrize("folded", [True, False])
def test_a_round_over_an_import_of_months_reads_days_and_recounts_once(world, folded):
    """Each of its hours took half a dozen reads; unfolded, each looked at all hours of all commits as well."""
    for number in range(20):
        times = [world.ms - hour * HOUR - number for hour in range(number % 2, 90 * 24, 2)]
        events = [Event(id=f"{number} {ts}", kind="track", name="paid", ts=ts) for ts in times]
        data = encode(events, world.ms)
        (sk,) = world.store.append(LOG, [data], world.ms)
        world.committer.commit(LOG, [Incoming(sk, Block(data))])
    if folded:
        Folder(world.store).fold(LOG)
    world.store.calls = 0

    first = world.round(wait=timedelta(minutes=4))
    calls, world.store.calls = world.store.calls, 0
    second = world.round()

    assert (first.drift, first.hours >= 90 * 24, first.finished) == (0, True, True)
    assert calls < 6 * 90
    assert (second.drift, second.finished) == (0, True)
    assert world.total().count == 20 * 45 * 24


class Ticks:
    """A clock that runs out after so many looks at it."""

    def __init__(self, ticks):
        self.left = ticks

    def __call__(self):
        self.left -= 1
        return self.left >= 0


def neglected(world, monkeypatch):
    """A log of several stretches with strays, wrong pages and hours nobody ever looked at."""
    monkeypatch.setattr(stretch, "_COMMITS", 4)
    monkeypatch.setattr(stretch, "_SPAN", 20 * MINUTE)
    monkeypatch.setattr(visit, "_PORTION", 7)
    monkeypatch.setattr(visit, "_OLD_HOURS", 3)
    for number in range(60):
        world.time += timedelta(minutes=9)
        block = world.offer([f"{number} a", f"{number} b"], ts=world.ms - number % 3 * HOUR)
        if number % 5:
            world.committer.commit(LOG, [block])
    Folder(world.store).fold(LOG)
    right = world.pages("H")
    for sk, page in list(right.items())[::2]:
        world.put(sk, change(page, lambda row: {slot: Tally(9) for slot in row}))
    return 12 * 2, right


@pytest.mark.parametrize("ticks", range(1, 60))
def test_whenever_time_runs_out_a_log_is_finished_by_enough_rounds(world, monkeypatch, ticks):
    strays, right = neglected(world, monkeypatch)
    recovered = rounds = 0

    while recovered < strays or any(world.pages("H")[sk].cells != page.cells for sk, page in right.items()):
        recovered += world.round(Ticks(ticks), wait=timedelta(minutes=1)).recovered
        rounds += 1
        assert rounds <= 200

    assert (recovered, world.total().count) == (strays, 120)


@pytest.mark.parametrize("ticks", [1, 2, 3, 5, 8])
def test_no_log_waits_for_another_whatever_it_takes(world, monkeypatch, ticks):
    neglected(world, monkeypatch)
    others = [Log(f"{name}", "0") for name in ("a", "b", "client", "d", "e") if name != "client"]
    for log in others:
        world.store.append(log, [encode([Event(id="1", kind="track", name="n", ts=world.ms)], world.ms)], world.ms)
    world.time += timedelta(hours=1)
    waiting = set(others)

    for _ in range(6):
        world.round(Ticks(ticks), wait=timedelta(minutes=1))
        waiting -= {log for log in waiting if world.store.head(log)}

    assert not waiting


def test_a_log_that_kills_its_worker_is_not_the_first_one_for_ever(world):
    world.offer(["poison"])
    later = Log("later", "0")
    world.store.append(later, [encode([Event(id="1", kind="track", name="n", ts=world.ms)], world.ms)], world.ms)
    world.time += timedelta(hours=1)

    def die(name):
        if name == "blocks_between" and world.store.turn() == LOG:
            raise Killed

    world.store.before = die
    with pytest.raises(Killed):
        world.round()
    world.store.before = lambda name: None

    world.round(Ticks(1))

    assert world.store.head(later) == 1


class Killed(Exception):
    pass


def test_a_block_that_was_committed_late_is_no_stray_of_an_earlier_stretch(world, monkeypatch):
    monkeypatch.setattr(stretch, "_COMMITS", 2)
    monkeypatch.setattr(stretch, "_SPAN", 20 * MINUTE)
    late = world.offer(["late"])
    for number in range(20):
        world.time += timedelta(minutes=10)
        world.committer.commit(LOG, [world.offer([number])])
    world.committer.commit(LOG, [late])

    report = world.round(wait=timedelta(days=40))

    assert (report.recovered, report.lost, report.finished) == (0, 0, True)
    assert world.store.progress(LOG).lost == 0


@pytest.mark.parametrize("ticks", [1, 2, 4])
def test_old_hours_come_round_too_however_little_time_there_is(world, monkeypatch, ticks):
    neglected(world, monkeypatch)
    for _ in range(10):
        world.round()
    right = world.pages("H")
    for sk, page in right.items():
        world.put(sk, change(page, lambda row: {}))

    for _ in range(80):
        world.round(Ticks(ticks))

    assert {sk: page.cells for sk, page in world.pages("H").items()} == {sk: page.cells for sk, page in right.items()}
