"""Timers and runs in DynamoDB."""

from datetime import timedelta
from uuid import uuid4

import pytest

from groundswell.kernel.errors import Conflict
from groundswell.schedules.due import due_until, shard_keys
from groundswell.schedules.items import timer_key
from groundswell.schedules.service import Claim
from groundswell.schedules.store import DynamoRuns, cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.transaction import check_version, write
from tests.clock import START, Clock

LEASE = 30
DUE = "2026-11-22T09:00:00Z"


def timer(**other: object) -> Timer:
    plain: dict = {"tenant": str(uuid4()), "kind": "task.due", "key": "task", "due": START, "queue": "mail"}
    return Timer(**{**plain, **other})


def stored(moto, one: Timer) -> dict | None:
    return moto.item("core", *timer_key(one.tenant, one.kind, one.key))


def test_a_timer_stands_in_the_index_of_what_is_due(moto) -> None:
    one = timer()
    write([set_timer(one)])

    item = stored(moto, one)
    assert item["gsi1pk"]["S"] in shard_keys()
    assert due_until(START - timedelta(milliseconds=1)) < item["gsi1sk"]["S"] <= due_until(START)


def test_a_timer_never_expires(moto) -> None:
    one = timer()
    write([set_timer(one)])

    assert "expires_at" not in stored(moto, one)


def test_another_due_time_replaces_the_first(moto) -> None:
    one = timer()
    write([set_timer(one)])
    write([set_timer(timer(tenant=one.tenant, due=START + timedelta(days=1)))])

    assert stored(moto, one)["due"]["S"] == "2026-11-23T09:00:00.000Z"


def test_a_cancelled_timer_is_gone_and_can_be_cancelled_again(moto) -> None:
    one = timer()
    write([set_timer(one)])
    for _ in range(2):
        write([cancel_timer(one.tenant, one.kind, one.key)])

    assert stored(moto, one) is None


def test_a_timer_is_set_only_if_the_rest_of_its_transaction_holds(moto) -> None:
    one = timer()
    with pytest.raises(Conflict):
        write([set_timer(one), check_version("TASK#missing", "TASK", 1, Conflict())])

    assert stored(moto, one) is None


def test_a_run_is_ours_then_under_way_then_done(moto) -> None:
    clock, name = Clock(), str(uuid4())
    runs = DynamoRuns(clock)

    assert runs.claim(name, DUE, LEASE) is Claim.OURS
    assert runs.claim(name, DUE, LEASE) is Claim.UNDER_WAY
    runs.finish(name, DUE)
    assert runs.claim(name, DUE, LEASE) is Claim.DONE


def test_a_moment_in_another_spelling_is_the_same_run(moto) -> None:
    runs, name = DynamoRuns(Clock()), str(uuid4())
    runs.claim(name, DUE, LEASE)

    assert runs.claim(name, "2026-11-22T10:00:00.000+01:00", LEASE) is Claim.UNDER_WAY
    assert runs.last_due(name) == START


def test_a_run_whose_process_died_is_had_after_its_lease(moto) -> None:
    clock, name = Clock(), str(uuid4())
    runs = DynamoRuns(clock)
    runs.claim(name, DUE, LEASE)

    clock.advance(seconds=LEASE - 1)
    assert runs.claim(name, DUE, LEASE) is Claim.UNDER_WAY
    clock.advance(seconds=1)
    assert runs.claim(name, DUE, LEASE) is Claim.OURS


def test_a_run_that_failed_is_had_at_once(moto) -> None:
    runs, name = DynamoRuns(Clock()), str(uuid4())
    runs.claim(name, DUE, LEASE)
    runs.release(name, DUE)

    assert runs.claim(name, DUE, LEASE) is Claim.OURS
