"""Dead letters: looked at, replayed, discarded, by operators only."""

import json

import pytest

from groundswell.messaging.outbox import publish

LETTERS = "/admin/dead-letters"


@pytest.fixture
def operator(people):
    return people.operator()


@pytest.fixture
def send_to_dlq(moto):
    """Puts a letter where a worker would, on a queue without those of other tests."""
    used = set()

    def put(worker, body, reason="broken"):
        url = moto.resources.dead_letters[worker]
        if url not in used:
            _empty(moto, url)
        used.add(url)
        attributes = {"Reason": {"DataType": "String", "StringValue": reason}}
        sent = moto.aws.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
        return sent["MessageId"]

    yield put
    for url in used:
        _empty(moto, url)


def _empty(moto, url):
    while messages := moto.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            moto.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_a_letter_is_listed_and_inspected_with_its_reason(operator, send_to_dlq):
    letter = send_to_dlq("mailer", '{"x": 1}', "not a mail")

    listed = operator.get(f"{LETTERS}?source=mail").data
    shown = operator.get(f"{LETTERS}/mail/{letter}").data

    assert [(dead_letter["id"], dead_letter["reason"]) for dead_letter in listed] == [(letter, "not a mail")]
    assert (shown["body"], shown["origin"]) == ('{"x": 1}', "queue")
    queues = {source["source"]: source["letters"] for source in operator.get(f"{LETTERS}/sources").data}
    assert queues["mail"] == 1


def test_a_replayed_letter_is_back_in_its_queue_and_off_the_dead_letter_queue(operator, send_to_dlq, moto):
    letter = send_to_dlq("mailer", '{"again": true}')

    assert operator.post(f"{LETTERS}/mail/{letter}/replay").status == 200

    assert [json.loads(message["Body"]) for message in moto.messages("mail")] == [{"again": True}]
    assert operator.get(f"{LETTERS}/mail/{letter}").status == 404


def test_a_letter_of_a_stream_makes_the_stream_tell_of_its_item_again(operator, send_to_dlq, moto):
    key = {"pk": {"S": "OUTBOX#replayed"}, "sk": {"S": "OUTBOX"}}
    item = {**key, "kind": {"S": "outbox"}, "queue": {"S": "mail"}, "body": {"S": "{}"}}
    moto.aws.dynamodb.put_item(TableName=moto.resources.tables["core"], Item=item)
    letter = send_to_dlq("outbox_publisher", json.dumps(item))

    assert operator.post(f"{LETTERS}/outbox_publisher/{letter}/replay").status == 200

    assert moto.item("core", "OUTBOX#replayed", "OUTBOX")["replays"] == {"N": "1"}


@pytest.mark.parametrize(
    ("worker", "body"), [("outbox_publisher", "pointer"), ("outbox_publisher", '{"pk": "OUTBOX#gone", "sk": "x"}')]
)
def test_what_cannot_be_replayed_says_so_and_stays(operator, send_to_dlq, worker, body):
    letter = send_to_dlq(worker, body)

    refused = operator.post(f"{LETTERS}/{worker}/{letter}/replay")

    assert (refused.status, refused.code) == (409, "NOT_REPLAYABLE")
    assert operator.get(f"{LETTERS}/{worker}/{letter}").status == 200


def test_a_schedule_catches_up_by_itself(operator, send_to_dlq):
    letter = send_to_dlq("purge", '{"due": "2026-11-22T09:00:00Z"}')

    assert operator.post(f"{LETTERS}/purge/{letter}/replay").code == "NOT_REPLAYABLE"


def test_a_discarded_letter_is_gone_and_the_trail_tells_who_did_it(operator, send_to_dlq):
    letter = send_to_dlq("mailer", "{}")

    assert operator.delete(f"{LETTERS}/mail/{letter}").status == 200

    assert operator.get(f"{LETTERS}?source=mail").data == []
    trail = operator.get("/admin/audit/platform").data
    assert [entry["action"] for entry in trail if letter in entry["target"]] == ["dead_letter.discarded"]


def test_what_is_not_there_is_missing(operator):
    assert operator.get(f"{LETTERS}?source=nothing").code == "DEAD_LETTER_SOURCE_NOT_FOUND"
    assert operator.delete(f"{LETTERS}/mail/nothing").code == "DEAD_LETTER_NOT_FOUND"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [0, 1])
def test_an_outbox_publisher_that_dies_anywhere_publishes_at_least_once(moto, calls, step, after):
    """Gate R7. The stream brings the item again until the publisher comes through; until then it is not forgotten."""
    from tests.calls import Crash

    item = {"pk": {"S": f"OUTBOX#{step}{after}"}, "sk": {"S": "OUTBOX"}, "queue": {"S": "mail"}, "body": {"S": "{}"}}
    moto.aws.dynamodb.put_item(TableName=moto.resources.tables["core"], Item={**item, "kind": {"S": "outbox"}})
    moto.messages("mail")

    with pytest.raises(Crash), calls.crashing(step, after=after):
        publish(item)
    sent = moto.messages("mail")
    assert sent or moto.item("core", f"OUTBOX#{step}{after}", "OUTBOX"), "it is nowhere any more"
    publish(item)

    sent += moto.messages("mail")
    assert len(sent) in (1, 2)
    assert {message["MessageAttributes"]["MessageId"]["StringValue"] for message in sent} == {f"{step}{after}"}
    assert moto.item("core", f"OUTBOX#{step}{after}", "OUTBOX") is None
