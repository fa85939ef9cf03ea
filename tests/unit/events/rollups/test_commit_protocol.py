"""The places where two consumers can meet, one by one, and what a consumer may spend."""

import random
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog import records
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups import pages
from groundswell.events.rollups.committer import Committer, Contended, TooLate
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.folder import Folder
from tests.fakes.event_log import Crash, FakeEventLog

LOG = Log("client", "0")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)
WHOLE = Window(START - 40 * DAY, START + 40 * DAY)


@pytest.fixture
def store():
    return FakeEventLog()


def consumer(store, now=NOW, attempts=50):
    return Committer(store, now=lambda: now, attempts=attempts)


def offer(store, ids, *, name="viewed", received=START, ts=START):
    events = [Event(id=str(identifier), kind="track", name=name, ts=ts) for identifier in ids]
    data = encode(events, received)
    (sk,) = store.append(LOG, [data], received)
    return Incoming(sk, Block(data))


def total(store, name=None, window=WHOLE):
    service = AnalyticsService(store, lambda: NOW)
    return service.series("client", "events", Question(window, Granularity.DAY, name)).total.count


def at(store, call, action):
    """Run `action` just before the first call of that name, once."""

    def before(name):
        if name == call:
            store.before = lambda name: None
            action()

    store.before = before


def test_two_consumers_that_decide_on_the_same_block_at_once_count_it_once(store):
    block, first, second = offer(store, range(10)), consumer(store), consumer(store)
    at(store, "put", lambda: second.commit(LOG, [block]))

    fresh = first.commit(LOG, [block])

    assert fresh == 0
    assert total(store) == 10


def test_two_consumers_with_different_blocks_of_the_same_events_count_them_once(store):
    mine, theirs = offer(store, range(10)), offer(store, range(5, 15))
    first, second = consumer(store), consumer(store)
    at(store, "put", lambda: second.commit(LOG, [theirs]))

    first.commit(LOG, [mine])

    assert total(store) == 15
    assert [len(commit.blocks) for commit in store.commits(LOG, 0)] == [1, 1]


def test_a_commit_whose_answer_was_lost_is_not_made_again(store):
    block, one = offer(store, range(10)), consumer(store)

    def die(name):
        store.after = lambda name: None
        raise Crash

    store.after = die
    with pytest.raises(Crash):
        one.commit(LOG, [block])
    one.commit(LOG, [block])

    assert total(store) == 10
    assert store.head(LOG) == 1


@pytest.mark.parametrize("dies", [False, True])
@pytest.mark.parametrize("write", range(1, 5))  # the hour, the day, the index, the pointer
def test_a_fold_overtaken_at_any_write_counts_nothing_twice_and_loses_nothing(store, write, dies):
    one = consumer(store)
    for number in range(6):
        one.commit(LOG, [offer(store, [f"{number} a", f"{number} b"], name=f"name {number % 3}", ts=START + number)])
    writes = iter(range(1, 100))

    def overtake(name):
        if name == "put" and next(writes) == write:
            store.before = lambda name: None
            one.commit(LOG, [offer(store, ["late"], name="name 0")])
            Folder(store).fold(LOG)
            store.after = die if dies else store.after

    def die(name):
        store.after = lambda name: None
        raise Crash

    store.before = overtake
    with pytest.raises(Crash) if dies else nullcontext():
        Folder(store).fold(LOG)

    for _ in range(2):
        assert total(store) == 13
        assert total(store, "name 0") == 5
        Folder(store).fold(LOG)


@pytest.mark.parametrize("writes_made", range(10))  # 4 hours, 1 day, 4 index items, the pointer
def test_a_fold_that_died_at_any_write_is_finished_by_the_next(store, writes_made):
    one = consumer(store)
    for number in range(4):
        one.commit(LOG, [offer(store, [f"{number}"], ts=START - number * HOUR)])
    writes = iter(range(writes_made))

    def die(name):
        if name == "put" and next(writes, None) is None:
            raise Crash

    store.before = die
    with pytest.raises(Crash):
        Folder(store).fold(LOG)
    store.before = lambda name: None
    assert total(store) == 4
    Folder(store).fold(LOG)

    assert total(store) == 4
    assert store.folded(LOG) == 4


def test_folding_keeps_the_tail_short(store):
    one = consumer(store)
    for number in range(100):
        one.commit(LOG, [offer(store, [number])])

    assert store.head(LOG) - store.folded(LOG) < protocol._FOLD_EVERY
    folds = store.folded(LOG)
    for number in range(100, 120):
        one.commit(LOG, [offer(store, [f"{number} {index}" for index in range(100)])])
    assert store.head(LOG) - store.folded(LOG) < protocol._FOLD_AT_MOST_EVERY
    assert folds < 100


def test_an_import_of_history_costs_far_less_than_an_item_per_event(store):
    one, chosen = consumer(store), random.Random(1)
    writes = []
    store.before = lambda name: writes.append(name) if name == "put" else None
    for number in range(200):
        events = [
            Event(id=f"{number} {index}", kind="track", name="Order Completed", ts=START - chosen.randrange(540) * DAY)
            for index in range(100)
        ]
        data = encode(events, START)
        (sk,) = store.append(LOG, [data], START)
        one.commit(LOG, [Incoming(sk, Block(data))])

    assert store.folded(LOG) > 100
    assert len(writes) / 20 < 300  # per thousand events


def test_a_warm_consumer_spends_two_calls_on_a_batch(store):
    one = consumer(store)
    one.commit(LOG, [offer(store, range(100))])
    block = offer(store, range(100, 200))
    store.calls = 0

    one.commit(LOG, [block])

    assert store.calls == 2  # what others committed, and the commit


def test_a_cold_consumer_reads_segments_and_not_the_blocks_they_cover(store, monkeypatch):
    monkeypatch.setattr(protocol, "_SEGMENT_IDS", 100)
    one = consumer(store)
    blocks = [offer(store, range(number * 60, number * 60 + 60)) for number in range(10)]
    for block in blocks:
        one.commit(LOG, [block])
    read = []
    original = store.blocks
    store.blocks = lambda log, keys: original(log, read.extend(keys) or read)

    cold = consumer(store)

    assert cold.commit(LOG, blocks) == 0
    assert len(read) <= 1


def test_an_idle_log_without_segments_is_not_read_from_its_beginning(store):
    one = consumer(store)
    for number in range(20):
        one.commit(LOG, [offer(store, [number])])
    later = NOW + timedelta(days=60)
    read = []
    original = store.blocks
    store.blocks = lambda log, keys: original(log, read.extend(keys) or read)

    consumer(store, later).commit(LOG, [offer(store, [0], received=int(later.timestamp() * 1000))])

    assert read == []
    assert total(store) == 21  # two months later, the id is a new event


def test_an_id_counts_again_after_seven_days_and_not_before(store):
    one = consumer(store, NOW + timedelta(days=7))
    for received in (START, START + 7 * DAY - 1, START + 7 * DAY):
        one.commit(LOG, [offer(store, ["same"], received=received)])

    assert total(store) == 2


def test_a_block_that_comes_late_is_judged_by_when_it_was_received(store):
    later = NOW + timedelta(days=20)
    early, late = offer(store, ["same"], received=START), offer(store, ["same"], received=START + 6 * DAY)
    consumer(store, NOW).commit(LOG, [early])
    warm = consumer(store, later)
    warm.commit(LOG, [offer(store, ["other"], received=START + 20 * DAY)])

    warm.commit(LOG, [early, late])

    assert total(store) == 2


def test_a_block_too_old_to_judge_is_refused(store):
    block = offer(store, ["old"])

    with pytest.raises(TooLate, match="29 days"):
        consumer(store, NOW + timedelta(days=29)).commit(LOG, [block])


def test_a_consumer_that_never_wins_gives_up_and_loses_nothing(store):
    one, other = consumer(store, attempts=3), consumer(store)
    numbers = iter(range(100))

    def interfere(name):
        if name == "put":
            store.before = lambda name: None
            other.commit(LOG, [offer(store, [f"theirs {next(numbers)}"])])
            store.before = interfere

    store.before = interfere
    block = offer(store, ["mine"])
    with pytest.raises(Contended):
        one.commit(LOG, [block])
    store.before = lambda name: None

    assert one.commit(LOG, [block]) == 1
    assert total(store) == 4


def test_a_commit_too_large_for_an_item_becomes_two(store, monkeypatch):
    monkeypatch.setattr(protocol, "_COMMIT_BYTES", 200)
    blocks = [offer(store, range(n * 5, n * 5 + 5), ts=START + n * HOUR) for n in range(16)]

    consumer(store).commit(LOG, blocks)

    assert store.head(LOG) > 1
    assert total(store) == 80


def test_names_beyond_what_rollups_hold_are_still_counted_exactly(store, monkeypatch):
    for module in (records, pages):
        monkeypatch.setattr(module, "PAGE_NAMES", 3)
        monkeypatch.setattr(module, "PAGES", 2, raising=False)
    one = consumer(store)
    truth = Counter()
    for number in range(150):
        name = f"name {number * 7 % 11}"
        one.commit(LOG, [offer(store, [number], name=name, ts=START + number * 1000)])
        truth[name] += 1

    assert store.folded(LOG) > 100
    assert total(store) == 150
    assert {name: total(store, name) for name in truth} == truth
    assert total(store, "never") == 0


def test_pages_after_the_first_leave_out_what_came_in_since(store):
    one, service = consumer(store), AnalyticsService(store, lambda: NOW)
    for number in range(40):
        one.commit(LOG, [offer(store, [f"{number} {index}" for index in range(3)], ts=START + number)])
    first = service.events("client", Filter(WHOLE), 50)
    for number in range(40):
        one.commit(LOG, [offer(store, [f"new {number}"], ts=START + number)])
    assert store.folded(LOG) > 40

    seen, position = list(first.items), first.next
    while position:
        page = service.events("client", Filter(WHOLE), 50, position)
        seen += page.items
        position = page.next

    ids = [entry.event.id for entry in seen]
    assert len(ids) == len(set(ids)) == 120
    assert not [identifier for identifier in ids if identifier.startswith("new")]
