"""A partition that has too much to do: its log's blocks go elsewhere, where they are found."""

import pytest
from botocore.exceptions import ClientError

from groundswell.events.eventlog import adapter_writer as writer
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.adapter_write_shards import SECONDS
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter, Incomplete
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog

HOT, COLD = Log("hot", "0"), Log("cold", "0")


class Table:
    """Refuses what goes to its busy partitions. `slow` answers come at botocore's second attempt."""

    def __init__(self, *busy):
        self.busy, self.slow = set(busy), False
        self.items = {}
        self.calls = []

    def put_item(self, **request):
        self.calls.append("PutItem")
        item = request["Item"]
        if item["pk"]["S"] in self.busy:
            raise refusal("PutItem")
        self.items[item["pk"]["S"], item["sk"]["S"]] = item
        return {"ResponseMetadata": {"RetryAttempts": int(self.slow)}}

    def batch_write_item(self, **request):
        self.calls.append("BatchWriteItem")
        ((table, requests),) = request["RequestItems"].items()
        left = [request for request in requests if request["PutRequest"]["Item"]["pk"]["S"] in self.busy]
        if len(left) == len(requests):
            raise refusal("BatchWriteItem")
        for write_request in requests:
            item = write_request["PutRequest"]["Item"]
            if write_request not in left:
                self.items[item["pk"]["S"], item["sk"]["S"]] = item
        return {"UnprocessedItems": {table: left} if left else {}}

    def get_item(self, **request):
        item = self.items.get((request["Key"]["pk"]["S"], request["Key"]["sk"]["S"]))
        return {"Item": item} if item else {}

    def query(self, **request):
        values = request["ExpressionAttributeValues"]
        pk, low, high = (values[name]["S"] for name in (":pk", ":low", ":high"))
        return {"Items": [item for key, item in sorted(self.items.items()) if (pk, low) <= key <= (pk, high)]}

    def write_shards(self, log=HOT):
        return {pk for pk, _ in self.items if pk in keys.write_shards(log)}

    def found(self, log=HOT):
        return [data for _, data in DynamoEventLog(self, "events").blocks_between(log, "B#", "C")]


def refusal(operation):
    return ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, operation)


class Time:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(writer.time, "sleep", lambda seconds: None)


@pytest.fixture
def time():
    return Time()


def appender(table, time=None):
    numbers = iter(range(1000))
    return DynamoBlockWriter(table, "events", lambda: f"{next(numbers):012x}", time or Time())


def test_a_log_with_little_to_do_has_one_partition_and_pays_for_no_more():
    table = Table()
    writing = appender(table)
    for at in range(40):
        writing.append(HOT, [b"x"], at)

    assert table.write_shards() == {"hot#0"}
    assert table.calls == ["BatchWriteItem"] + ["PutItem"] * 39
    assert len(table.found()) == 40


def test_a_block_that_a_busy_partition_refuses_goes_elsewhere_and_so_do_the_next():
    table = Table()
    writing = appender(table)
    writing.append(HOT, [b"0"], 1)
    table.busy = {"hot#0"}
    for at in range(1, 40):
        writing.append(HOT, [b"%d" % at], at)

    assert len(table.write_shards()) > 8
    assert table.found() == [b"%d" % at for at in range(40)], "in the order in which they came"


def test_the_table_is_told_of_lanes_before_one_is_used():
    table = Table()
    writing = appender(table)
    writing.append(HOT, [b"0"], 1)
    table.busy = {"hot#0", keys.LOGS}
    with pytest.raises(ClientError):
        writing.append(HOT, [b"1"], 2)
    assert table.write_shards() == {"hot#0"}
    table.busy = {"hot#0"}

    writing.append(HOT, [b"1"], 2)

    assert table.found() == [b"0", b"1"]


def test_a_partition_that_answers_at_the_second_attempt_is_busy():
    table = Table()
    writing = appender(table)
    writing.append(HOT, [b"x"], 0)
    table.slow = True
    for at in range(1, 9):
        writing.append(HOT, [b"x"], at)

    assert len(table.write_shards()) > 5
    assert table.calls.count("BatchWriteItem") == 2, "the write_shards are told of once"


def test_a_log_goes_back_to_its_partition_when_there_was_no_trouble_for_some_time(time):
    table = Table()
    writing = appender(table, time)
    writing.append(HOT, [b"x"], 0)
    table.busy = {"hot#0"}
    writing.append(HOT, [b"x"], 1)
    table.busy.clear()

    time.now = SECONDS - 1
    names = [*writing.append(HOT, [b"x"], 2), *writing.append(HOT, [b"x"], 3)]
    time.now = SECONDS
    back = [*writing.append(HOT, [b"x"], 4), *writing.append(HOT, [b"x"], 5)]

    assert "hot#0" not in {keys.write_shard(HOT, name) for name in names}
    assert {keys.write_shard(HOT, name) for name in back} == {"hot#0"}


def test_of_many_logs_only_the_busy_one_spreads_and_nothing_is_left_to_repeat():
    table = Table("hot#0")
    writing = appender(table)
    blocks = [(log, b"%d" % at) for at, log in enumerate([HOT, COLD] * 30)]

    assert writing.append_all(blocks, 1) == []

    assert len(table.write_shards()) > 5
    assert table.write_shards(COLD) == {"cold#0"}
    assert sorted(table.found() + table.found(COLD), key=int) == [data for _, data in blocks]


def test_a_batch_of_one_log_is_written_whole_and_its_names_are_those_it_has():
    table = Table("hot#0")
    blocks = [b"%d" % at for at in range(60)]

    names = appender(table).append(HOT, blocks, 1)

    assert DynamoEventLog(Reading(table), "events").blocks(HOT, names) == dict(zip(names, blocks, strict=True))


class Reading:
    def __init__(self, table):
        self._table = table

    def batch_get_item(self, **request):
        ((name, table_request),) = request["RequestItems"].items()
        items = [self._table.items[key["pk"]["S"], key["sk"]["S"]] for key in table_request["Keys"]]
        return {"Responses": {name: items}}


def test_where_every_partition_is_busy_the_batch_is_refused_after_few_attempts():
    table = Table(*keys.write_shards(HOT))
    writing = appender(table)
    with pytest.raises((ClientError, Incomplete)):
        writing.append(HOT, [b"x", b"y"], 1)
    writing.append(COLD, [b"x"], 1)
    assert writing.append_all([(HOT, b"x"), (COLD, b"y")], 1) == [0]
    table.calls.clear()

    with pytest.raises(ClientError):
        writing.append(HOT, [b"x"], 1)

    assert table.calls == ["PutItem"] * 3
    assert table.found(COLD) == [b"x", b"y"]


def test_other_errors_are_no_reason_to_spread():
    class Broken(Table):
        def put_item(self, **request):
            raise ClientError({"Error": {"Code": "ValidationException"}}, "PutItem")

    table = Broken()
    writing = appender(table)
    writing.append(HOT, [b"x"], 1)
    with pytest.raises(ClientError, match="Validation"):
        writing.append(HOT, [b"x"], 1)

    assert (keys.LOGS, keys.has_write_shards(HOT)) not in table.items


@pytest.mark.parametrize("log", [HOT, Log("hot", "m")])
def test_a_blocks_name_says_where_it_is_and_its_partition_whose_it_is(log):
    names = [keys.block(at // 2, f"0000{at:08x}", spread=at % 3 > 0) for at in range(400)]

    assert {keys.write_shard(log, name) for name in names} == set(keys.write_shards(log))
    assert {keys.log_of(write_shard) for write_shard in keys.write_shards(log)} == {log}
    assert keys.log_of(keys.has_write_shards(log)) == log
    assert [int(name[2:15]) for name in sorted(names)] == [at // 2 for at in range(400)]
    assert len(set(names)) == 400
    assert set(keys.write_shards(log)) < set(keys.partitions(log))
