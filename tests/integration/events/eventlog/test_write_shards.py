"""A client whose partition takes no more: its events go to its write_shards, and whoever looks for them finds them."""

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from groundswell.events.archiver.lake import prefix
from groundswell.events.archiver.store import S3Objects
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler


class Busy:
    """A client that sends more than its usual partition takes. Some requests are small and wait in the queue."""

    def __init__(self, moto, people, calls):
        self.moto, self._people, self._calls = moto, people, calls
        self.owner = owner = people.sign_up()
        self.log = Log(owner.client_id, "0")
        self.store = DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])
        body = {"name": "k", "scopes": ["events:write"]}
        self._key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]
        self._random = random.Random(4)
        self.ids = set()

    def send(self, batches):
        """Each of some new ids and some old ones."""
        for number in range(batches):
            new = [f"event {len(self.ids)} {at}" for at in range(20 if number % 2 else 2)]
            again = self._random.sample(sorted(self.ids), min(3, len(self.ids)))
            self.ids |= {*new}
            assert self.post(new + again).status == 200

    def post(self, ids):
        body = {"type": "track", "event": "Seen", "userId": "u"}
        events = [
            body | {"messageId": identifier, "properties": {"noise": self._random.randbytes(150).hex()}}
            for identifier in ids
        ]
        return self.owner.gateway.post("=/v1/batch", {"batch": events}, headers={"x-api-key": self._key})

    def busy(self):
        return self._calls.busy(keys.partition(self.log))

    def blocks(self):
        return list(self.store.blocks_between(self.log, "B#", "C"))

    def write_shards(self):
        return {item["pk"]["S"] for item in self.moto.items("events") if item["pk"]["S"] in keys.write_shards(self.log)}

    def counted(self):
        window = f"from={utc_now() - timedelta(days=1):%Y-%m-%d}&to={utc_now() + timedelta(days=2):%Y-%m-%d}"
        answer = self._people.sign_in(self.owner.email).get(
            f"/analytics/metrics?metric=events&granularity=day&{window}"
        )
        assert answer.status == 200, answer.body
        return answer.data["total"]

    def fire(self, function, hours):
        due = (datetime(2050, 1, 1, tzinfo=UTC) + timedelta(hours=hours)).isoformat()
        return call_handler(self.moto, function, {"schedule": function, "due": due})


@pytest.fixture
def client(moto, people, calls):
    moto.configure(RATE_LIMITS="off")
    return Busy(moto, people, calls)


def test_what_a_busy_partition_refuses_is_counted_once_archived_once_and_nothing_is_lost(client, advance):
    client.send(4)
    with client.busy() as refused:
        client.send(20)
    client.send(4)

    assert refused
    assert len(refused) < 10, "it is not asked for every block"
    assert len(client.write_shards()) > 8
    names = [sk for sk, _ in client.blocks()]
    assert names == sorted(names)
    assert {keys.write_shard(client.log, sk) for sk in names} == client.write_shards()
    advance(hours=1)
    client.fire("reconcile", 1)
    assert client.counted() == len(client.ids), "no stream delivered a block: reconcile found each"

    client.fire("archiver", 2)

    objects = S3Objects(client.moto.aws.s3, client.moto.resources.buckets["archive"])
    names = [name for name in objects.names(prefix(client.log.client_id)) if name.endswith(".parquet")]
    tables = [pq.read_table(BytesIO(objects.get(name)[0])) for name in names]
    assert sorted(
        row["id_text"] or str(UUID(bytes=row["id_uuid"])) for table in tables for row in table.to_pylist()
    ) == sorted(client.ids)
    assert {event.id for _, data in client.blocks() for event in Block(data).events} >= client.ids


def test_consumers_of_several_lanes_count_an_id_once(client):
    with client.busy():
        client.send(16)
    by_lane = {}
    for sk, data in client.blocks():
        by_lane.setdefault(keys.write_shard(client.log, sk), []).append(Incoming(sk, Block(data)))

    for blocks in by_lane.values():  # DynamoDB's stream has a shard for each partition
        Committer(client.store, utc_now).commit(keys.log_of(keys.write_shard(client.log, blocks[0].sk)), blocks)

    assert len(by_lane) > 4
    assert client.counted() == len(client.ids)


def test_a_batch_that_no_partition_takes_is_refused_and_counts_once_when_it_is_sent_again(client, advance, calls):
    client.send(2)
    new = [f"x {at}" for at in range(20)]
    with (
        calls.failing("PutItem", "ThrottlingException", 99),
        calls.failing("BatchWriteItem", "ThrottlingException", 99),
    ):
        assert client.post(new).status in (429, 503)
    for _ in range(2):
        assert client.post(new).status == 200
    client.ids |= {*new}
    advance(hours=1)

    client.fire("reconcile", 3)

    assert client.counted() == len(client.ids)
