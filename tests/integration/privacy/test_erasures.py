"""An erasure from the request to the certificate, through the real handlers; killed anywhere it ends the same."""

import json

import pytest

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.clock import utc_now
from tests.calls import Crash
from tests.gateway import call_handler


@pytest.fixture
def owner(moto, people):
    moto.configure(RATE_LIMITS="off")
    return people.sign_up()


@pytest.fixture
def history(moto, gateway, owner):
    body = {"name": "k", "scopes": ["events:write"]}
    key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]
    for number in range(3):
        events = [
            {"type": "track", "event": "Viewed", "userId": who, "anonymousId": device, "messageId": f"{number} {at}"}
            for at, (who, device) in enumerate([("lovelace", "device-a"), ("bob", "device-b"), (None, "device-a")])
        ]
        gateway.post("=/v1/batch", {"batch": events}, headers={"x-api-key": key})
    commit(moto, owner)
    return owner


def log(moto):
    return DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])


def blocks(moto, owner):
    return list(log(moto).blocks_between(Log(owner.client_id, "0"), "B#", "C"))


def commit(moto, owner):
    committer = Committer(log(moto), utc_now)
    committer.commit(Log(owner.client_id, "0"), [Incoming(sk, Block(data)) for sk, data in blocks(moto, owner)])


def work(moto, operation, owner):
    body = json.dumps({"client_id": owner.client_id, "operation_id": operation["id"]})
    event = {"Records": [{"messageId": "m", "body": body}]}
    assert call_handler(moto, "privacy_jobs", event) == {"batchItemFailures": []}
    return owner.get(f"/operations/{operation['id']}").data


def start(owner, body):
    answer = owner.post("/privacy/erasures", body)
    assert answer.status == 202, answer.body
    return answer.data


def shown(owner):
    events = owner.get(f"/dashboard/client-companies/{owner.client_id}/events").data
    return sorted((event["user_id"], event["anonymous_id"]) for event in events)


def trace(moto, owner, *names):
    texts = [str(event) for _, data in blocks(moto, owner) for event in Block(data).events]
    return [name for name in names for text in texts if name in text]


def test_a_person_is_erased_with_all_ids_and_a_certificate_says_so(moto, history):
    done = work(moto, start(history, {"person": "lovelace"}), history)

    assert (done["status"], done["progress"], done["result"]["events_erased"]) == ("succeeded", 100, 6)
    assert done["result"]["blocks_rewritten"] == 3
    assert shown(history) == [("bob", "device-b")] * 3
    assert trace(moto, history, "lovelace", "device-a") == []
    item = moto.item("core", f"OPERATIONS#{history.client_id}", done["id"])
    assert "lovelace" not in str(item)
    assert history.get("/admin/audit?action=erasure.succeeded").data


def test_the_stream_told_again_brings_nobody_back(moto, history):
    originals = blocks(moto, history)
    work(moto, start(history, {"person": "lovelace"}), history)

    replayed = [Incoming(sk, Block(data)) for sk, data in originals]
    Committer(log(moto), utc_now).commit(Log(history.client_id, "0"), replayed)

    assert shown(history) == [("bob", "device-b")] * 3


def test_a_time_is_erased(moto, history):
    done = work(moto, start(history, {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}), history)

    assert done["result"]["events_erased"] == 9
    assert shown(history) == []


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_and_run_again_it_ends_the_same(moto, history, calls, after):
    step, died = 0, True
    operation = start(history, {"person": "lovelace"})
    body = json.dumps({"client_id": history.client_id, "operation_id": operation["id"]})
    while died:
        try:
            with calls.crashing(step, after=after):
                call_handler(moto, "privacy_jobs", {"Records": [{"messageId": "m", "body": body}]})
            died = False
        except Crash:
            step += 1

    done = work(moto, operation, history)

    assert step > 10
    assert (done["status"], done["result"]["events_erased"], done["result"]["blocks_rewritten"]) == ("succeeded", 6, 3)
    assert shown(history) == [("bob", "device-b")] * 3
    assert trace(moto, history, "lovelace", "device-a") == []


def test_bad_input_strangers_and_the_anonymous_start_nothing(moto, history, people, gateway):
    mallory = people.sign_up()
    made = start(history, {"user_id": "lovelace"})

    for body in ({}, {"person": "a", "user_id": "b"}, {"from": "2020-01-01T00:00:00Z"}, {"person": "a", "to": "2020"}):
        assert history.post("/privacy/erasures", body).status == 400
    assert gateway.post("/privacy/erasures", {"person": "lovelace"}).status == 401
    assert mallory.post(f"/privacy/erasures?client_id={history.client_id}", {"person": "lovelace"}).status == 404
    assert mallory.get(f"/operations/{made['id']}").status == 404
