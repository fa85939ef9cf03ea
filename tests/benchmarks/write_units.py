"""DynamoDB write units of a thousand events, all in, as the emulator bills them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from infra import catalogue
from infra.local.emulator import Emulator
from infra.local.resources import Builder, Clients
from infra.stage import stage
from tests.benchmarks import samples
from tests.benchmarks.report import Figure, Say, at_most, table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PARTS = {"B": "blocks", "C": "commits", "H": "rollups", "D": "rollups", "M": "rollups", "S": "segments"}


@dataclass(frozen=True)
class Workload:
    """`batch` events a request, `group` blocks a commit. `events` fill whole segments.

    `gathered` is how many messages of the client one invocation of the coalescer gets.
    """

    batch: int
    group: int
    events: int
    limit: float | None = None
    gathered: int = 0

    @property
    def name(self) -> str:
        size = f"batches of {self.batch}" if self.batch > 1 else "single events"
        return f"{size}{f' coalesced by {self.gathered}' if self.gathered else ''}, {self.group} a commit"


FULL = (
    Workload(100, 1, 12_300, 100),
    Workload(100, 20, 12_300, 100),
    Workload(500, 1, 13_500, 70),
    Workload(500, 20, 13_500, 70),
    Workload(10, 20, 4_100),
    Workload(1, 100, 4_100),
    Workload(1, 1, 12_300, 120, gathered=100),
    Workload(1, 20, 12_300, 120, gathered=100),
    Workload(1, 20, 12_300, gathered=20),
    Workload(10, 20, 12_300, gathered=20),
)
QUICK = (Workload(100, 20, 4_100, 100), Workload(500, 20, 4_500, 70), Workload(1, 20, 4_100, 120, gathered=100))


class Meter:
    """Adds up consumed write units, by what was written."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.units: Counter[str] = Counter()
        self.calls = 0
        for operation in ("PutItem", "BatchWriteItem"):
            client.meta.events.register(f"before-parameter-build.dynamodb.{operation}", self._ask)
            client.meta.events.register(f"after-call.dynamodb.{operation}", self._add)

    def _ask(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"
        items = [params["Item"]] if "Item" in params else _batched(params["RequestItems"])
        context["part"] = next((_part(item) for item in items if _part(item)), "log entry")

    def _add(self, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        self.calls += 1
        for capacity in consumed if isinstance(consumed, list) else [consumed]:
            self.units[context["part"]] += capacity["CapacityUnits"]


def _batched(requests: dict[str, Any]) -> list[dict[str, Any]]:
    return [row["PutRequest"]["Item"] for table in requests.values() for row in table]


def _part(item: dict[str, Any]) -> str:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if pk.endswith("#T"):
        return "time index"
    if pk.endswith(("#U", "#P")):
        return "people"
    return _PARTS.get(sk.partition("#")[0], "")


def measure(say: Say, workloads: Sequence[Workload]) -> tuple[list[Figure], str]:
    parts = ("blocks", "commits", "rollups", "time index", "segments")
    figures, rows = [], []
    with Emulator(None) as emulator:
        clients = Clients(emulator.environment)
        tables = [catalogue.table("events")]
        built = Builder(clients, stage("local")).build(
            tables=tables, queues=(), secrets=(), keys=(), buckets=(), functions=()
        )
        for number, workload in enumerate(workloads):
            say(workload.name)
            meter = _drive(emulator, built.tables["events"], workload, f"client-{number}")
            units = {part: meter.units[part] / workload.events * 1000 for part in parts}
            total = sum(units.values())
            calls = meter.calls / (workload.events / workload.batch)
            people = meter.units["people"] / workload.events * 1000
            cells = (*(f"{units[part]:.1f}" for part in parts), f"{total:.1f}", f"{people:.1f}", f"{calls:.2f}")
            rows.append((workload.name, *cells))
            if workload.limit:
                figures.append(at_most(f"write units, {workload.name}", total, workload.limit, spell="{:.0f}"))
    title = (
        "DynamoDB write units per 1,000 events of ~570 bytes, all in, measured as consumed capacity on the emulator\n"
        "(one item per event: 1,000). `a commit` is how many blocks one invocation of rollups gets. Everything is "
        "folded at the end. Per-user state (who is who, and where an id was seen) comes on top: `people`."
    )
    return figures, table(title, ("workload", *parts, "all in", "people", "write calls/batch"), rows)


def _drive(emulator: Emulator, name: str, workload: Workload, client_id: str) -> Meter:
    from groundswell.events.coalescer.adapter_queue import CoalescingWriter
    from groundswell.events.eventlog.model import event_log
    from groundswell.events.eventlog.store import DynamoEventLog
    from groundswell.events.ingest.body import envelope
    from groundswell.events.ingest.service import IngestService
    from groundswell.events.rollups.committer import Committer
    from groundswell.events.rollups.folder import Folder
    from groundswell.events.rollups.service import RollupService
    from groundswell.kernel.ids import new_id

    client = Clients(emulator.environment).dynamodb
    meter = Meter(client)
    clock = _Clock()
    stream = _Stream(client, name)
    queue = _Queue(stream, clock)
    writer = CoalescingWriter(stream, lambda: queue, "arrivals", _trouble) if workload.gathered else stream
    ingest = IngestService(writer, clock, new_id)
    log = DynamoEventLog(client, name)
    rollups = RollupService(Committer(log, clock), _NoQuarantine(), outages=())
    visitors = samples.Visitors()
    for _ in range(workload.events // workload.batch):
        clock.tick()
        body = msgspec.json.encode({"batch": visitors.messages(workload.batch), "sentAt": clock().isoformat()})
        assert ingest.segment(client_id, *envelope(body)).accepted == workload.batch
        if len(queue.messages) >= workload.gathered > 0:
            queue.deliver()
        if len(stream.records) >= workload.group:
            rollups.take(stream.drain())
    queue.deliver()
    rollups.take(stream.drain())
    Folder(log).fold(event_log(client_id))
    return meter


class _Clock:
    """A second a batch."""

    def __init__(self) -> None:
        self._now = samples.NOW - timedelta(minutes=10)

    def __call__(self) -> datetime:
        return self._now

    def tick(self) -> None:
        self._now += timedelta(seconds=1)


class _Stream:
    """Writes blocks, and hands them on as the table's stream would."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        from os import urandom

        from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter

        self._writer = DynamoBlockWriter(client, name, random=lambda: urandom(6).hex())
        self.records: list[Any] = []

    def append(self, log: Any, blocks: Sequence[bytes], received: int) -> list[str]:
        from groundswell.events.eventlog import keys
        from groundswell.events.rollups.service import Record

        names = self._writer.append(log, blocks, received)
        self.records += [Record(sk, keys.partition(log), sk, data) for sk, data in zip(names, blocks, strict=True)]
        return names

    def drain(self) -> list[Any]:
        records, self.records = self.records, []
        return records


class _Queue:
    """SQS, as far as the ingest path and the coalescer see it."""

    def __init__(self, stream: _Stream, now: Callable[[], datetime]) -> None:
        self.messages: list[str] = []
        self._stream = stream
        self._now = now

    def send_message(self, *, MessageBody: str, **_: str) -> None:  # noqa: N803 - boto's name
        self.messages.append(MessageBody)

    def deliver(self) -> None:
        from groundswell.events.coalescer.service import CoalescerService, Message

        messages, self.messages = [Message(str(at), body) for at, body in enumerate(self.messages)], []
        CoalescerService(self, _unread, self._now).take(messages)

    def append_all(self, blocks: Sequence[tuple[Any, bytes]], at: int) -> list[int]:
        for log, data in blocks:
            self._stream.append(log, [data], at)
        return []


def _trouble(reason: str) -> None:
    raise AssertionError(reason)


def _unread(body: str, reason: str) -> None:
    raise AssertionError(reason)


class _NoQuarantine:
    def put(self, poison: Any) -> None:
        raise AssertionError(poison)
