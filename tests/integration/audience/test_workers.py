"""An operation's message comes again when its worker's time is over, not half an hour later."""

import json
from dataclasses import dataclass
from importlib import import_module

import pytest

from tests.backend import Backend


@dataclass
class Context:
    seconds: int

    def get_remaining_time_in_millis(self) -> int:
        return self.seconds * 1000


@pytest.fixture
def received(moto: Backend):
    """A message as Lambda gets it, invisible for as long as the queue says, and where it is visible again."""
    url = moto.resources.queues["audience"]
    moto.messages("audience")  # what other tests left
    body = json.dumps({"client_id": "nobody", "operation_id": "none"})
    moto.aws.sqs.send_message(QueueUrl=url, MessageBody=body)
    [message] = moto.aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=1800)["Messages"]
    record = {"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": body}
    return record, lambda: moto.aws.sqs.receive_message(QueueUrl=url).get("Messages", [])


@pytest.fixture
def handled(moto: Backend, monkeypatch):
    """The worker's answer to that record, with so many seconds left."""
    for name, value in moto.environment("audience_jobs").items():
        monkeypatch.setenv(name, value)
    handler = import_module("functions.audience_jobs.handler").handler
    return lambda record, seconds: handler({"Records": [record]}, Context(seconds))


def test_a_message_of_a_worker_that_died_comes_again_when_its_time_is_over(handled, received):
    record, again = received
    assert again() == []

    handled(record, -5)  # nobody deletes it: its worker is gone

    assert [message["Body"] for message in again()] == [record["body"]]


def test_a_message_that_another_worker_has_is_left_to_it(handled, received):
    record, _ = received
    assert handled({**record, "receiptHandle": "another"}, 300) == {"batchItemFailures": []}
