"""What a month costs in AWS, from measured units and a dated price list. `groundswell cost` prints it.

An estimate for planning, not a bill: data transfer, free tiers and taxes are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PRICES_OF = "us-east-1, on demand, November 2026"
PER_MILLION = 1e-6
HTTP_API, REST_API = 1.00 * PER_MILLION, 3.50 * PER_MILLION  # a request
LAMBDA_CALL, LAMBDA_GB_S = 0.20 * PER_MILLION, 0.0000133334  # arm64
WRITE_UNIT, READ_UNIT = 0.625 * PER_MILLION, 0.125 * PER_MILLION
TABLE_GB, BUCKET_GB, LOGS_GB = 0.25, 0.023, 0.50  # a month; logs: taken in
SQS_REQUEST, S3_PUT, S3_GET = 0.40 * PER_MILLION, 5.00 * PER_MILLION, 0.40 * PER_MILLION
DISK_GB_S = 0.0000000309  # of a function's /tmp beyond 512 MB
MAIL = 0.10 / 1000
SECRET, KMS_KEY, ALARM = 0.40, 1.00, 0.10  # a month each
FIREWALL, FIREWALL_RULE = 5.00, 1.00  # likewise

TRACE, TRACED = 5.00 * PER_MILLION, 0.05  # X-Ray; the share of calls it takes on a busy stage
EDGE_REQUEST, FIREWALL_REQUEST = 1.00 * PER_MILLION, 0.60 * PER_MILLION  # CloudFront over TLS, to Europe and the US

# Measured: tests/unit/eventlog/test_write_units.py gates the write units, `poe bench` the others. All in, per event.
UNITS = {1: 0.081, 100: 0.070, 500: 0.047}
INGEST_MS = {1: 6.0, 100: 86.0, 500: 400.0}  # a request, at 512 MB, which has 0.29 of a core
EVENT_BYTES = 80  # in the table: its share of block, commit, rollups, index and ids
ARCHIVED_BYTES = 90  # in a compressed line
LOG_BYTES = 700  # a request
BLOCKS_A_COMMIT, ROLLUPS_MS = 20, 200.0
MESSAGES_A_BLOCK, COALESCER_MS = 100, 100.0
REQUEST_MS, REQUEST_READS, REQUEST_WRITES = 30.0, 3.0, 1.0
# `tests.benchmarks.engine`, 300,000 events, the mean of its seven questions (1 December 2026, two cores at load 15).
QUESTION_CPU_MS = 1_480.0  # a million events
QUESTION_MS, QUESTION_READS = 30.0, 20.0  # whatever it is about: the request, the manifest, commits, who is who
AT_ONCE_EVENTS = 1_000_000  # beyond, a worker answers
AT_ONCE_MB, WORKER_MB, WORKER_DISK_MB = 1_769, 3_008, 10_240
ONE_CORE_MB = 1_769
OBJECTS = 30  # a question reads: days
WORKER_WRITES, WORKER_QUEUE_REQUESTS = 8.0, 3.0
MAIL_MS, MAIL_WRITES, MAIL_QUEUE_REQUESTS = 120.0, 6.0, 3.0


@dataclass(frozen=True)
class Usage:
    """Of a month. `batch` is how many events an SDK sends at once: 1, 100 or 500. `edge`: CloudFront is in front.
    `questions` are those that the engine answers, each about `events_a_question`."""

    events: int
    requests: int
    emails: int
    batch: int = 100
    edge: bool = False
    questions: int = 0
    events_a_question: int = AT_ONCE_EVENTS


@dataclass(frozen=True)
class Item:
    what: str
    dollars: float


def month(usage: Usage) -> Iterator[Item]:
    yield from _events(usage)
    yield Item("requests: API and function", usage.requests * (HTTP_API + _call(REQUEST_MS, 0.5)))
    yield Item("requests: table", usage.requests * (REQUEST_READS * READ_UNIT + REQUEST_WRITES * WRITE_UNIT))
    yield Item("mail: SES", usage.emails * MAIL)
    own = MAIL_WRITES * WRITE_UNIT + MAIL_QUEUE_REQUESTS * SQS_REQUEST + _call(MAIL_MS, 0.5)
    yield Item("mail: queue, function, table", usage.emails * own)
    yield from _questions(usage)
    requests = usage.requests + usage.events / usage.batch
    yield Item("requests: logs", usage.requests * LOG_BYTES / 1e9 * LOGS_GB)
    yield Item("all requests: traces", requests * TRACED * TRACE)
    if usage.edge:
        yield Item("all requests: CloudFront, firewall", requests * (EDGE_REQUEST + FIREWALL_REQUEST))


def _events(usage: Usage) -> Iterator[Item]:
    posts = usage.events / usage.batch
    blocks = usage.events / MESSAGES_A_BLOCK if usage.batch == 1 else posts
    yield Item("events: API", posts * REST_API)
    yield Item("events: ingest", posts * (_call(INGEST_MS[usage.batch], 0.5) + LOG_BYTES / 1e9 * LOGS_GB))
    if usage.batch == 1:
        moving = 1 + 2 / 10  # sent alone, received and deleted by tens
        yield Item("events: queue", posts * moving * SQS_REQUEST + blocks * _call(COALESCER_MS, 1.0))
    yield Item("events: writes, all in", usage.events * UNITS[usage.batch] * WRITE_UNIT)
    yield Item("events: counting", blocks / BLOCKS_A_COMMIT * _call(ROLLUPS_MS, 1.0))
    yield Item("events: a month of the table", usage.events * EVENT_BYTES / 1e9 * TABLE_GB)
    yield Item("events: a month of the archive", usage.events * ARCHIVED_BYTES / 1e9 * BUCKET_GB + 24 * 30 * S3_PUT)


def _questions(usage: Usage) -> Iterator[Item]:
    """Answers that are kept cost a read of the manifest instead, which is not counted on."""
    at_once = usage.events_a_question <= AT_ONCE_EVENTS
    megabytes, disk = (AT_ONCE_MB, 0) if at_once else (WORKER_MB, WORKER_DISK_MB - 512)
    ms = QUESTION_MS + QUESTION_CPU_MS * usage.events_a_question / 1e6 * ONE_CORE_MB / megabytes
    spent = _call(ms, megabytes / 1024) + ms / 1000 * disk / 1024 * DISK_GB_S
    yield Item("questions: function", usage.questions * spent)
    read = OBJECTS * S3_GET + QUESTION_READS * READ_UNIT
    kept = 0.0 if at_once else WORKER_WRITES * WRITE_UNIT + WORKER_QUEUE_REQUESTS * SQS_REQUEST
    yield Item("questions: objects, table, queue", usage.questions * (read + S3_PUT + kept))


def _call(ms: float, gigabytes: float) -> float:
    return LAMBDA_CALL + ms / 1000 * gigabytes * LAMBDA_GB_S


def number(text: str) -> int:
    """`10M`, `500k`, `1_000`. Raises ValueError."""
    match = re.fullmatch(r"([0-9_]+(?:\.[0-9]+)?)([kMG]?)", text)
    if not match:
        raise ValueError(f"{text!r} is no number: say 10M, 500k or 1000")
    return round(float(match[1].replace("_", "")) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[match[2]])


def table(usage: Usage, stage: str, idle: Iterable[Item]) -> str:
    """All of a month of that stage. `idle` is what it costs unused."""
    items = [item for item in month(usage) if usage.questions or not item.what.startswith("questions")]
    items += [item for item in idle if item.dollars]
    lines = [f"A month of {usage.events:,} events in requests of {usage.batch}, {usage.requests:,} API requests and"]
    lines += [f"{usage.emails:,} mails on {stage}, {PRICES_OF}:", ""]
    lines += map(_line, items)
    lines += ["", f"  {'all':<36}${sum(item.dollars for item in items):>10,.2f}"]
    events = sum(item.dollars for item in items if item.what.startswith("events"))
    questions = sum(item.dollars for item in items if item.what.startswith("questions"))
    if usage.questions:
        per_thousand = f"a thousand questions of {usage.events_a_question:,} events"
        lines.append(f"  {per_thousand:<36}${questions / usage.questions * 1e3:>10,.2f}")
    if usage.events:
        lines.append(f"  {'a million events':<36}${events / usage.events * 1e6:>10,.2f}")
    return "\n".join(lines)


def _line(item: Item) -> str:
    return f"  {item.what:<36}${item.dollars:>10,.2f}"
