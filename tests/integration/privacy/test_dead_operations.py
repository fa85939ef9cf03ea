"""An erasure that nobody can finish says so, and goes on when its dead letter is replayed."""

import pytest

from tests.calls import Crash

ATTEMPTS = 5


@pytest.fixture
def running(past, worker):
    past.send(*({"type": "track", "event": "Viewed", "messageId": f"{at}", "userId": "qz-ada"} for at in range(3)))
    operation = worker.start({"user_id": "qz-ada"})
    worker.step(operation)
    return operation


def test_after_the_last_attempt_it_has_failed_with_the_reason_and_a_replay_goes_on(running, worker, past, calls):
    for receives, status in ((ATTEMPTS - 1, "running"), (ATTEMPTS, "failed")):
        with calls.failing("Query", "ResourceNotFoundException"):
            assert worker.told(running, receives)["batchItemFailures"]
        assert worker.look(running)["status"] == status

    failed = worker.look(running)
    assert (failed["status"], failed["result"]) == ("failed", None)
    assert "ResourceNotFoundException" in failed["error"]
    assert "replayed" in failed["error"]

    done = worker.finish(running)
    assert (done["status"], done["error"], done["result"]["events_erased"]) == ("succeeded", None, 3)
    assert past.found("qz-ada") == []


@pytest.mark.parametrize("call", [1, 3, 6, 9, 14])
def test_a_worker_that_is_killed_in_the_last_attempt_leaves_no_operation_running(running, worker, past, calls, call):
    with pytest.raises(Crash), calls.crashing(call, after=True):
        worker.told(running, receives=ATTEMPTS)

    failed = worker.look(running)
    assert (failed["status"], "without a word" in failed["error"]) == ("failed", True)
    assert worker.finish(running)["result"]["events_erased"] == 3
    assert past.found("qz-ada") == []


def test_a_last_attempt_that_gets_through_has_not_failed(running, worker):
    assert worker.told(running, receives=ATTEMPTS) == {"batchItemFailures": []}

    done = worker.look(running)
    assert (done["status"], done["error"]) == ("succeeded", None)


def test_a_last_attempt_that_hands_over_is_running(running, worker, moto, monkeypatch):
    from functions.privacy_jobs import handler

    monkeypatch.setattr(handler, "_RESERVE_MS", float("inf"))

    assert worker.told(running, receives=ATTEMPTS) == {"batchItemFailures": []}

    assert (worker.look(running)["status"], len(moto.messages("privacy"))) == ("running", 1)


def test_what_is_over_is_left_alone(running, worker):
    done = worker.finish(running)

    assert worker.told(running, receives=ATTEMPTS) == {"batchItemFailures": []}
    assert worker.look(running) == done


def test_a_message_that_names_no_operation_is_a_dead_letter_at_once(worker, moto):
    from tests.gateway import call_handler

    event = {"Records": [{"messageId": "m", "body": "[]", "attributes": {"ApproximateReceiveCount": "1"}}]}

    assert call_handler(moto, "privacy_jobs", event) == {"batchItemFailures": []}
    url = moto.resources.dead_letters["privacy_jobs"]
    (letter,) = moto.aws.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert letter["MessageAttributes"]["Reason"]["StringValue"].startswith("NoOperation")
