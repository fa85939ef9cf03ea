"""R1 and R3 of reliability: everybody once under random trouble, and under throttling that lasts."""

import random
from datetime import timedelta

import pytest

from groundswell.campaigns.ledger import State
from groundswell.campaigns.outcomes import Outcome, Outgoing, Sent, Throttled
from tests.fakes.campaigns import START, FakeCampaigns
from tests.simulation import Mode, must_hold, run


@pytest.mark.parametrize("tens", range(5))
def test_a_thousand_recipients_with_all_kinds_of_trouble(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        assert run(seed, 1000, Mode.PLAIN)[State.SENT] > 800


@pytest.mark.parametrize("mode", [Mode.KEY, Mode.EVENTS])
def test_who_knows_repeats_or_tells_what_it_sent_leaves_nobody_in_doubt(mode: Mode) -> None:
    for seed in range(100, 105):
        states = run(seed, 1000, mode)
        assert (states[State.UNKNOWN], states[State.SENT] + states[State.DELIVERED]) == (0, 1000)


def test_ten_minutes_of_throttling_use_up_nothing_and_the_rate_is_kept() -> None:
    chance, rate = random.Random(7), 600
    world = FakeCampaigns(recipients=400)
    tried: dict[int, int] = {}

    def room(_campaign: object) -> float:
        minute = int(world.now.timestamp() // 60)
        if tried.get(minute, 0) >= rate:
            return 60 - world.now.timestamp() % 60
        tried[minute] = tried.get(minute, 0) + 1
        return 0.0

    def answer(message: Outgoing) -> Outcome:
        busy = world.now - START < timedelta(minutes=10) and chance.random() < 0.6
        return Throttled(5) if busy else Sent(message.id)

    world.room, world.answer = room, answer
    world.run(rounds=50_000)
    assert must_hold(world) == {State.SENT: 400}
    assert {one.attempts for one in world.deliveries} == {1}
    assert max(tried.values()) <= rate
