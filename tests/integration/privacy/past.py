"""What a client's life leaves behind, and where a name can be found in it."""

import gzip
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from zipfile import ZipFile

import pyarrow.parquet as pq

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.block import Block, CorruptBlock, encode
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.zstd import MAGIC, expand
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.folder import Folder
from groundswell.kernel.clock import utc_now
from tests.calls import Calls
from tests.gateway import call_handler

_numbers = count()


class Past:
    def __init__(self, moto, owner):
        self.moto, self.owner = moto, owner
        self.log = Log(owner.client_id, "0")
        self.store = DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])
        self.committer = Committer(self.store, utc_now)
        body = {"name": "k", "scopes": ["events:write"]}
        self.others = {place for place, _ in self.everything()}  # what other tests left
        self.key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]

    def send(self, *events):
        """Through Segment's endpoint, and the stream's consumer. After the first batch, the client's usual partition
        takes no more: the others go to its write_shards."""
        with Calls().busy(keys.partition(self.log)) if self.blocks() else nullcontext():
            answer = self.owner.gateway.post("=/v1/batch", {"batch": list(events)}, headers={"x-api-key": self.key})
        assert answer.status == 200, answer.body
        self.deliver()

    def let_in(self, user):
        """By a process that still has an old suppression list."""
        now = int(utc_now().timestamp() * 1000)
        event = Event(id=f"late {next(_numbers)}", kind="track", name="Viewed", ts=now, user_id=user)
        writer = DynamoBlockWriter(self.moto.aws.dynamodb, self.moto.resources.tables["events"], lambda: "0" * 12)
        writer.append(self.log, [encode([event], now)], now)

    def deliver(self):
        self.committer.commit(self.log, [Incoming(sk, Block(data)) for sk, data in self.blocks()])

    def fold(self):
        Folder(self.store).fold(self.log)

    def blocks(self):
        return list(self.store.blocks_between(self.log, "B#", "C"))

    def write_shards(self):
        """The partitions that its blocks are in."""
        return {keys.write_shard(self.log, sk) for sk, _ in self.blocks()}

    def archive(self):
        due = datetime(2040, 1, 1, tzinfo=UTC) + timedelta(hours=next(_numbers))
        assert call_handler(self.moto, "archiver", {"schedule": "archiver", "due": due.isoformat()})["done"]

    def shown(self):
        """Whose events the event list shows."""
        events = self.owner.get(f"/dashboard/client-companies/{self.owner.client_id}/events").data
        return sorted((event["user_id"], event["anonymous_id"]) for event in events)

    def found(self, *names):
        """Every place in all tables and buckets that holds one of the names' bytes, whatever it is packed in."""
        wanted = [name.encode() for name in names]
        mine = ((place, text) for place, text in self.everything() if place not in self.others)
        return [place for place, text in mine if any(name in text for name in wanted)]

    def everything(self):
        for table in self.moto.resources.tables:
            for item in self.moto.items(table):
                place = f"{table} {item.get('pk', {}).get('S')} {item.get('sk', {}).get('S')}"
                yield from ((place, text) for text in _texts(item))
        for bucket in self.moto.resources.buckets.values():
            for s3_object in self.moto.aws.s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                data = self.moto.aws.s3.get_object(Bucket=bucket, Key=s3_object["Key"])["Body"].read()
                yield s3_object["Key"], s3_object["Key"].encode()
                yield from ((s3_object["Key"], text) for text in _members(data))


def _members(data):
    """The bytes of an object, unpacked."""
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as bundle:
            yield from (bundle.read(name) for name in bundle.namelist())
    elif data.startswith(b"PAR1"):
        yield repr(pq.read_table(BytesIO(data)).to_pylist()).encode()
    else:
        yield gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def _texts(value):
    """The bytes of a DynamoDB value, as they are and unpacked."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name.encode()
            yield from _texts(inner)
    elif isinstance(value, list | set):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, bytes):
        yield from _unpacked(value)
    else:
        yield str(value).encode()


def _unpacked(data):
    yield data
    at = data.find(MAGIC)
    while at >= 0:
        with suppress(ValueError):
            yield from _unpacked(expand(data[at:]))
        at = data.find(MAGIC, at + 1)
    try:
        yield repr(Block(data).events).encode()
    except CorruptBlock:
        return
