"""The schedule's sample through the real handler, table and bucket."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from uuid import uuid4

import pyarrow.parquet as pq
import pytest

from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.lake import Lake, Manifest, prefix
from groundswell.events.archiver.privacy import Archive
from groundswell.events.archiver.store import DynamoPointers, S3Objects
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog import keys
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
    files = [objects.get(name)[0] for name in objects.names(prefix(log.client_id)) if name.endswith(".parquet")]
    return [row["id_text"] for data in files for row in pq.read_table(BytesIO(data)).to_pylist()]


def test_a_round_archives_what_was_counted_once_per_due_time(moto, objects, log):
    send(moto, log, "ada", "eve")
    due = "2031-01-01T00:00:00Z"

    assert fire(moto, due)["done"]
    assert fire(moto, due) == {"done": False}
    send(moto, log, "bob")
    fire(moto)
    fire(moto)

    assert ids(objects, log) == ["ada 0", "eve 1", "bob 0"]


def test_a_manifest_has_one_winner_and_what_it_listed_is_found(moto, log):
    pointers = DynamoPointers(moto.aws.dynamodb, moto.resources.tables["events"])
    first, second = Manifest(1, 5, "a", old=True), Manifest(2, 7, "b", compacted="2026-11-22")

    assert pointers.get(log) == Manifest()
    assert pointers.put(log, first, Manifest())
    assert not pointers.put(log, second, Manifest())
    assert pointers.get(log) == first
    assert pointers.put(log, second, first)
    assert not pointers.put(log, first, first)
    assert pointers.get(log) == second
    pointers.forget(log)
    assert pointers.get(log) == Manifest()


def test_an_archive_from_before_parquet_is_replaced(moto, objects, log):
    send(moto, log, "ada")
    key = {"pk": {"S": keys.partition(log, "L")}, "sk": {"S": keys.ARCHIVED}}
    moto.aws.dynamodb.put_item(
        TableName=moto.resources.tables["events"], Item=key | {"done": {"N": "1"}, "planned": {"N": "1"}}
    )
    old = f"{prefix(log.client_id)}day=2026-11-22/0-000000000001-000000000001.json.gz"
    objects.put(old, b"lines")

    fire(moto)

    assert ids(objects, log) == ["ada 0"]
    assert objects.get(old) is None


def test_a_person_is_taken_out_and_a_purged_client_leaves_nothing(moto, objects, log):
    send(moto, log, "ada", "eve")
    fire(moto)
    lake = Lake(DynamoPointers(moto.aws.dynamodb, moto.resources.tables["events"]), objects, lambda: uuid4().hex)
    eve = Somebody(frozenset({"eve"}), frozenset(), frozenset())

    archive = Archive(lake, DuckSheets(), objects)
    assert not archive.busy(log.client_id)
    (name,) = archive.survey(log.client_id, eve, "").concerned
    assert archive.clean(name, eve)
    assert archive.survey(log.client_id, eve, "").concerned == ()
    assert archive.survey(log.client_id, eve, name) is None
    assert ids(objects, log) == ["ada 0"]
    assert list(archive.purge(log.client_id)) == [2], "an object and the list of objects"
    assert list(archive.purge(log.client_id)) == []
    assert ids(objects, log) == []
