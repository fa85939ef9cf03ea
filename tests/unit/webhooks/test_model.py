"""Rules of endpoints and deliveries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.webhooks.events import Event
from groundswell.webhooks.model import (
    SECRETS_AT_MOST,
    Attempt,
    DeliveryPending,
    Endpoint,
    Reason,
    Secret,
    Status,
    check_types,
    new_delivery,
    next_wait,
)

_NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
_KNOWN = frozenset({"task.completed", "task.created", "lead.created", "webhook.test"})
_ENDPOINT = Endpoint(
    "w1", "c1", "o1", "https://example.com/", "", (), Status.ACTIVE, (Secret("one"),), "u1", _NOW, _NOW, version=1
)


def _event(event_type: str = "task.completed", to: str | None = None) -> Event:
    return Event("c1", "e1", event_type, _NOW, {}, to)


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ((), True),
        (("task.completed",), True),
        (("task.*",), True),
        (("lead.*", "task.created"), False),
        (("tas.*",), False),
    ],
)
def test_an_endpoint_gets_what_it_subscribes_to(events: tuple[str, ...], wanted: bool) -> None:
    assert replace(_ENDPOINT, events=events).gets(_event()) is wanted


def test_a_disabled_endpoint_gets_nothing_but_its_test() -> None:
    disabled = _ENDPOINT.disabled(Reason.GONE, _NOW)

    assert not disabled.gets(_event())
    assert disabled.gets(_event("webhook.test", to="w1"))
    assert not _ENDPOINT.gets(_event("webhook.test", to="w2"))


def test_types_are_checked_and_the_nearest_is_named() -> None:
    assert check_types(["task.*", "lead.created", "task.*"], _KNOWN) == ("task.*", "lead.created")
    assert check_types(["task.created", "*"], _KNOWN) == ()
    with pytest.raises(Invalid) as refused:
        check_types(["task.created", "task.complete", "nothing.*"], _KNOWN)
    assert [problem.field for problem in refused.value.problems] == ["events.1", "events.2"]
    assert "task.completed" in refused.value.problems[0].message


def test_a_replaced_secret_signs_until_its_overlap_ends() -> None:
    rotated = _ENDPOINT.rotated("two", _NOW, timedelta(hours=1))

    assert [secret.sealed for secret in rotated.current_secrets(_NOW)] == ["two", "one"]
    assert [secret.sealed for secret in rotated.current_secrets(_NOW + timedelta(hours=1))] == ["two"]


def test_a_leaked_secret_ends_at_once_with_all_before_it() -> None:
    rotated = _ENDPOINT.rotated("two", _NOW, timedelta(days=4)).rotated("three", _NOW, timedelta(0))

    assert [secret.sealed for secret in rotated.secrets] == ["three"]


def test_a_second_rotation_prolongs_no_older_secret() -> None:
    rotated = _ENDPOINT.rotated("two", _NOW, timedelta(hours=1)).rotated("three", _NOW, timedelta(days=4))

    assert [secret.sealed for secret in rotated.current_secrets(_NOW + timedelta(hours=2))] == ["three", "two"]


def test_secrets_do_not_pile_up() -> None:
    endpoint = _ENDPOINT
    for number in range(10):
        endpoint = endpoint.rotated(str(number), _NOW, timedelta(days=4))

    assert len(endpoint.secrets) == SECRETS_AT_MOST
    assert endpoint.secrets[0].sealed == "9"


def test_an_endpoint_is_disabled_by_hand_and_taken_into_use_again() -> None:
    disabled = _ENDPOINT.changed({"status": Status.DISABLED}, _NOW)
    again = disabled.changed({"status": Status.ACTIVE, "url": "https://other.example/"}, _NOW)

    assert (disabled.disabled_reason, disabled.disabled_at) == (Reason.BY_HAND, _NOW)
    assert (again.active, again.disabled_reason, again.url) == (True, None, "https://other.example/")


def test_the_same_event_for_the_same_endpoint_is_the_same_delivery_and_ids_sort_by_time() -> None:
    later = replace(_event(), id="a0", at=_NOW + timedelta(milliseconds=1))

    assert new_delivery(_event(), _ENDPOINT, _NOW).id == new_delivery(_event(), _ENDPOINT, _NOW + timedelta(days=1)).id
    assert new_delivery(_event(), _ENDPOINT, _NOW).id < new_delivery(later, _ENDPOINT, _NOW).id


def test_ten_attempts_over_three_days() -> None:
    waits = [next_wait(tries, 0.0) for tries in range(1, 11)]

    assert waits[-1] is None
    assert timedelta(hours=75) < sum((wait for wait in waits if wait), timedelta()) < timedelta(hours=76)
    assert next_wait(2, 0.5) == timedelta(minutes=5) * 1.05


def test_a_replay_is_another_round_of_what_is_over() -> None:
    pending = new_delivery(_event(), _ENDPOINT, _NOW)
    delivered = pending.delivered(Attempt(_NOW, 5, 200), _NOW)
    replayed = delivered.replayed(_NOW + timedelta(days=1))

    with pytest.raises(DeliveryPending):
        pending.replayed(_NOW)
    assert (replayed.id, replayed.event_id, replayed.round, replayed.tries) == (delivered.id, "e1", 1, 0)
    assert len(replayed.attempts) == 1
    assert replayed.order != pending.order
