"""Every sample of the rollups function, through its real handler and stores."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from groundswell.analytics.questions.model import Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import set_offset, utc_now
from tests.calls import Crash
from tests.gateway import call_handler

SAMPLES = Path("events/rollups")
_clients = count()


@pytest.fixture(autouse=True)
def near_the_samples():
    """The samples were received at 2026-11-22 09:00:05."""
    set_offset(datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC) - datetime.now(UTC))
    yield
    set_offset(timedelta(0))


@pytest.fixture
def client():
    return f"stream-{next(_clients)}"


@pytest.fixture
def backend(moto):
    moto.configure(QUEUE_DEAD_LETTERS=moto.resources.dead_letters["rollups"])
    return moto


def deliver(backend, name, client):
    """The sample, as another client's, its blocks in the table as they are when the stream tells of them."""
    event = json.loads((SAMPLES / f"{name}.json").read_text().replace("sample-client", client))
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        item = image | {"d": {"B": b64decode(image["d"]["B"])}}
        backend.aws.dynamodb.put_item(TableName=backend.resources.tables["events"], Item=item)
    return call_handler(backend, "rollups", event)


def letters(backend, client):
    """Its own ones: the queue outlives a module's tests."""
    url = backend.resources.dead_letters["rollups"]
    response = backend.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    for received_message in response.get("Messages", []):
        backend.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=received_message["ReceiptHandle"])
    read = [
        (json.loads(message["Body"]), message["MessageAttributes"]["Reason"]["StringValue"])
        for message in response.get("Messages", [])
    ]
    return [(letter, reason) for letter, reason in read if letter["pk"].startswith(client)]


def total(backend, client, name=None):
    service = AnalyticsService(DynamoEventLog(backend.aws.dynamodb, backend.resources.tables["events"]), utc_now)
    now = int(utc_now().timestamp() * 1000)
    return service.series(client, "events", Question(Window(now - DAY, now), Granularity.HOUR, name)).total.count


EXPECTED = {"two_blocks_sharing_an_event": (3, 0), "two_blocks_one_poison": (1, 1), "image_missing": (0, 1)}


def test_every_sample_is_known():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_a_sample_counts_its_events_once_and_puts_its_poison_aside(backend, client, name, expected):
    for _ in range(2):
        assert deliver(backend, name, client) == {"batchItemFailures": []}

    assert total(backend, client) == expected[0]
    assert len(letters(backend, client)) == 2 * expected[1]


def test_a_dead_letter_says_where_the_block_is_and_why_it_is_dead(backend, client):
    deliver(backend, "two_blocks_one_poison", client)

    ((letter, reason),) = letters(backend, client)
    assert letter == {"pk": f"{client}#0", "sk": "B#1795338005000000000000004"}
    assert "block" in reason


def test_a_failing_store_brings_the_records_back(backend, client, calls):
    with calls.failing("PutItem", "InternalServerError", times=99):
        answer = deliver(backend, "two_blocks_sharing_an_event", client)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["101", "102"]
    assert deliver(backend, "two_blocks_sharing_an_event", client) == {"batchItemFailures": []}
    assert total(backend, client) == 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(6))
def test_a_process_that_dies_at_any_call_is_replaced_without_a_trace(backend, client, calls, step, after):
    with calls.crashing(step, after=after):
        try:
            deliver(backend, "two_blocks_sharing_an_event", client)
        except Crash:
            backend.configure()

    deliver(backend, "two_blocks_sharing_an_event", client)
    assert total(backend, client) == 3
    assert total(backend, client, "Signed Up") == 1
