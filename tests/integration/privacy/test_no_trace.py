"""After an erasure the person's bytes are nowhere: in no item of any table, in no object of any bucket."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.calls import Crash
from tests.gateway import call_handler, deliver_arrivals
from tests.wallets import Wallet

WALLET = Wallet(7)
USER, DEVICE, EMAIL, NOTE, FIRST = "qz-ada", "qz-device", "qz-mail", "qz-note", "qz-first"
NAMES = (USER, DEVICE, EMAIL, NOTE, FIRST, WALLET.address, WALLET.address.lower())
COHORT = {"name": "Viewers", "rules": [{"did": {"name": "Viewed"}, "at_least": 1}]}


def viewed(number, **more):
    return {"type": "track", "event": "Viewed", "messageId": f"m{number}", "userId": "bob", **more}


def adas():
    return [
        viewed(0, userId=None, anonymousId=DEVICE),
        {"type": "identify", "messageId": "i", "userId": USER, "anonymousId": DEVICE, "traits": {"email": EMAIL}},
        viewed(1, userId=USER, anonymousId=DEVICE, properties={"note": NOTE}),
        {"type": "alias", "messageId": "a", "userId": USER, "previousId": FIRST},
        viewed(2, userId=USER, properties={"wallet_address": WALLET.address, "chain_id": "1"}),
        viewed(3, userId=None, properties={"wallet_address": WALLET.address, "chain_id": "1"}),
    ]


def prove(owner):
    challenge = owner.post("/analytics/wallets/nonces", {"user_id": USER, "domain": "shop.example"})
    message = WALLET.message(challenge.data["nonce"], datetime.now(UTC))
    done = owner.post("/analytics/wallets/verify", {"message": message, "signature": WALLET.sign(message)})
    assert done.status == 200, done.body


@pytest.fixture
def life(past, owner):
    """Everything that can be known of a person."""
    past.send(*adas())
    for at in range(4):
        past.send(viewed(f"bob {at}"), viewed(f"shared {at}", anonymousId=DEVICE))
    past.fold()
    past.archive()
    past.send(viewed(4, userId=USER, anonymousId=DEVICE), viewed(5))  # neither folded nor archived
    past.send(viewed("bad", userId=USER, type="odd"), {"type": "track", "userId": "bob"})
    prove(owner)
    assert owner.post("/privacy/suppressions", {"anonymous_id": DEVICE, "reason": "asked"}).status == 201
    assert owner.post("/analytics/cohorts", COHORT).data["size"] >= 2
    return past


def test_after_an_erasure_the_persons_bytes_are_nowhere(life, worker):
    assert life.found(*NAMES)
    assert len(life.write_shards()) > 2

    done = worker.erase({"person": DEVICE})

    assert (done["status"], done["result"]["identifiers"]) == ("succeeded", 7)
    assert done["result"]["archive"] == {
        "outcome": "clean",
        "objects": 1,
        "rewritten": 1,
        "found_clean": 1,
        "events_erased": 6,
        "events_unlinked": 4,
        "illegible": 0,
    }
    assert [done["result"]["rejections"][name] for name in ("outcome", "objects", "rewritten")] == ["clean", 1, 1]
    assert life.found(*NAMES) == []
    life.archive()
    assert life.found(*NAMES) == []
    assert life.shown() == [("bob", None)] * 9


def test_exports_and_answers_that_name_the_person_go_as_well(life, worker, owner, moto, calls):
    now = datetime.now(UTC)
    days = {name: (now + timedelta(days=at)).isoformat() for name, at in (("from", -1), ("to", 1))}
    started = owner.post("/analytics/questions", {**days, "kind": "breakdown", "by": "user_id"})
    assert started.status == 202, started.body
    body = json.dumps({"client_id": owner.client_id, "operation_id": started.data["id"]})
    call_handler(moto, "question_jobs", {"Records": [{"messageId": "m", "body": body}]})
    export = worker.finish(worker.start({"person": USER}, "exports"))
    stalled = worker.start({"person": DEVICE}, "exports")
    for attempt in range(2):
        with pytest.raises(Crash), calls.crashing(9 + attempt, after=True):
            worker.told(stalled, receives=5)
    assert (export["status"], worker.look(stalled)["status"]) == ("succeeded", "failed")
    buckets = [place for place in life.found(USER) if "#" not in place]
    assert len(buckets) >= 3, "an archive's object, an answer and an export"

    done = worker.erase({"person": DEVICE})

    assert [done["result"][store]["rewritten"] for store in ("exports", "operations")] == [1, 1]
    assert worker.told(stalled) == {"batchItemFailures": []}, "its dead letter, replayed"
    assert worker.look(stalled)["status"] == "failed"
    assert life.found(*NAMES) == []


@pytest.mark.parametrize("after", [False, True])
def test_killed_before_or_after_every_call_it_ends_the_same(life, worker, after):
    operation = worker.start({"person": DEVICE})

    deaths = worker.killed_everywhere(operation, after=after)

    done = worker.look(operation)
    assert deaths > 60
    assert (done["status"], done["result"]["events_erased"]) == ("succeeded", 7)
    assert done["result"]["archive"]["events_erased"] == 6
    assert life.found(*NAMES) == []
    assert life.shown() == [("bob", None)] * 9
    cohort = life.owner.get("/analytics/cohorts").data[0]
    assert cohort["size"] == 1


def test_the_verdict_stays_and_what_it_was_about_goes(life, worker, owner):
    worker.erase({"person": DEVICE})

    nameless, erased = sorted(owner.get("/analytics/rejections").data, key=lambda rejection: rejection["code"])
    assert (nameless["code"], erased["code"]) == ("missing_name", "unknown_type")
    assert "bob" in nameless["event"]
    assert (erased["message"], erased["event_id"], erased["event"]) == ("erased", None, "")


def test_nothing_is_kept_of_what_is_sent_afterwards(life, worker):
    worker.erase({"person": DEVICE})

    life.send(*adas(), viewed("bad", userId=USER, type="odd"))
    life.send(viewed("worse", anonymousId=DEVICE, type="odd"), viewed("fine"))

    assert life.found(*NAMES) == []
    assert life.shown() == [("bob", None)] * 10


def test_what_is_sent_again_after_a_time_was_erased_leaves_nothing(past, worker):
    for batch in range(3):
        past.send(*(viewed(f"{batch} {at}", userId="qz-again") for at in range(4)))
    assert past.found("qz-again")
    done = worker.erase({"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})
    assert (done["result"]["events_erased"], done["result"]["identifiers"]) == (12, 0)

    past.send(*(viewed(f"0 {at}", userId="qz-again") for at in range(4)))  # a retry of a whole batch
    past.send(viewed("1 1", userId="qz-again"), viewed("new"))  # and one beside something new

    assert past.found("qz-again") == []
    assert past.shown() == [("bob", None)]


def test_what_waits_in_the_queue_when_a_person_is_erased_is_not_stored_afterwards(past, worker, monkeypatch):
    with monkeypatch.context() as waiting:
        waiting.setattr("tests.gateway.deliver_arrivals", lambda backend: None)
        past.owner.gateway.post(
            "=/v1/batch",
            {"batch": [viewed("waiting", userId="qz-late"), viewed("bobs")]},
            headers={"x-api-key": past.key},
        )
    worker.erase({"user_id": "qz-late"})

    deliver_arrivals(past.moto)
    past.deliver()

    assert past.found("qz-late") == []
    assert past.shown() == [("bob", None)]


def test_who_is_let_in_until_the_door_is_closed_everywhere_is_erased_as_well(past, worker, moto, advance):
    moto.configure(PRINCIPAL_CACHE_SECONDS="60")
    past.send(viewed(1, userId="qz-early"), viewed(2))
    operation = worker.start({"user_id": "qz-early"})
    assert worker.finish(operation)["status"] == "running"
    past.let_in("qz-early")
    past.deliver()
    past.fold()

    advance(minutes=2)
    assert worker.finish(operation)["status"] == "running", "what was begun before may still write what it read"
    advance(minutes=6)
    done = worker.finish(operation)

    assert (done["status"], done["result"]["events_erased"]) == ("succeeded", 2)
    assert past.found("qz-early") == []
