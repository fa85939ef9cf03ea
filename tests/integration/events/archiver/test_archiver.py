"""The schedule's sample through the real handler, table and bucket."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from groundswell.events.archiver.erasure import ArchiveEraser
from groundswell.events.archiver.model import Progress, lines_of, packed, prefix
from groundswell.events.archiver.privacy import Archive
from groundswell.events.archiver.store import DynamoArchiveProgress, S3Objects
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler

_numbers = count()


@pytest.fixture
def log():
    return Log(f"archived-{next(_numbers)}", "0")


@pytest.fixture
def objects(moto):
    return S3Objects(moto.aws.s3, moto.resources.buckets["archive"])


def send(backend, log, *users):
    table, now = backend.resources.tables["events"], int(utc_now().timestamp() * 1000)
    numbers = iter(range(10**6, 10**7))
    writer = DynamoBlockWriter(backend.aws.dynamodb, table, random=lambda: f"{next(numbers):012x}")
    events = [Event(id=f"{user} {at}", kind="track", name="a", ts=now, user_id=user) for at, user in enumerate(users)]
    data = encode(events, now)
    (sk,) = writer.append(log, [data], now)
    Committer(DynamoEventLog(backend.aws.dynamodb, table), utc_now).commit(log, [Incoming(sk, Block(data))])


def fire(backend, due=None):
    sample = json.loads(Path("events/archiver/due.json").read_text())
    made_up = (datetime(2030, 1, 1, tzinfo=UTC) + timedelta(hours=next(_numbers))).isoformat()
    return call_handler(backend, "archiver", sample | {"due": due or made_up})


def ids(objects, log):
    found = [objects.get(name) for name in objects.names(prefix(log.client_id))]
    return [json.loads(line)["event_id"] for data, _ in found for line in lines_of(data)]


def test_a_round_archives_what_was_counted_once_per_due_time(moto, objects, log):
    send(moto, log, "ada", "eve")
    due = "2031-01-01T00:00:00Z"

    assert fire(moto, due)["done"]
    assert fire(moto, due) == {"done": False}
    send(moto, log, "bob")
    fire(moto)
    fire(moto)

    assert ids(objects, log) == ["ada 0", "eve 1", "bob 0"]


def test_progress_has_one_winner(moto, log):
    progress = DynamoArchiveProgress(moto.aws.dynamodb, moto.resources.tables["events"])

    assert progress.plan(log, Progress(), 5)
    assert not progress.plan(log, Progress(), 7)
    assert progress.progress(log) == Progress(0, 5)
    assert not progress.finish(log, 7)
    assert progress.finish(log, 5)
    assert progress.plan(log, Progress(5, 5), 7)
    assert not progress.plan(log, Progress(5, 5), 9)


def test_a_person_is_taken_out_and_a_purged_client_leaves_nothing(moto, objects, log):
    send(moto, log, "ada", "eve")
    fire(moto)
    progress = DynamoArchiveProgress(moto.aws.dynamodb, moto.resources.tables["events"])
    eve = Somebody(frozenset({"eve"}), frozenset(), frozenset())

    eraser = ArchiveEraser(progress, objects)
    (name,) = eraser.survey(log.client_id, eve, "").concerned
    assert eraser.clean(name, eve)
    assert eraser.survey(log.client_id, eve, "").concerned == ()
    assert eraser.survey(log.client_id, eve, name) is None
    assert ids(objects, log) == ["ada 0"]
    assert list(Archive(progress, objects).purge(log.client_id)) == [1]
    assert list(Archive(progress, objects).purge(log.client_id)) == []
    assert ids(objects, log) == []


def test_an_object_is_replaced_only_as_it_was_read(moto, objects, log):
    name = prefix(log.client_id) + "x"
    objects.put(name, packed([b"1\n"]))
    _, version = objects.get(name)
    objects.put(name, packed([b"2\n"]))

    assert not objects.replace(name, packed([b"3\n"]), version)
    assert objects.replace(name, packed([b"3\n"]), objects.get(name)[1])
    assert objects.get(name + "y") is None


def test_an_object_that_exists_is_not_written_again(moto, objects, log):
    name = prefix(log.client_id) + "x"

    assert objects.create(name, packed([b"1\n"]))
    assert not objects.create(name, packed([b"2\n"]))

    assert list(lines_of(objects.get(name)[0])) == [b"1\n"]
