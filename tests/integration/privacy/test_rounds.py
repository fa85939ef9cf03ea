"""An operation's worker tells itself to go on, in a bounded number of rounds: Lambda's own guard is off for it."""

import json

import pytest

from functions.privacy_jobs import handler
from infra import catalogue

MOST = catalogue.function("privacy_jobs").trigger.rounds


@pytest.fixture
def running(past, worker, monkeypatch):
    past.send({"type": "track", "event": "Viewed", "messageId": "1", "userId": "qz-ada"})
    operation = worker.start({"user_id": "qz-ada"})
    worker.step(operation)
    monkeypatch.setattr(handler, "_RESERVE_MS", float("inf"))
    return operation


def test_each_round_is_counted_in_the_message(running, worker, moto):
    for rounds in (0, 1, MOST - 1):
        worker.told(running, rounds=rounds)

        [message] = moto.messages("privacy")
        assert json.loads(message["Body"])["round"] == rounds + 1


def test_at_the_bound_it_has_failed_with_the_reason_and_a_letter_begins_to_count_anew(
    running, worker, moto, monkeypatch
):
    assert worker.told(running, rounds=MOST) == {"batchItemFailures": []}

    failed = worker.look(running)
    assert (failed["status"], moto.messages("privacy")) == ("failed", [])
    assert f"{MOST} rounds" in failed["error"]
    url = moto.resources.dead_letters["privacy_jobs"]
    [letter] = moto.aws.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert letter["MessageAttributes"]["Reason"]["StringValue"] == f"Not done after {MOST} rounds"
    assert "round" not in json.loads(letter["Body"])

    monkeypatch.setattr(handler, "_RESERVE_MS", 0)
    assert worker.finish(running)["status"] == "succeeded"


def test_a_last_round_that_finishes_has_not_failed(running, worker, moto, monkeypatch):
    monkeypatch.setattr(handler, "_RESERVE_MS", 0)

    worker.told(running, rounds=MOST)

    assert worker.look(running)["status"] == "succeeded"


@pytest.mark.parametrize("rounds", ["many", [], None])
def test_a_round_that_is_no_number_is_a_message_of_nobodys(running, worker, moto, rounds):
    assert worker.told(running, rounds=rounds or [None]) == {"batchItemFailures": []}

    url = moto.resources.dead_letters["privacy_jobs"]
    [letter] = moto.aws.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert letter["MessageAttributes"]["Reason"]["StringValue"].startswith("NoOperation")
