"""Points of one metric recorded by many at once, on the emulator."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from groundswell.analytics.questions.model import Granularity, MetricPoint, Question
from groundswell.analytics.questions.recorder import MetricRecorder
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import DAY, metric_log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)


def test_nothing_is_lost_or_counted_twice_when_recorders_meet(emulator):
    table, client, numbers = emulator.resources.tables["events"], emulator.aws.dynamodb, count()
    store = DynamoEventLog(client, table)

    def record(worker):
        writer = DynamoBlockWriter(client, table, random=lambda: f"{next(numbers):012x}")
        recorder = MetricRecorder(writer, Committer(store, lambda: NOW, attempts=4), lambda: NOW)
        for number in range(10):
            dimensions = json.dumps({"worker": worker}).encode()
            recorder.record(
                "metering", MetricPoint(f"point {worker // 2} {number}", "paid", Decimal("0.1"), START, dimensions)
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(8)))
    log = metric_log("metering")
    blocks = [Incoming(sk, Block(data)) for sk, data in store.blocks_between(log, "B#", "C")]
    Committer(store, lambda: NOW).commit(log, blocks)

    question = Question(Window(START - DAY, START + DAY), Granularity.HOUR)
    total = AnalyticsService(store, lambda: NOW).series("metering", "paid", question).total
    assert (total.count, total.total) == (40, Decimal("4.0"))
