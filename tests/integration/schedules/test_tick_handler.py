"""The tick through its handler, DynamoDB and SQS: its sample, its calls, and its death at each of them."""

import json
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.schedules.due import SHARDS
from groundswell.schedules.items import timer_key
from groundswell.schedules.store import DynamoTimers, cancel_timer, set_timer
from groundswell.schedules.timers import Firing, Timer, parse_firing
from groundswell.storage.transaction import write
from tests.calls import Crash
from tests.gateway import call_handler

SAMPLES = Path("events/timers")
_dues = count()


@pytest.fixture(autouse=True)
def _queue(moto) -> None:
    """As if the mailer took timers."""
    moto.configure(QUEUE_MAIL=moto.resources.queues["mail"])
    moto.messages("mail")


def timer(**other: object) -> Timer:
    now = utc_now()
    plain: dict = {"tenant": str(uuid4()), "kind": "task.due", "key": "task", "due": now, "queue": "mail"}
    return Timer(**{**plain, **other})


def tick(backend) -> dict:
    event = json.loads((SAMPLES / "due.json").read_text())
    due = datetime.fromisoformat(event["due"]) + timedelta(minutes=next(_dues))
    return call_handler(backend, "timers", event | {"due": due.isoformat()})


def firings(backend) -> list[Firing]:
    return [parse_firing(message["Body"]) for message in backend.messages("mail")]


def test_every_sample_is_known() -> None:
    assert [path.name for path in SAMPLES.iterdir()] == ["due.json"]


def test_a_tick_sends_what_is_due_and_forgets_it(moto, advance) -> None:
    due, later = timer(payload={"step": 2}), timer(due=utc_now() + timedelta(minutes=1))
    write([set_timer(due), set_timer(later)])

    assert tick(moto)["sent"] == 1
    assert [(firing.tenant, firing.payload) for firing in firings(moto)] == [(due.tenant, {"step": 2})]
    assert tick(moto)["sent"] == 0
    write([cancel_timer(later.tenant, later.kind, later.key)])


def test_a_due_time_that_fires_twice_is_one_tick(moto, advance) -> None:
    event = {"schedule": "timers", "due": "2031-01-01T00:00:00Z"}

    assert call_handler(moto, "timers", event)["done"]
    assert call_handler(moto, "timers", event) == {"done": False}


def test_a_tick_with_nothing_due_reads_every_shard_once(moto, calls, advance) -> None:
    with calls.counted() as made:
        tick(moto)

    assert sorted(made) == ["PutItem", *["Query"] * SHARDS, "UpdateItem"]


def test_a_due_timer_costs_a_fraction_of_a_call(moto, calls, advance) -> None:
    many = [timer(key=str(number)) for number in range(300)]
    for new_timer in many:
        write([set_timer(new_timer)])
    with calls.counted() as made:
        report = tick(moto)

    assert report["sent"] == 300
    assert len(made) - SHARDS - 2 == 3 * (1 + 10 + 1)  # a hundred: one read, ten sendings, one deletion
    assert len(firings(moto)) == 300


def test_timers_of_one_moment_fire_in_the_order_of_their_due_times(moto, advance) -> None:
    now = utc_now()
    dues = [now - timedelta(seconds=number) for number in range(20)]
    write([set_timer(timer(key=str(number), due=due)) for number, due in enumerate(dues)])
    tick(moto)

    sent = [firing.due for firing in firings(moto)]
    assert sent == sorted(sent)
    assert len(sent) == 20


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(SHARDS + 5))
def test_a_tick_that_dies_at_any_call_is_made_up_for(moto, calls, advance, step, after) -> None:
    one = timer()
    write([set_timer(one)])
    with pytest.raises(Crash), calls.crashing(step, after=after):
        tick(moto)
    tick(moto)

    heard = [firing for firing in firings(moto) if firing.tenant == one.tenant]
    assert 1 <= len(heard) <= 2
    assert {(firing.name, firing.due.timestamp()) for firing in heard} == {(heard[0].name, heard[0].due.timestamp())}
    assert moto.item("core", *timer_key(one.tenant, one.kind, one.key)) is None


def test_of_what_was_sent_only_that_which_was_not_set_anew_is_deleted(moto, advance) -> None:
    read = [timer(key=str(number)) for number in range(3)]
    write([set_timer(timer) for timer in read])
    anew = timer(tenant=read[1].tenant, key="1", due=utc_now() + timedelta(hours=1))
    write([set_timer(anew), cancel_timer(read[2].tenant, read[2].kind, read[2].key)])
    DynamoTimers().forget(read)

    left = [moto.item("core", *timer_key(timer.tenant, timer.kind, timer.key)) for timer in read]
    assert [item and item["key"]["S"] for item in left] == [None, "1", None]


def test_a_timer_for_a_queue_that_nobody_declares_is_kept_and_told_of(moto, advance, log_lines) -> None:
    one = timer(queue="nobody")
    write([set_timer(one)])

    assert tick(moto)["stuck"] == 1
    assert moto.item("core", *timer_key(one.tenant, one.kind, one.key))
    assert "nobody" in [line["metadata"].get("queue") for line in log_lines()]
    write([cancel_timer(one.tenant, one.kind, one.key)])
