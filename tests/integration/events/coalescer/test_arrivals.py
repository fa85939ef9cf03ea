"""Requests of few events through the real handlers, queue and table."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from tests.gateway import call_handler, deliver_arrivals


@pytest.fixture
def owner(moto, people):
    moto.configure(RATE_LIMITS="off", PRINCIPAL_CACHE_SECONDS="60")
    return people.sign_up()


@pytest.fixture
def post(moto, owner, monkeypatch):
    """Posts messages of Segment's to the ingest function; the queue is left to the test."""
    monkeypatch.setattr("tests.gateway.deliver_arrivals", lambda backend: None)
    key = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": ["events:write"]}).data["api_key"]

    def send(*names):
        batch = [{"type": "track", "event": "viewed", "userId": "ada", "messageId": name} for name in names]
        answer = owner.gateway.post("=/v1/batch", {"batch": batch}, headers={"x-api-key": key})
        assert answer.status == 200, answer.body
        return answer

    return send


def sample(name):
    return json.loads(Path(f"events/coalescer/{name}.json").read_text())


def blocks(moto, client_id):
    store = DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])
    rows = store.blocks_between(Log(client_id, "0"), "B#", "C")
    return [Block(data) for _, data in rows]


def test_single_events_are_one_call_each_and_one_block_together(moto, owner, post, calls):
    post("warm")
    with calls.counted() as made:
        for number in range(10):
            post(f"event {number}")
    assert made == ["SendMessage"] * 10
    assert blocks(moto, owner.client_id) == []

    with calls.counted() as made:
        deliver_arrivals(moto)

    assert made == ["BatchGetItem", "BatchWriteItem"], "suppression lists, then the block"
    [block] = blocks(moto, owner.client_id)
    assert set(block.ids) == {"warm", *(f"event {number}" for number in range(10))}


def test_a_large_batch_does_not_wait(moto, owner, post, calls):
    post("warm")
    deliver_arrivals(moto)
    with calls.counted() as made:
        post(*(str(uuid4()) for _ in range(100)))

    assert len(made) == 1
    assert made[0] in {"PutItem", "BatchWriteItem"}
    assert moto.messages("arrivals") == []


def test_a_cold_function_needs_three_calls_at_most(moto, owner, post, calls):
    post("a day's first, which notes that the key is used")
    moto.configure()
    with calls.counted() as made:
        post("of a new process")

    assert made == ["UpdateItem", "BatchGetItem", "SendMessage"]


def test_a_queue_out_of_order_loses_nothing(moto, owner, post, calls):
    with calls.failing("SendMessage", "OverLimit", times=9):
        post("event")

    [block] = blocks(moto, owner.client_id)
    assert block.ids == ["event"]


def test_what_is_no_arrival_is_a_dead_letter_with_its_reason(moto, people):
    good, bad = sample("two_requests_one_bad")["Records"]
    moto.configure(QUEUE_DEAD_LETTERS=moto.resources.dead_letters["coalescer"])

    answer = call_handler(moto, "coalescer", {"Records": [good, bad]})

    assert answer == {"batchItemFailures": []}
    [letter] = _letters(moto)
    assert letter["Body"] == "not an arrival"
    assert letter["MessageAttributes"]["Reason"]["StringValue"].startswith("not an arrival:")


def _letters(moto):
    url = moto.resources.dead_letters["coalescer"]
    return moto.aws.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])


def test_a_table_that_refuses_has_its_messages_offered_again(moto, people, calls):
    event = sample("two_clients")

    with calls.failing("BatchWriteItem", "ProvisionedThroughputExceededException", times=9):
        answer = call_handler(moto, "coalescer", event)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == [
        record["messageId"] for record in event["Records"]
    ]


def test_who_is_suppressed_while_a_message_waits_is_not_written_down(moto, owner, post):
    deliver_arrivals(moto)
    post("before")
    assert owner.post("/privacy/suppressions", {"user_id": "ada", "reason": "asked"}).status == 201

    deliver_arrivals(moto)

    assert blocks(moto, owner.client_id) == []
    (verdict,) = owner.get("/analytics/rejections").data
    assert (verdict["code"], verdict["event"]) == ("suppressed", "")
