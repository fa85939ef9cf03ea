"""What becomes of an event, whatever receivers, processes and queues do."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.outbound.model import Answer, CallFailed, TargetRefused
from groundswell.webhooks.events import event_message
from groundswell.webhooks.model import DeliveryStatus, DeliveryUnderWay, Endpoint, Reason, Secret, Status
from groundswell.webhooks.sending import Sender, parse_body
from tests.clock import Clock
from tests.fakes.webhooks import World


def _endpoint(clock: Clock, name: str = "w1", **more) -> Endpoint:
    url = f"https://{name}.example/"
    made = Endpoint(name, "c1", "o1", url, "", (), Status.ACTIVE, (Secret("key"),), "u1", clock(), clock(), version=1)
    return replace(made, **more)


def _world(clock: Clock, *answers: object, endpoints: tuple[Endpoint, ...] = ()) -> World:
    """Receivers answer so, one after the other, and 200 from then on."""
    left = list(answers)

    def reply(*_: object) -> Answer:
        answer = left.pop(0) if left else 200
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(int(str(answer)), "", {}, b"text")

    world = World(clock, reply)
    world.store.of_client["c1"] = endpoints or (_endpoint(clock),)
    return world


def _event(clock: Clock, name: str = "e1", event_type: str = "task.completed") -> str:
    return event_message("c1", event_type, {"id": "t1"}, id=name, at=clock()).body


def test_an_event_arrives_at_every_endpoint_that_wants_it(clock: Clock) -> None:
    world = _world(
        clock,
        endpoints=(
            _endpoint(clock),
            _endpoint(clock, "w2", events=("lead.*",)),
            _endpoint(clock, "w3", events=("task.*",)),
        ),
    )
    world.queue = [_event(clock)]
    world.run()

    assert [(delivery.endpoint_id, delivery.status) for delivery in world.store.made.values()] == [
        ("w1", DeliveryStatus.DELIVERED),
        ("w3", DeliveryStatus.DELIVERED),
    ]


def test_repeated_and_reordered_messages_are_one_delivery(clock: Clock) -> None:
    world = _world(clock, 500, 500)
    world.queue = [_event(clock), _event(clock, "e2"), _event(clock), _event(clock, "e2"), _event(clock)]
    world.run()
    world.pass_time(days=1)

    arrived = [delivery for delivery in world.store.made.values() if delivery.status is DeliveryStatus.DELIVERED]
    assert len(arrived) == 2
    assert len(world.posts) == 4


def test_a_failure_is_tried_again_with_the_same_id_and_body(clock: Clock) -> None:
    world = _world(clock, 500, CallFailed("timeout", "no answer"), 302)
    world.queue = [_event(clock)]
    world.run()
    world.pass_time(hours=1)

    assert len(set(world.posts)) == 1
    assert [(attempt.status_code, attempt.error) for attempt in world.delivery.attempts] == [
        (500, None),
        (None, "timeout: no answer"),
        (302, None),
        (200, None),
    ]
    assert world.store.timers == {}


def test_after_ten_attempts_over_three_days_it_is_given_up_and_the_endpoint_disabled(clock: Clock) -> None:
    world = _world(clock, *[500] * 20)
    world.queue = [_event(clock)]
    world.run()
    world.pass_time(hours=75)
    assert world.delivery.status is DeliveryStatus.PENDING

    world.pass_time(hours=2)

    assert (world.delivery.status, len(world.delivery.attempts)) == (DeliveryStatus.FAILED, 10)
    assert world.store.of_client["c1"][0].disabled_reason is Reason.FAILING


def test_an_endpoint_at_which_anything_arrived_meanwhile_stays(clock: Clock) -> None:
    world = _world(clock)
    failing = Answer(500, "", {}, b"")
    world.reply = lambda _, headers, __: failing if headers["webhook-id"] == "e1" else Answer(200, "")
    world.queue = [_event(clock)]
    world.run()
    world.pass_time(hours=1)
    world.queue = [_event(clock, "e2")]
    world.run()
    world.pass_time(hours=80)

    assert [delivery.status for delivery in world.store.made.values()] == [
        DeliveryStatus.FAILED,
        DeliveryStatus.DELIVERED,
    ]
    assert world.store.of_client["c1"][0].active


def test_410_disables_the_endpoint_and_what_waits_is_cancelled(clock: Clock) -> None:
    world = _world(clock, 500, 500, 410)
    world.queue = [_event(clock)]
    world.run()
    world.queue = [_event(clock, "e2")]
    world.run()
    world.pass_time(hours=1)

    assert world.store.of_client["c1"][0].disabled_reason is Reason.GONE
    assert [delivery.status for delivery in world.store.made.values()] == [
        DeliveryStatus.CANCELLED,
        DeliveryStatus.FAILED,
    ]


def test_a_refused_address_counts_as_a_failed_attempt_and_says_so(clock: Clock) -> None:
    world = _world(clock, TargetRefused("is private"))
    world.queue = [_event(clock)]
    world.run()

    assert world.delivery.attempts[0].error == "refused: the URL is private"
    assert world.delivery.status is DeliveryStatus.DELIVERED


def test_a_receiver_says_how_long_to_wait_up_to_a_day(clock: Clock) -> None:
    world = _world(clock, Answer(503, "", {"retry-after": "7200"}, b""), Answer(429, "", {"retry-after": "999999"}))
    world.queue = [_event(clock)]
    world.run()
    assert world.delivery.next_attempt_at == clock() + timedelta(hours=2)

    world.pass_time(hours=2)
    assert world.delivery.next_attempt_at == clock() + timedelta(hours=24)


@pytest.mark.parametrize("failure", ["circuit_open", "budget"])
def test_what_is_not_tried_is_no_attempt(clock: Clock, failure: str) -> None:
    world = _world(clock, CallFailed(failure, "not now", 90.0))
    world.queue = [_event(clock)]
    world.run()
    assert (world.delivery.tries, world.delivery.next_attempt_at) == (0, clock() + timedelta(seconds=90))

    world.pass_time(minutes=5)
    assert (world.delivery.status, world.delivery.tries) == (DeliveryStatus.DELIVERED, 1)


def test_a_host_that_is_left_alone_for_days_is_given_up(clock: Clock) -> None:
    world = _world(clock, *[CallFailed("circuit_open", "not now", 300.0)] * 2000)
    world.queue = [_event(clock)]
    world.run()
    world.pass_time(hours=101)

    assert world.delivery.status is DeliveryStatus.FAILED


def test_while_a_secret_is_replaced_waiting_deliveries_have_both_signatures(clock: Clock) -> None:
    signatures: list[str] = []

    def reply(_: str, headers: dict[str, str], __: bytes) -> Answer:
        signatures.append(headers["webhook-signature"])
        return Answer(500 if len(signatures) == 1 else 200, "")

    world = _world(clock)
    world.reply = reply
    world.queue = [_event(clock)]
    asyncio.run(Sender(world.store, world.ways()).handle(world.queue.pop(0)))
    world.store.of_client["c1"] = (world.store.of_client["c1"][0].rotated("new", clock(), timedelta(days=4)),)
    world.run()

    assert [len(signature.split()) for signature in signatures] == [1, 2]


def test_an_endpoint_that_is_deleted_gets_nothing_any_more(clock: Clock) -> None:
    world = _world(clock, 500, 500)
    world.queue = [_event(clock)]
    world.run()
    world.store.of_client["c1"] = ()
    world.pass_time(hours=1)

    assert (world.delivery.status, len(world.posts)) == (DeliveryStatus.CANCELLED, 2)


def test_somebody_elses_claim_sends_the_message_back(clock: Clock) -> None:
    world = _world(clock, RuntimeError("the process dies"))
    world.queue = [_event(clock), _event(clock)]
    with pytest.raises(RuntimeError):
        world.run()
    with pytest.raises(DeliveryUnderWay):
        world.run()

    world.store.leased.clear()
    world.queue = [_event(clock)]
    world.run()
    assert world.delivery.status is DeliveryStatus.DELIVERED


def test_one_endpoints_trouble_is_not_anothers(clock: Clock) -> None:
    world = _world(clock, endpoints=(_endpoint(clock), _endpoint(clock, "w2")))
    died = [True]

    def reply(url: str, *_: object) -> Answer:
        if "w1" in url and died:
            died.pop()
            raise RuntimeError("the process dies")
        return Answer(200, "")

    world.reply = reply
    world.queue = [_event(clock)]
    with pytest.raises(RuntimeError):
        world.run()

    assert world.store.made[next(key for key in world.store.made if "w2" in key)].status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"delivery_id": 1}', '{"kind": "webhook.retry"}', "no json"])
def test_a_message_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        parse_body(body)
