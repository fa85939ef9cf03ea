"""Campaigns under trouble, by the real services against fakes, with a seed that says all that happens.

`uv run python -m tests.simulation 10000 20` runs 20 seeds of 10,000 recipients in each mode; the suite runs smaller
ones (`tests/unit/campaigns/test_simulation.py`).
"""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum

from groundswell.campaigns.feedback import Kind, Report, moved_by
from groundswell.campaigns.ledger import OPEN, State
from groundswell.campaigns.messages import retry
from groundswell.campaigns.model import Status
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.campaigns.progress import HAND
from tests.fakes.campaigns import LEASE, Crash, FakeCampaigns

_WORKERS = 20


class Mode(StrEnum):
    """What the provider can do: nothing, know a message by its id, or tell what it sent."""

    PLAIN = "plain"
    KEY = "key"
    EVENTS = "events"


def must_hold(world: FakeCampaigns) -> Counter[State]:
    """What is true in the end, whatever happened. The states."""
    states = Counter(one.state for one in world.deliveries)
    assert not any(states[state] for state in OPEN), "somebody was forgotten"
    assert len(world.left) == len(set(world.left)), "somebody got it twice"
    counted = sum((batch.counts for batch in world.batches.values()), Counter())
    assert +world.counts == counted, "totals drifted"
    got = {one.to for one in world.deliveries if one.state is State.SENT}
    assert got <= set(world.left), "somebody is said to have it and has not"
    in_doubt = {one.to for one in world.deliveries if one.state is State.UNKNOWN}
    assert set(world.left) <= got | in_doubt, "somebody has it and is said not to"
    assert len({one.lead_id for one in world.deliveries}) == len(world.deliveries) == world.recipients
    assert world.campaign.status is Status.SENT, world.campaign.status
    assert world.dead == [], "a message was given up"
    return states


@dataclass
class Trouble:
    """Workers that die or sleep past their lease before and after every I/O, others at work within each other's steps,
    messages that come twice and in any order, throttling, and answers that are lost."""

    world: FakeCampaigns
    chance: random.Random
    lost: set[str] = field(default_factory=set)
    ended: int = 0
    """Workers that died, or overslept."""
    _depth: int = 0

    def answer(self, message: Outgoing) -> Outcome:
        drawn = self.chance.random()
        if drawn < 0.05:
            return Throttled(2)
        if drawn < 0.08:
            self.lost.add(message.to)
            if self.chance.random() < 0.5 and message.to not in self.world.left:
                self.world.left.append(message.to)
            return Unknown("no answer")
        return Refused("451 later") if drawn < 0.1 else Sent(message.id)

    def step(self, _name: str) -> None:
        world, drawn = self.world, self.chance.random()
        if drawn < 0.002:
            self.ended += 1
            raise Crash
        if drawn < 0.003:
            self.ended += 1 + self._depth  # those within whose steps it works oversleep, too
            world.now += LEASE * 2
        if drawn < 0.03 and world.queue and self._depth < _WORKERS:
            self._depth += 1
            body = world.queue.pop(self.chance.randrange(len(world.queue)))
            if self.chance.random() < 0.05:
                world.queue.append(body)
            world.deliver(body)
            self._depth -= 1


def run(seed: int, recipients: int, mode: Mode) -> Counter[State]:
    """One campaign. Raises AssertionError that names the seed."""
    world = FakeCampaigns(recipients=recipients, recognises_repeats=mode is Mode.KEY)
    trouble = Trouble(world, random.Random(seed))
    world.answer, world.step = trouble.answer, trouble.step
    try:
        world.run(rounds=100 * recipients)
        world.answer, world.step = (lambda message: Sent(message.id)), lambda _name: None
        states = must_hold(world)
        _in_doubt(world, trouble, mode, states)
        return _reconciled(world) if mode is Mode.EVENTS else states
    except AssertionError as error:
        raise AssertionError(f"seed {seed}, {mode}, {recipients} recipients: {error}") from error


def _in_doubt(world: FakeCampaigns, trouble: Trouble, mode: Mode, states: Counter[State]) -> None:
    """Those whose answer was lost, and what ended workers had in hand."""
    if mode is Mode.KEY:
        assert not states[State.UNKNOWN], "in doubt, though the provider knows repeats"
        return
    unknown = {one.to for one in world.deliveries if one.state is State.UNKNOWN}
    assert unknown >= trouble.lost, "an answer was made up"
    assert len(unknown - trouble.lost) <= HAND * trouble.ended, "more in doubt than workers had in hand"


def _reconciled(world: FakeCampaigns) -> Counter[State]:
    """The provider tells what it sent; those it says nothing of are sent again, by who decides that."""
    for batch in list(world.batches.values()):
        updated = batch.with_each(
            lambda _, one: moved_by(one, Report("c", "", Kind.DELIVERED), world.now) if one.to in world.left else one
        )
        world.save(batch, updated)
    left = set(world.left)
    assert {one.to for one in world.deliveries if one.state is State.DELIVERED} == left
    world.campaign = replace(world.campaign, status=Status.SENDING, run=2)
    world.the_plan = replace(world.the_plan, done=False)
    world.queue.append(retry(world.campaign, -1, unknown=True).body)
    world.run(rounds=100 * world.recipients)
    assert len(world.left) == len(set(world.left)), "somebody got it twice"
    return Counter(one.state for one in world.deliveries)


def main() -> None:
    recipients, seeds = (int(argument) for argument in sys.argv[1:3])
    for mode in Mode:
        began, total = time.perf_counter(), Counter[State]()
        for seed in range(seeds):
            total += run(seed, recipients, mode)
        shown = ", ".join(f"{number} {state}" for state, number in sorted(total.items()))
        print(f"{mode}: {seeds} seeds of {recipients}: {shown}; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
