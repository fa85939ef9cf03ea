"""Many consumers and readers on the emulator, whose conditional writes hold under threads."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count

from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, Event, Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)


def test_consumers_that_race_for_every_commit_count_every_id_once(emulator, monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 4)
    monkeypatch.setattr(protocol, "_SEGMENT_IDS", 100)
    table, client = emulator.resources.tables["events"], emulator.aws.dynamodb
    log, numbers, chosen = Log("racing", "0"), count(), random.Random(5)
    store = DynamoEventLog(client, table)
    writer = DynamoBlockWriter(client, table, random=lambda: f"{next(numbers):012x}")
    assert writer._write_shards.spread([log])
    blocks, unique = [], {}
    for _ in range(40):
        ids = [chosen.randrange(300) for _ in range(20)]
        unique |= {identifier: f"name {identifier % 3}" for identifier in ids}
        events = [Event(id=str(i), kind="track", name=f"name {i % 3}", ts=START - i * HOUR // 60) for i in ids]
        data = encode(events, START)
        (sk,) = writer.append(log, [data], START)
        blocks.append(Incoming(sk, Block(data)))

    def consume(seed):
        mine, own = random.Random(seed), Committer(DynamoEventLog(client, table), lambda: NOW)
        order = mine.sample(blocks, len(blocks))
        return sum(own.commit(log, order[at : at + 4]) for at in range(0, len(order), 4))

    with ThreadPoolExecutor(6) as pool:
        fresh = list(pool.map(consume, range(6)))

    assert sum(fresh) == len(unique)
    service = AnalyticsService(store, lambda: NOW)
    whole = Window(START - 2 * DAY, START + DAY)
    for name in (None, "name 1"):
        wanted = [event_name for event_name in unique.values() if name in (None, event_name)]
        assert service.series("racing", "events", Question(whole, Granularity.HOUR, name)).total.count == len(wanted)
    listed = service.events("racing", Filter(whole), 1000).items
    assert sorted(int(entry.event.id) for entry in listed) == sorted(unique)
