"""What DynamoDB leaves undone in a batch is asked for again."""

import pytest

from groundswell.eventlog import keys, store, writer
from groundswell.eventlog.model import Log
from groundswell.eventlog.store import DynamoEventLog
from groundswell.eventlog.writer import DynamoBlockWriter, Incomplete

LOG = Log("client", "0")


class Half:
    """A table that does the first half of every batch."""

    def __init__(self, *, stuck=False):
        self.items = {}
        self.calls = []
        self.stuck = stuck

    def put_item(self, **request):
        self.calls.append(1)
        item = request["Item"]
        self.items[item["pk"]["S"], item["sk"]["S"]] = item

    def batch_write_item(self, **request):
        ((table, requests),) = request["RequestItems"].items()
        self.calls.append(len(requests))
        done = [] if self.stuck else requests[: -(-len(requests) // 2)]
        for each in done:
            item = each["PutRequest"]["Item"]
            self.items[item["pk"]["S"], item["sk"]["S"]] = item
        left = requests[len(done) :]
        return {"UnprocessedItems": {table: left} if left else {}}

    def batch_get_item(self, **request):
        ((table, asked),) = request["RequestItems"].items()
        self.calls.append(len(asked["Keys"]))
        refused = len(self.calls) == 1
        done = [] if refused else asked["Keys"][: -(-len(asked["Keys"]) // 2)]
        found = [self.items[each["pk"]["S"], each["sk"]["S"]] for each in done]
        left = asked["Keys"][len(done) :]
        return {"Responses": {table: found}, "UnprocessedKeys": {table: asked | {"Keys": left}} if left else {}}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    for module in (writer, store):
        monkeypatch.setattr(module.time, "sleep", lambda seconds: None)


def appender(table):
    numbers = iter(range(1000))
    return DynamoBlockWriter(table, "events", random=lambda: f"{next(numbers):012x}")


def test_unprocessed_blocks_are_written_again_until_they_are():
    table = Half()

    sks = appender(table).append(LOG, [b"%d" % n for n in range(6)], 1)

    assert {(keys.partition(LOG), sk) for sk in sks} | {("LOGS", "client#0")} == set(table.items)
    assert table.calls == [7, 3, 1]


def test_more_blocks_than_a_batch_holds_take_several():
    table = Half()

    sks = appender(table).append(LOG, [b"x"] * 60, 1)

    assert len(sks) == len(set(sks)) == 60
    assert len(table.items) == 61


def test_a_batch_that_stays_unfinished_is_an_error_and_the_log_is_registered_next_time():
    table = Half(stuck=True)
    one = appender(table)
    with pytest.raises(Incomplete, match="3 blocks"):
        one.append(LOG, [b"a", b"b"], 1)
    table.stuck = False

    one.append(LOG, [b"a"], 1)

    assert ("LOGS", "client#0") in table.items


def test_once_registered_a_single_block_is_a_single_put():
    table = Half()
    one = appender(table)
    one.append(LOG, [b"a"], 1)
    table.calls.clear()

    one.append(LOG, [b"b"], 2)

    assert table.calls == [1]


def test_unprocessed_keys_are_read_again_until_they_are():
    table = Half()
    sks = appender(table).append(LOG, [b"%d" % n for n in range(20)], 1)
    table.calls.clear()

    assert len(DynamoEventLog(table, "events").blocks(LOG, sks)) == 20
    assert table.calls[:3] == [20, 20, 10]
