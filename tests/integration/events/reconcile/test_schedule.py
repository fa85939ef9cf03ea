"""The schedule's sample, through the real handler and stores."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from groundswell.analytics.questions.model import Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler

SAMPLES = Path("events/reconcile")
_clients = count()
_dues = count()


@pytest.fixture
def log():
    return Log(f"scheduled-{next(_clients)}", "0")


def fire(backend, due=None):
    event = json.loads((SAMPLES / "due.json").read_text())
    made_up = (datetime(2030, 1, 1, tzinfo=UTC) + timedelta(hours=next(_dues))).isoformat()
    return call_handler(backend, "reconcile", event | {"due": due or made_up})


def write(backend, log, ids):
    numbers = count()
    table = backend.resources.tables["events"]
    writer = DynamoBlockWriter(backend.aws.dynamodb, table, random=lambda: f"{next(numbers):012x}")
    now = int(utc_now().timestamp() * 1000)
    events = [Event(id=str(identifier), kind="track", name="viewed", ts=now) for identifier in ids]
    writer.append(log, [encode(events, now)], now)


def total(backend, log):
    service = AnalyticsService(DynamoEventLog(backend.aws.dynamodb, backend.resources.tables["events"]), utc_now)
    now = int(utc_now().timestamp() * 1000)
    question = Question(Window(now - 2 * DAY, now + DAY), Granularity.HOUR)
    return service.series(log.client_id, "events", question).total.count


def test_every_sample_is_known():
    assert [path.name for path in SAMPLES.iterdir()] == ["due.json"]


def test_a_block_that_no_stream_delivered_is_counted_and_the_drift_published(moto, log, advance, capsys):
    advance(hours=1)
    fire(moto)  # whatever other tests left behind
    write(moto, log, range(10))
    assert total(moto, log) == 0
    capsys.readouterr()
    advance(hours=1)

    report = fire(moto)

    assert (report["done"], report["recovered"], report["drift"], report["lost"]) == (True, 10, 0, 0)
    assert total(moto, log) == 10
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [line["RollupDrift"] for line in metrics if "RollupDrift" in line] == [[10.0]]
    advance(hours=1)
    assert fire(moto)["recovered"] == 0


def test_a_due_time_that_fires_twice_has_one_effect(moto, log, advance):
    due = "2031-06-01T10:00:00Z"
    assert fire(moto, due)["done"]
    advance(hours=1)
    fire(moto)
    write(moto, log, range(3))
    advance(hours=1)

    assert fire(moto, due) == {"done": False}
    assert fire(moto, "2031-06-01T12:00:00+02:00") == {"done": False}
    assert total(moto, log) == 0
    assert fire(moto)["recovered"] == 3
