"""What a sender may send while it warms up, and to one provider's mailboxes."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from groundswell.campaigns.ledger import State
from groundswell.campaigns.limits import Doorkeeper, Limits, Mailboxes, WarmUp, keeper_of
from groundswell.campaigns.outcomes import Outcome, Outgoing
from groundswell.outbound.model import Rate
from tests.fakes.campaigns import START, FakeCampaigns
from tests.simulation import must_hold


class Windows:
    def __init__(self, world: FakeCampaigns) -> None:
        self.world = world
        self.taken: dict[tuple[str, int], int] = {}

    def take(self, name: str, rate: Rate) -> float:
        time = self.world.now.timestamp()
        window = (name, int(time // rate.seconds))
        if self.taken.get(window, 0) >= rate.calls:
            return (window[1] + 1) * rate.seconds - time
        self.taken[window] = self.taken.get(window, 0) + 1
        return 0.0


def limited(limits: Limits, recipients: int) -> FakeCampaigns:
    world = FakeCampaigns(recipients=recipients)
    door = Doorkeeper("s", limits, Windows(world))
    world.hold = lambda _campaign, address: door.hold(address, world.now)
    return world


def test_a_new_sender_sends_a_little_more_each_day_and_everybody_gets_it_in_the_end() -> None:
    world = limited(Limits(WarmUp(20, 50, START)), 100)
    hand_over, left = world.send, list[int]()

    def sent(message: Outgoing) -> Outcome:
        left.append((world.now.date() - START.date()).days)
        return hand_over(message)

    world.send = sent  # type: ignore[method-assign]
    world.run(rounds=20_000)
    assert must_hold(world) == {State.SENT: 100}
    assert [left.count(day) for day in range(4)] == [20, 30, 45, 5]
    assert {one.attempts for one in world.deliveries} == {1}


def test_who_waits_says_why() -> None:
    world = limited(Limits(WarmUp(3, 50, START)), 10)
    world.deliver(world.queue.pop(0))
    world.deliver(world.queue.pop(0))
    waiting = [one.reason for one in world.deliveries if one.state is State.PENDING]
    assert waiting == ["warm_up: 3 on this day, more from 2026-12-01"] * 7


def test_a_full_mailbox_provider_holds_up_nobody_at_another_one() -> None:
    world = limited(Limits(hourly={"google": 2}), 10)
    world.leads = {
        name: replace(lead, email=f"{name}@gmail.com") if number < 5 else lead
        for number, (name, lead) in enumerate(world.leads.items())
    }
    world.deliver(world.queue.pop(0))
    world.deliver(world.queue.pop(0))
    assert len(world.left) == 7
    assert {one.reason for one in world.deliveries if one.state is State.PENDING} == {
        "cap: 2 an hour to mailboxes of google"
    }
    assert len(world.delayed) == 1, "one order comes again, however many wait"
    world.run()
    assert must_hold(world) == {State.SENT: 10}
    assert world.now - START >= timedelta(hours=2)


def test_a_warm_sender_is_not_held_back() -> None:
    ramp = WarmUp(50, 40, START)
    allowed = [ramp.allowed(START + timedelta(days=day)) for day in range(40)]
    assert allowed[:4] == [50, 70, 98, 137]
    assert allowed[-1] is None
    assert ramp.allowed(START - timedelta(days=3)) == 50
    counter = count()

    class Counts:
        def take(self, _name: str, _rate: Rate) -> float:
            next(counter)
            return 0.0

    assert Doorkeeper("s", Limits(ramp), Counts()).hold("a@b.example", START + timedelta(days=400)) is None
    assert next(counter) == 0
    assert not Limits()


@pytest.mark.parametrize(
    ("address", "keeper"),
    [("a@GMAIL.com", Mailboxes.GOOGLE), ("a@hotmail.com", Mailboxes.MICROSOFT), ("a@gmail.com.evil", Mailboxes.OTHER)],
)
def test_a_keeper_is_known_by_its_domain(address: str, keeper: Mailboxes) -> None:
    assert keeper_of(address) is keeper
