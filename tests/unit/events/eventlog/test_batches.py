"""What DynamoDB leaves undone in a batch is asked for again."""

import pytest
from botocore.exceptions import ClientError

from groundswell.events.eventlog import adapter_writer as writer
from groundswell.events.eventlog import keys, store
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter, Incomplete
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog

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
        return {"ResponseMetadata": {"RetryAttempts": 0}}

    def batch_write_item(self, **request):
        ((table, requests),) = request["RequestItems"].items()
        self.calls.append(len(requests))
        done = [] if self.stuck else requests[: -(-len(requests) // 2)]
        for write_request in done:
            item = write_request["PutRequest"]["Item"]
            self.items[item["pk"]["S"], item["sk"]["S"]] = item
        left = requests[len(done) :]
        return {"UnprocessedItems": {table: left} if left else {}}

    def batch_get_item(self, **request):
        ((table, table_request),) = request["RequestItems"].items()
        self.calls.append(len(table_request["Keys"]))
        refused = len(self.calls) == 1
        done = [] if refused else table_request["Keys"][: -(-len(table_request["Keys"]) // 2)]
        items = [self.items[key["pk"]["S"], key["sk"]["S"]] for key in done]
        left = table_request["Keys"][len(done) :]
        return {"Responses": {table: items}, "UnprocessedKeys": {table: table_request | {"Keys": left}} if left else {}}


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
    assert sum(pk != keys.LOGS for pk, _ in table.items) == 60


def test_a_batch_that_stays_unfinished_is_an_error_and_the_log_is_registered_next_time():
    table = Half(stuck=True)
    one = appender(table)
    with pytest.raises(Incomplete, match="2 blocks"):
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


def test_blocks_of_many_logs_are_appended_together_with_the_lines_of_those_that_are_new():
    table, made = Half(), [(Log(f"client-{n % 7}", "0"), b"%d" % n) for n in range(40)]
    writing = appender(table)

    assert writing.append_all(made, 5) == []
    assert writing.append_all(made[:1], 6) == []

    stored = sorted(int(item["d"]["B"]) for item in table.items.values() if "d" in item)
    assert stored == sorted([0, *range(40)])
    assert len({keys.log_of(sk) for pk, sk in table.items if pk == keys.LOGS}) == 7
    assert table.calls[-1] == 1, "a log is registered once"


def test_of_a_batch_that_is_not_done_the_blocks_to_repeat_are_told_and_no_others():
    class Picky(Half):
        def batch_write_item(self, **request):
            ((table, requests),) = request["RequestItems"].items()
            left = [request for request in requests if request["PutRequest"]["Item"]["pk"]["S"].startswith("hot")]
            return {"UnprocessedItems": {table: left} if left else {}}

    made = [(Log("hot", "0"), b"0"), (Log("cold", "0"), b"1"), (Log("hot", "0"), b"2")]

    assert appender(Picky()).append_all(made, 5) == [0, 2]


def test_a_log_whose_line_was_not_written_is_not_taken_for_known():
    class Forgetful(Half):
        def batch_write_item(self, **request):
            ((table, requests),) = request["RequestItems"].items()
            left = [request for request in requests if request["PutRequest"]["Item"]["pk"]["S"] == keys.LOGS]
            self.calls.append(len(requests))
            return {"UnprocessedItems": {table: left} if left else {}}

    table = Forgetful()
    writing = appender(table)

    assert writing.append_all([(LOG, b"0")], 5) == [0]
    assert writing.append_all([(LOG, b"0")], 5) == [0]
    assert table.calls.count(2) == 2


def test_a_table_that_answers_with_an_error_has_written_nothing():
    class Broken(Half):
        def batch_write_item(self, **request):
            raise ClientError({"Error": {"Code": "Throttled"}}, "BatchWriteItem")

    assert appender(Broken()).append_all([(LOG, b"0"), (LOG, b"1")], 5) == [0, 1]
