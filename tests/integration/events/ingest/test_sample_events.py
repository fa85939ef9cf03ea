"""Every sample of the ingest function, through its real handler and stores."""

import json
import time
from pathlib import Path

import pytest

from functions.ingest.handler import ingest
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.ids import hash_secret
from tests.gateway import call_handler, deliver_arrivals

SAMPLES = Path("events/ingest")
ANSWERS = {
    "adtivity_events_double_slash": 200,
    "formo_wallet": 200,
    "malformed_json": 400,
    "posthog_beacon": 200,
    "posthog_browser_config": 200,
    "posthog_browser_gzip_as_text": 200,
    "posthog_flags": 200,
    "preflight": 204,
    "rest_api_gzip_as_text": 202,
    "rudderstack_source_config": 200,
    "rudderstack_track": 200,
    "segment_batch": 200,
    "segment_batch_gzip": 200,
    "segment_browser_settings": 200,
    "segment_browser_track": 200,
    "two_events_one_bad": 202,
    "unknown_key": 401,
    "web3_transaction": 202,
}

ACCEPTED = {
    "adtivity_events_double_slash": 2,
    "formo_wallet": 2,
    "posthog_beacon": 1,
    "posthog_browser_gzip_as_text": 1,
    "rudderstack_track": 1,
    "segment_browser_track": 1,
}


@pytest.fixture(autouse=True)
def sample_key(moto):
    item = {
        "pk": {"S": "KEY#samplekey0000001"},
        "sk": {"S": "KEY"},
        "client_id": {"S": "sample-client"},
        "org_id": {"S": "sample-org"},
        "secret_hash": {"S": hash_secret("s" * 43)},
        "scopes": {"L": [{"S": "events:write"}]},
        "status": {"S": "active"},
        "last_used_at": {"N": str(int(time.time()) - 2 * 3600)},
    }
    moto.aws.dynamodb.put_item(TableName=moto.resources.tables["core"], Item=item)


def never_used(moto):
    table, key = moto.resources.tables["core"], {"pk": {"S": "KEY#samplekey0000001"}, "sk": {"S": "KEY"}}
    moto.aws.dynamodb.update_item(TableName=table, Key=key, UpdateExpression="REMOVE last_used_at")


def last_used(moto):
    table, key = moto.resources.tables["core"], {"pk": {"S": "KEY#samplekey0000001"}, "sk": {"S": "KEY"}}
    item = moto.aws.dynamodb.get_item(TableName=table, Key=key)["Item"]
    return int(item["last_used_at"]["N"]) if "last_used_at" in item else None


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text())


def test_every_sample_has_its_answer():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_sample_is_answered(moto, name):
    assert call_handler(moto, "ingest", sample(name))["statusCode"] == ANSWERS[name]


@pytest.mark.parametrize(("name", "accepted"), ACCEPTED.items())
def test_of_a_sample_that_an_sdk_posts_everything_is_taken(moto, capsys, name, accepted):
    call_handler(moto, "ingest", sample(name))

    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"message":"request"' in line]
    assert (line["EventsAccepted"], line["EventsRejected"]) == (accepted, 0)


def test_what_is_accepted_lies_in_the_log(moto):
    deliver_arrivals(moto)  # of other tests
    log = DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])
    client = Log("sample-client", "0")
    before = dict(log.blocks_between(client, "B#", "C"))
    call_handler(moto, "ingest", sample("segment_batch"))
    deliver_arrivals(moto)
    call_handler(moto, "ingest", sample("web3_transaction"))
    deliver_arrivals(moto)

    blocks = [Block(data) for sk, data in log.blocks_between(client, "B#", "C") if sk not in before]
    assert [block.ids for block in blocks][:1] == [["sample-1", "sample-2", "sample-1"]]
    assert [block.kinds for block in blocks][1:] == [["web3"]]
    assert client in list(log.logs())


def batch_of(size):
    messages = [{"type": "track", "event": "e", "messageId": f"{n * 7919:x}", "userId": "u"} for n in range(size)]
    return sample("segment_batch") | {"body": json.dumps({"batch": messages})}


@pytest.mark.parametrize(("size", "expected"), [(1, "SendMessage"), (2500, "PutItem")])
def test_a_batch_costs_one_read_and_one_write_after_the_clients_first(moto, calls, size, expected):
    call_handler(moto, "ingest", batch_of(2500))  # registers the log
    call_handler(moto, "ingest", batch_of(2500))  # notes the key's use, once an hour

    with calls.counted() as made:
        call_handler(moto, "ingest", batch_of(size))

    assert made == ["BatchGetItem", expected]


def test_a_clients_first_batch_and_a_large_one_are_written_in_one_call(moto, calls):
    event = sample("segment_batch")
    noise = "".join(chr(33 + (n * n * 7919 + n // 7) % 90) for n in range(400)).replace("\\", "").replace('"', "")
    messages = [
        {"type": "track", "event": "e", "messageId": str(n), "properties": {"n": noise[n % 99 :]}} for n in range(6000)
    ]
    event["body"] = json.dumps({"batch": messages})

    with calls.counted() as made:
        assert call_handler(moto, "ingest", event)["statusCode"] == 200

    assert len(made) <= 3
    assert [call for call in made if "Write" in call or "Put" in call] == ["BatchWriteItem"]


@pytest.mark.parametrize("size", [1, 2500])
def test_a_keys_very_first_use_takes_three_calls(moto, calls, size):
    began = int(time.time())
    never_used(moto)

    with calls.counted() as made:
        assert call_handler(moto, "ingest", batch_of(size))["statusCode"] == 200

    assert len(made) == 3
    assert last_used(moto) >= began


def test_a_wrong_secret_is_no_use_of_the_key(moto):
    never_used(moto)
    event = sample("segment_batch")
    event["headers"]["authorization"] = "Bearer gp_live_samplekey0000001_" + "x" * 43

    assert call_handler(moto, "ingest", event)["statusCode"] == 401
    assert last_used(moto) is None


TROUBLE = ("ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError")


@pytest.mark.parametrize("code", TROUBLE)
@pytest.mark.parametrize("used_before", [False, True])
def test_events_are_taken_though_the_keys_use_cannot_be_noted_and_the_next_use_is(moto, calls, code, used_before):
    call_handler(moto, "ingest", batch_of(1))
    never_used(moto)
    if not used_before:
        ingest.cache_clear()
    began = int(time.time())

    with calls.failing("UpdateItem", code, times=99) as attempts:
        assert call_handler(moto, "ingest", batch_of(1))["statusCode"] == 200
        assert (bool(attempts), last_used(moto)) == (True, None)

    assert call_handler(moto, "ingest", batch_of(1))["statusCode"] == 200
    assert last_used(moto) >= began


@pytest.mark.parametrize(
    ("code", "status"),
    [("ProvisionedThroughputExceededException", 429), ("ThrottlingException", 429), ("InternalServerError", 503)],
)
def test_a_store_that_is_asked_too_much_or_away_asks_the_sdk_to_come_back(moto, calls, code, status):
    call_handler(moto, "ingest", batch_of(2500))

    with calls.failing("PutItem", code, times=9):
        answer = call_handler(moto, "ingest", batch_of(2500))

    assert answer["statusCode"] == status
    assert answer["headers"]["retry-after"] == "5"
