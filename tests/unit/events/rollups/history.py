"""A log with its writers and consumers, lived through at random, and a brute-force count of it."""

import random
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby

from botocore.exceptions import ClientError

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, WINDOW, Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
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
        left = [item for item in requests if self._refused(item["PutRequest"]["Item"])]
        for request in requests:
            if request not in left:
                self._keep(request["PutRequest"]["Item"])
        return {"UnprocessedItems": {table: left} if left else {}}

    def _refused(self, item):
        return self._random.random() < (0.2 if item["pk"]["S"] == keys.partition(LOG) else 0.1)

    def _keep(self, item):
        self._items.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item["d"]["B"] if "d" in item else b""


def marks(event: Event) -> tuple[object, ...]:
    """What a repeat has the same. The tests' UUIDs are of one spelling, but for those in capitals."""
    texts = (event.id, event.user_id or "", event.anonymous_id or "")
    return event.kind, event.name, *(text.lower() if text.count("-") == 4 else text for text in texts)


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
            repeats = self.random.sample(self.offered, min(len(self.offered), 5)) + blocks[:2]
            self.random.choice(others).commit(LOG, repeats)
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
        for _, blocks in groupby(self.offered, key=lambda incoming: incoming.block.received // DAY):
            self.deliver(list(blocks), crash)

    def expected(self) -> list[Event]:
        """By the commits' order, which is the truth: an event counts if neither its marks nor the fact it reports were
        accepted in a block received within the window. Of a second report of a fact the marks are accepted."""
        return self.decided()[0]

    def decided(self) -> tuple[list[Event], list[Event]]:
        """What counts, and second reports of facts."""
        accepted: dict[object, list[int]] = {}
        counted, merged = list[Event](), list[Event]()
        for received, events in self.in_commit_order():
            for event in events:
                id_known, fact_known = (
                    any(abs(received - at) < WINDOW for at in accepted.get(mark, ()))
                    for mark in (marks(event), event.fact)
                )
                if not id_known:
                    (merged if fact_known else counted).append(event)
                for mark in () if id_known else (marks(event),) if fact_known else (marks(event), event.fact):
                    if mark:
                        accepted.setdefault(mark, []).append(received)
        return counted, merged

    def in_commit_order(self) -> list[tuple[int, list[Event]]]:
        blocks = {incoming.sk: incoming.block for incoming in self.offered}
        order = [block.sk for commit in self.store.commits(LOG, 0) for block in commit.blocks]
        return [(blocks[sk].received, blocks[sk].events) for sk in order]
