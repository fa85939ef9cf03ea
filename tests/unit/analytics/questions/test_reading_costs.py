"""What the readers open and read, and that it stays small however much there is."""

from datetime import UTC, datetime

import pytest

from groundswell.analytics.questions import service as readers
from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, Event, Log
from groundswell.events.eventlog.records import Page, Tally
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.errors import Invalid
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)
WHOLE = Window(START - 100 * DAY, START + 100 * DAY)


class Metered(FakeEventLog):
    """Counts the items that reads hand out."""

    def __init__(self):
        super().__init__()
        self.opened = []
        self.read = 0

    def blocks(self, log, keys_):
        blocks = super().blocks(log, keys_)
        self.opened += blocks
        self.read += len(blocks)
        return blocks

    def commits(self, log, after, through=None):
        return self._metered(super().commits(log, after, through))

    def pages_between(self, log, unit, start, end):
        return self._metered(super().pages_between(log, unit, start, end))

    def hours(self, log, first, last):
        return self._metered(super().hours(log, first, last))

    def _metered(self, items):
        for item in items:
            self.read += 1
            yield item


@pytest.fixture
def store():
    return Metered()


@pytest.fixture
def service(store):
    return AnalyticsService(store, lambda: NOW)


def fill(store, batches, size=100, step=10_000, name=lambda number: "viewed"):
    """Live traffic: each batch is a stretch of time after the one before."""
    committer = Committer(store, lambda: NOW)
    for number in range(batches):
        events = [
            Event(id=f"{number} {at}", kind="track", name=name(number), ts=START + number * step + at * step // size)
            for at in range(size)
        ]
        data = encode(events, START + number)
        (sk,) = store.append(LOG, [data], START + number)
        committer.commit(LOG, [Incoming(sk, Block(data))])
    store.opened.clear()
    store.read = 0


def test_a_page_of_live_traffic_opens_the_blocks_it_shows_and_hardly_more(store, service):
    fill(store, 200)

    first = service.events("client", Filter(WHOLE), 50)
    assert len(store.opened) <= 2
    for _ in range(20):
        first = service.events("client", Filter(WHOLE), 50, first.next)
    store.opened.clear()
    service.events("client", Filter(WHOLE), 50, first.next)

    assert len(store.opened) <= 3


def test_a_page_of_an_import_in_any_order_opens_each_block_once(store, service):
    """Its blocks have events in all hours; opening them for each of these took half a minute."""
    committer = Committer(store, lambda: NOW)
    for number in range(10):
        times = [START + at * HOUR + number for at in range(40)]
        data = encode([Event(id=f"i{ts}", kind="track", name="e", ts=ts) for ts in times], START + 999 + number)
        (sk,) = store.append(LOG, [data], START + 999 + number)
        committer.commit(LOG, [Incoming(sk, Block(data))])
    store.opened.clear()

    page = service.events("client", Filter(Window(START, START + 40 * HOUR)), 350)

    assert [seen.event.ts for seen in page.items] == sorted((seen.event.ts for seen in page.items), reverse=True)
    assert len(page.items) == 350
    assert sorted(store.opened) == sorted(set(store.opened))


def test_a_daily_report_over_ninety_days_reads_a_hundred_items_at_most(store, service):
    fill(store, 50)
    today = START // DAY
    for day in range(today - 90, today):
        cells = {f"name {n}": {hour: Tally(10_000_000 // 90 // 24 // 20) for hour in range(24)} for n in range(20)}
        store.put_page(LOG, "D", Page(day, 0, 1, cells), None)
    store.read = 0

    series = service.series("client", "events", Question(Window(START - 90 * DAY, START), Granularity.DAY))

    assert len(series.points) == 90
    assert series.total.count > 9_000_000
    assert store.read <= 100


def test_a_rare_name_is_found_page_by_page_without_opening_everything_at_once(store, service, monkeypatch):
    monkeypatch.setattr(readers, "_BLOCKS_A_PAGE", 16)
    fill(store, 120, size=10, name=lambda number: "rare" if number % 40 == 0 else "common")
    items, position, pages = [], None, 0
    while pages == 0 or position:
        store.opened.clear()
        page = service.events("client", Filter(WHOLE, name="rare"), 50, position)
        assert len(store.opened) <= 33
        items += page.items
        position, pages = page.next, pages + 1

    assert len(items) == 30
    assert 3 < pages < 20


def test_blocks_that_all_overlap_still_come_out_in_order(store, service, monkeypatch):
    monkeypatch.setattr(readers, "_BLOCKS_A_PAGE", 4)
    fill(store, 60, size=5, step=1)
    items, position, pages = [], None, 0
    while pages == 0 or position:
        page = service.events("client", Filter(WHOLE), 20, position)
        items += page.items
        position, pages = page.next, pages + 1
        assert pages < 400

    times = [entry.event.ts for entry in items]
    assert (len({entry.event.id for entry in items}), len(items)) == (300, 300)
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("granularity", "start", "end", "expected"),
    [
        (Granularity.MINUTE, None, None, (-59 * MINUTE, MINUTE)),
        (Granularity.HOUR, None, None, (-23 * HOUR, HOUR)),
        (Granularity.DAY, None, None, (-29 * DAY, DAY)),
        (Granularity.DAY, -5, None, (-5, DAY)),
        (Granularity.HOUR, None, 7, (7 - 24 * HOUR, 7)),
        (Granularity.HOUR, 1, 2, (1, 2)),
    ],
)
def test_an_open_range_ends_with_the_current_bucket(granularity, start, end, expected):
    bounds = [None if bound is None else START + bound for bound in (start, end)]

    window = granularity.recent(START, *bounds)

    assert (window.start - START, window.end - START) == expected


@pytest.mark.parametrize("window", [Window(5, 5), Window(6, 5), Window(-1, 5), Window(0, 2**60)])
def test_a_range_must_be_one(window):
    with pytest.raises(Invalid):
        Question(window, Granularity.DAY)


def test_a_series_has_a_largest_number_of_buckets():
    Question(Window(0, 11_000 * MINUTE), Granularity.MINUTE)
    with pytest.raises(Invalid) as refused:
        Question(Window(0, 11_000 * MINUTE + 1), Granularity.MINUTE)
    assert refused.value.problems[0].field == "granularity"
