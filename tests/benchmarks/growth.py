"""How costs grow: items written per event and read per question, from one client to a thousand; a report over 90 days.

Counted on a store in memory that keeps items as the table does, so nothing here depends on a machine.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.rows import RowReader
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import DAY, Log, event_log
from groundswell.events.eventlog.records import Page, Tally
from groundswell.events.eventlog.window import Window
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.service import IngestService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.folder import Folder
from groundswell.events.rollups.service import Record, RollupService
from tests.benchmarks import samples
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.clock import Clock
from tests.fakes.event_log import FakeEventLog

BATCHES, SIZE = 2, 20
MIDNIGHT = int(samples.NOW.timestamp()) // 86_400 * DAY
_REPORT_EVENTS, _REPORT_DAYS, _REPORT_NAMES = 10_000_000, 90, 20


class MeteredLog(FakeEventLog):
    """Counts the items that are written, by kind, and the items that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.written: Counter[str] = Counter()
        self.read = 0
        self._records: list[Record] = []

    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        names = super().append(log, blocks, received)
        self.written["blocks"] += len(names)
        self._records += [Record(sk, keys.partition(log), sk, data) for sk, data in zip(names, blocks, strict=True)]
        return names

    def drain(self) -> list[Record]:
        """New blocks, as the stream hands them on."""
        records, self._records = self._records, []
        return records

    def blocks(self, log: Log, keys_: Any) -> dict[str, bytes]:
        blocks = super().blocks(log, keys_)
        self.read += len(blocks)
        return blocks

    def reads(self, ask: Callable[["MeteredLog"], object]) -> int:
        """How many items that takes."""
        before = self.read
        ask(self)
        return self.read - before

    def _put(self, pk: str, sk: str, data: bytes, allowed: Callable[..., bool] = lambda _old: True) -> bool:
        self.written[pk.rpartition("#")[2]] += 1
        return super()._put(pk, sk, data, allowed)

    def _range(self, pk: str, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        for item in super()._range(pk, start, end):
            self.read += 1
            yield item


class _NoQuarantine:
    def put(self, poison: Any) -> None:
        raise AssertionError(poison)


def client(number: int) -> str:
    return f"client-{number:04d}"


def world(clients: int) -> MeteredLog:
    """Everybody sends the same events, in turns."""
    store, clock = MeteredLog(), Clock(samples.NOW - timedelta(minutes=10))
    ingest = IngestService(store, clock, lambda: "made")
    rollups = RollupService(Committer(store, clock), _NoQuarantine(), outages=())
    visitors = samples.Visitors()
    for _ in range(BATCHES):
        clock.advance(seconds=1)
        body = msgspec.json.encode({"batch": visitors.messages(SIZE)})
        for number in range(clients):
            assert ingest.segment(client(number), *envelope(body)).accepted == SIZE
        rollups.take(store.drain())
    for number in range(clients):
        Folder(store).fold(event_log(client(number)))
    return store


def report_log() -> MeteredLog:
    """Generated rollups of ten million events over ninety days."""
    store = MeteredLog()
    log = event_log(client(0))
    tally = Tally(_REPORT_EVENTS // _REPORT_DAYS // 24 // _REPORT_NAMES)
    for day in range(MIDNIGHT // DAY - _REPORT_DAYS, MIDNIGHT // DAY):
        cells = {f"name {n}": dict.fromkeys(range(24), tally) for n in range(_REPORT_NAMES)}
        store.put_page(log, "D", Page(day, 0, 1, cells), None)
    return store


def report(store: MeteredLog) -> int:
    """Events in a daily report over ninety days."""
    window = Window(MIDNIGHT - _REPORT_DAYS * DAY, MIDNIGHT)
    series = AnalyticsService(store, lambda: samples.NOW).series(client(0), "events", Question(window, Granularity.DAY))
    assert len(series.points) == _REPORT_DAYS
    return series.total.count


def daily(store: MeteredLog) -> object:
    question = Question(Window(MIDNIGHT - 90 * DAY, MIDNIGHT + DAY), Granularity.DAY)
    return AnalyticsService(store, lambda: samples.NOW).series(client(0), "events", question)


def page(store: MeteredLog) -> object:
    window = Window(MIDNIGHT - DAY, MIDNIGHT + DAY)
    return AnalyticsService(store, lambda: samples.NOW).events(client(0), Filter(window), 10).items


def rows(store: MeteredLog) -> object:
    return list(RowReader(store, client(0)).between(Window(MIDNIGHT - DAY, MIDNIGHT + DAY)))


def measure(say: Say, sizes: Sequence[int]) -> tuple[list[Figure], str]:
    lines, costs = [], []
    for clients in sizes:
        say(f"{clients} clients")
        store = world(clients)
        writes = store.written.total() / clients / BATCHES / SIZE
        costs.append((writes, *(store.reads(ask) for ask in (daily, page, rows))))
        lines.append((str(clients), f"{writes:.3f}", *map(str, costs[-1][1:])))
    log = report_log()
    read = log.reads(report)
    figures = [
        at_most("items read by a 90-day daily report over 10 M events", read, 100, spell="{:.0f}"),
        Figure(
            f"writes per event and reads per question, {sizes[0]} to {sizes[-1]} clients",
            "constant" if all(cost == costs[0] for cost in costs) else "GROWING",
            "constant",
            "met" if all(cost == costs[0] for cost in costs) else "missed",
        ),
    ]
    title = (
        f"Growth: every client sends {BATCHES} batches of {SIZE}. Items written per event (blocks to folded rollups), "
        "and read by three questions of one client."
    )
    return figures, table(title, ("clients", "writes/event", "daily report", "page of events", "all rows"), lines)
