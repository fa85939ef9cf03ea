"""Everybody once, whatever dies, repeats or is reordered (R1, R2, R4), by the real services against fakes."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from groundswell.campaigns.ledger import BATCH, OPEN, State
from groundswell.campaigns.messages import retry, sweep
from groundswell.campaigns.model import Status
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from tests.fakes.campaigns import LEASE, Crash, FakeCampaigns


def hold(world: FakeCampaigns) -> Counter[State]:
    """What must be true in the end. The states."""
    states = Counter(one.state for one in world.deliveries)
    assert not any(states[each] for each in OPEN), "somebody was forgotten"
    assert len(world.left) == len(set(world.left)), "somebody got it twice"
    assert world.counts == sum((batch.counts for batch in world.batches.values()), Counter()), "totals drifted"
    got = {one.to for one in world.deliveries if one.state is State.SENT}
    assert got <= set(world.left), "somebody is said to have it and has not"
    in_doubt = {one.to for one in world.deliveries if one.state is State.UNKNOWN}
    assert set(world.left) <= got | in_doubt, "somebody has it and is said not to"
    assert len(world.deliveries) == world.recipients
    assert world.campaign.status is Status.SENT
    return states


def crashing(world: FakeCampaigns, *at: int) -> None:
    steps = itertools.count()

    def step(_name: str) -> None:
        if next(steps) in at:
            world.now += LEASE * 2
            raise Crash

    world.step = step


def steps_of(make: Callable[[], FakeCampaigns]) -> int:
    world, names = make(), list[str]()
    world.step = names.append
    world.run()
    return len(names)


def test_without_trouble_everybody_gets_it_and_the_campaign_ends() -> None:
    world = FakeCampaigns(recipients=123)
    world.run()
    assert hold(world) == {State.SENT: 123}


def test_a_death_at_every_step_forgets_nobody_and_reaches_nobody_twice() -> None:
    for at in range(steps_of(FakeCampaigns)):
        world = FakeCampaigns()
        crashing(world, at)
        world.run()
        assert hold(world)[State.UNKNOWN] <= BATCH, at


def test_two_deaths_at_every_pair_of_steps_do_neither() -> None:
    def make() -> FakeCampaigns:
        return FakeCampaigns(recipients=3)

    for first, second in itertools.combinations(range(steps_of(make)), 2):
        world = make()
        crashing(world, first, second)
        world.run()
        hold(world)


def test_a_provider_that_recognises_repeats_leaves_nobody_in_doubt() -> None:
    def make() -> FakeCampaigns:
        return FakeCampaigns(recognises_repeats=True)

    for at in range(steps_of(make)):
        world = make()
        crashing(world, at)
        world.run()
        assert hold(world) == {State.SENT: 23}, at


@pytest.mark.parametrize("seed", range(6))
def test_random_trouble_with_many_workers_at_once(seed: int) -> None:
    """Deaths, messages delivered twice and shuffled, throttling, answers that are lost, workers within each other's
    steps: in doubt is who was in a dead worker's hands, or whose answer was lost."""
    chance = random.Random(seed)
    world = FakeCampaigns(recipients=300)
    depth, lost, dead = 0, set[str](), 0

    def answer(message: Outgoing) -> Outcome:
        drawn = chance.random()
        if drawn < 0.05:
            return Throttled(2)
        if drawn < 0.08:
            lost.add(message.to)
            if chance.random() < 0.5:
                world.left.append(message.to)
            return Unknown("no answer")
        return Refused("451 later") if drawn < 0.1 else Sent(message.id)

    def step(_name: str) -> None:
        nonlocal depth, dead
        drawn = chance.random()
        if drawn < 0.004:
            dead += 1
            world.now += LEASE * 2
            raise Crash
        if drawn < 0.05 and world.queue and depth < 4:
            depth += 1
            body = world.queue.pop(chance.randrange(len(world.queue)))
            if chance.random() < 0.2:
                world.queue.append(body)
            world.deliver(body)
            depth -= 1

    world.answer, world.step = answer, step
    world.run(rounds=20_000)
    world.step = lambda _name: None
    states = hold(world)
    assert states[State.UNKNOWN] <= len(lost) + BATCH * dead, f"seed {seed}"
    assert {one.to for one in world.deliveries if one.state is State.UNKNOWN} >= lost


def test_throttling_uses_up_no_attempt() -> None:
    """listmonk#1802: "finished" at 578 of 1,450."""
    chance = random.Random(1)
    world = FakeCampaigns(recipients=60)
    world.answer = lambda message: Throttled(5) if chance.random() < 0.6 else Sent(message.id)
    world.run(rounds=20_000)
    assert hold(world) == {State.SENT: 60}
    assert {one.attempts for one in world.deliveries} == {1}


def test_a_pause_at_every_step_sends_nobody_twice_when_it_is_over() -> None:
    """listmonk#2313: resumed campaigns sent three to five copies."""
    for at in range(0, steps_of(FakeCampaigns), 3):
        world, steps = FakeCampaigns(), itertools.count()

        def step(_name: str, world: FakeCampaigns = world, steps: itertools.count = steps, at: int = at) -> None:
            if next(steps) == at and world.campaign.status is Status.SENDING:
                world.campaign = replace(world.campaign, status=Status.PAUSED, version=world.campaign.version + 1)

        world.step = step
        world.run()
        world.step = lambda _name: None
        if world.campaign.status is Status.PAUSED:
            world.campaign = replace(world.campaign, status=Status.SENDING, version=world.campaign.version + 1)
            world.queue.append(sweep(world.campaign).body)
            world.run()
        assert hold(world) == {State.SENT: 23}, at


def test_who_leaves_before_the_claim_does_not_get_it() -> None:
    world = FakeCampaigns()
    seen = itertools.count()

    def step(name: str) -> None:
        if name == "provider" and next(seen) == 0:
            world.refused = dict.fromkeys(world.leads, "unsubscribed")

    world.step = step
    world.run()
    assert hold(world) == {State.SENT: BATCH, State.SUPPRESSED: 13}


def test_only_those_that_failed_are_tried_again_once() -> None:
    world = FakeCampaigns()
    world.answer = lambda message: (
        Refused("550 no", permanent=True) if message.to.startswith("l1") else Sent(message.id)
    )
    world.run()
    assert hold(world) == {State.SENT: 12, State.FAILED: 11}
    world.answer = lambda message: Sent(message.id)
    world.campaign = replace(world.campaign, status=Status.SENDING, run=2)
    world.the_plan = replace(world.the_plan, done=False)
    order = retry(world.campaign, -1, unknown=False).body
    world.queue += [order, order]
    world.run()
    assert hold(world) == {State.SENT: 23}
