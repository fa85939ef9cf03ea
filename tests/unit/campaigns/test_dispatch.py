"""Everybody once, whatever dies, repeats or is reordered (R1, R2, R4), by the real services against fakes."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from groundswell.campaigns.attempts import ATTEMPTS_AT_MOST
from groundswell.campaigns.ledger import BATCH, State
from groundswell.campaigns.messages import retry, sweep
from groundswell.campaigns.model import Fallback, Status
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.campaigns.progress import HAND
from groundswell.leads.model import Consent
from tests.fakes.campaigns import LEASE, START, Crash, FakeCampaigns, OpenCircuits
from tests.simulation import must_hold


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
    assert must_hold(world) == {State.SENT: 123}


def test_listmonk_3022_a_death_at_every_step_forgets_nobody_and_reaches_nobody_twice() -> None:
    """Its checkpoint was written when recipients were fetched: who was fetched and not sent was skipped."""
    for at in range(steps_of(FakeCampaigns)):
        world = FakeCampaigns()
        crashing(world, at)
        world.run()
        assert must_hold(world)[State.UNKNOWN] <= HAND, at


def test_two_deaths_at_every_pair_of_steps_do_neither() -> None:
    def make() -> FakeCampaigns:
        return FakeCampaigns(recipients=BATCH)

    for first, second in itertools.combinations(range(steps_of(make)), 2):
        world = make()
        crashing(world, first, second)
        world.run()
        assert must_hold(world)[State.UNKNOWN] <= BATCH, (first, second)


def test_a_provider_that_recognises_repeats_leaves_nobody_in_doubt() -> None:
    def make() -> FakeCampaigns:
        return FakeCampaigns(recognises_repeats=True)

    for at in range(steps_of(make)):
        world = make()
        crashing(world, at)
        world.run()
        assert must_hold(world) == {State.SENT: 23}, at


def test_listmonk_1802_throttling_ends_no_campaign_early() -> None:
    """It "finished" at 578 of 1,450: here throttling uses up no attempt, and what waits is not done."""
    chance = random.Random(1)
    world = FakeCampaigns(recipients=60)
    world.answer = lambda message: Throttled(5) if chance.random() < 0.6 else Sent(message.id)
    world.run(rounds=20_000)
    assert must_hold(world) == {State.SENT: 60}
    assert {one.attempts for one in world.deliveries} == {1}


def test_listmonk_2313_a_pause_at_every_step_sends_nobody_twice_when_it_is_over() -> None:
    """Resumed campaigns sent three to five copies."""
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
        assert must_hold(world) == {State.SENT: 23}, at


def test_who_leaves_before_the_claim_does_not_get_it() -> None:
    world = FakeCampaigns()
    seen = itertools.count()

    def step(name: str) -> None:
        if name == "provider" and next(seen) == 0:
            world.refused = dict.fromkeys(world.leads, "unsubscribed")

    world.step = step
    world.run()
    assert must_hold(world) == {State.SENT: BATCH, State.SUPPRESSED: 13}


def test_whose_address_is_another_one_since_is_asked_for_that_one() -> None:
    """The order names where opt-outs of the addresses would be that there were when the audience was written down."""
    world = FakeCampaigns()
    world.deliver(world.queue.pop(0))
    world.leads["l1"] = replace(world.leads["l1"], email="other@people.example")
    world.refused = {"l1": "unsubscribed"}
    reads: list[str] = []
    world.step = reads.append
    world.run()
    assert must_hold(world) == {State.SENT: 22, State.SUPPRESSED: 1}
    assert reads.count("refusals") == 2, "once, before and after: the other batches cost nothing more"


def test_what_a_watch_checks_begets_no_orders() -> None:
    """Else each quarter of an hour would add an order for each batch that waits for its turn."""
    world = FakeCampaigns(recipients=100)
    world.answer = lambda _message: Throttled(900)
    while world.queue:
        world.deliver(world.queue.pop(0))
    waiting = len(world.delayed)
    for _ in range(5):
        world.queue.append(sweep(world.campaign, checked=True).body)
        while world.queue:
            world.deliver(world.queue.pop(0))
        world.queue = [body for due, body in world.delayed if "sweep" in body or "checked" in body]
        world.delayed = [entry for entry in world.delayed if entry[1] not in world.queue]
    assert (len(world.delayed), waiting) == (10, 10)


def test_what_cannot_be_written_is_claimed_by_nobody() -> None:
    """A fault in composing is a message that comes back, and leaves nobody in doubt."""
    world = FakeCampaigns()
    compose = world.outgoing

    def fault(*_: object) -> Outgoing:
        raise RuntimeError

    world.outgoing = fault  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        world.run()
    assert {one.state for one in world.deliveries} == {State.PENDING}
    world.outgoing = compose  # type: ignore[method-assign]
    world.run()
    assert must_hold(world) == {State.SENT: 23}


def test_where_consent_is_needed_who_never_gave_it_is_not_written_to() -> None:
    world = FakeCampaigns(needs_consent=True)
    agreed = {"email": Consent("email", granted=True, at=START, by="u")}
    world.leads |= {name: replace(world.leads[name], consent=agreed) for name in ("l1", "l2")}
    world.run()
    assert must_hold(world) == {State.SENT: 2, State.SUPPRESSED: 21}
    assert {one.reason for one in world.deliveries if one.state is State.SUPPRESSED} == {"no_consent"}


def test_listmonk_2079_there_is_a_record_of_everybody_with_what_became_of_it() -> None:
    world = FakeCampaigns(recipients=40)
    outcomes = {1: Refused("550 no", permanent=True), 2: Unknown("no answer"), 3: Refused("no room")}
    world.answer = lambda message: outcomes.get(int(message.to[1:].partition("@")[0]), Sent(f"id-{message.to}"))
    world.refused = {"l4": "unsubscribed"}
    world.run()
    records = {one.lead_id: one for one in world.deliveries}
    assert records.keys() == world.leads.keys()
    assert (records["l1"].state, records["l1"].reason) == (State.FAILED, "550 no")
    assert records["l2"].state is State.UNKNOWN
    assert (records["l3"].attempts, records["l3"].reason) == (ATTEMPTS_AT_MOST, "no room")
    assert (records["l4"].state, records["l4"].reason) == (State.SUPPRESSED, "unsubscribed")
    assert records["l5"].provider_id == "id-l5@people.example"
    assert all(one.at for one in world.deliveries)


def test_a_cancel_at_every_step_lets_no_more_leave_than_are_in_hand() -> None:
    for at in range(steps_of(FakeCampaigns)):
        world, steps, left = FakeCampaigns(), itertools.count(), list[int]()

        def step(_name: str, world: FakeCampaigns = world, steps=steps, left=left, at: int = at) -> None:
            if next(steps) == at and world.campaign.status is Status.SENDING:
                left.append(len(world.left))
                cancelled = replace(world.campaign, status=Status.CANCELLED, version=world.campaign.version + 1)
                world.campaign = cancelled
                world.queue.append(sweep(cancelled).body)

        world.step = step
        world.run()
        states = Counter(one.state for one in world.deliveries)
        assert states[State.PENDING] == states[State.CLAIMED] == 0 or world.campaign.status is Status.SENT, at
        assert not left or len(world.left) - left[0] <= BATCH, at
        assert len(world.left) == len(set(world.left)) == states[State.SENT]


def test_only_those_that_failed_are_tried_again_once() -> None:
    world = FakeCampaigns()
    world.answer = lambda message: (
        Refused("550 no", permanent=True) if message.to.startswith("l1") else Sent(message.id)
    )
    world.run()
    assert must_hold(world) == {State.SENT: 12, State.FAILED: 11}
    world.answer = lambda message: Sent(message.id)
    world.campaign = replace(world.campaign, status=Status.SENDING, run=2)
    world.the_plan = replace(world.the_plan, done=False)
    order = retry(world.campaign, -1, unknown=False).body
    world.queue += [order, order]
    world.run()
    assert must_hold(world) == {State.SENT: 23}


def test_who_no_email_reaches_gets_it_over_the_fallback_once() -> None:
    """Without an address, with one that bounced, and with one that the server does not know; whoever said no to either
    gets nothing."""
    world = FakeCampaigns(recipients=12)
    world.campaign = replace(world.campaign, fallback=Fallback("Hi", "b"))
    for name in ("l1", "l2", "l3", "l4", "l5"):
        world.leads[name] = replace(world.leads[name], telegram_chat_id=f"7{name[1:]}")
    world.leads["l1"] = replace(world.leads["l1"], email=None)
    world.leads["l6"] = replace(world.leads["l6"], email=None)
    world.refused = {"l2": "hard_bounce", "l4": "unsubscribed"}
    world.refused_on_telegram = {"l5": "unsubscribed"}
    gone = {"l3@people.example", "l5@people.example", "l7@people.example"}
    world.answer = lambda message: (
        Refused("550 no such user", permanent=True, invalid_address=True) if message.to in gone else Sent(message.id)
    )
    world.run()
    records = {one.lead_id: (one.state, one.channel, one.reason) for one in world.deliveries}
    assert {name: records[name][:2] for name in ("l1", "l2", "l3")} == dict.fromkeys(
        ("l1", "l2", "l3"), (State.SENT, "telegram")
    )
    assert records["l4"] == (State.SUPPRESSED, None, "unsubscribed")
    assert records["l5"][::2] == (State.SUPPRESSED, "unsubscribed")
    assert records["l6"] == (State.SUPPRESSED, None, "no_address")
    assert records["l7"][:2] == (State.FAILED, None)
    assert sorted(recipient for recipient in world.left if not recipient.startswith("l")) == ["71", "72", "73"]
    assert len(world.left) == 8


def test_a_provider_that_does_not_answer_is_left_alone_and_costs_few_doubts() -> None:
    world = FakeCampaigns(recipients=100)
    calls: list[float] = []

    class Breaks(OpenCircuits):
        """As the real one: five failures in a row, half a minute."""

        failures, until = 0, 0.0

        def open_for(self, _name: str) -> float:
            return max(0.0, self.until - world.now.timestamp())

        def failed(self, _name: str) -> None:
            self.failures += 1
            if self.failures >= 5:
                self.until = world.now.timestamp() + 30

        def succeeded(self, _name: str) -> None:
            self.failures = 0

    world.circuits = Breaks()

    def answer(message: Outgoing) -> Outcome:
        calls.append(world.now.timestamp())
        return Unknown("HTTP 500") if (world.now - START).total_seconds() < 120 else Sent(message.id)

    world.answer = answer
    world.run()
    states = Counter(one.state for one in world.deliveries)
    assert states[State.UNKNOWN] <= 5 + 4, "one try for each time that it is looked at again"
    assert states[State.SENT] == 100 - states[State.UNKNOWN]


def test_nobody_is_blamed_where_nobody_answers() -> None:
    world = FakeCampaigns(recipients=20)
    world.answer = lambda message: (
        Throttled(60, down=True) if (world.now - START).total_seconds() < 7200 else Sent(message.id)
    )
    world.run(rounds=20_000)
    assert must_hold(world) == {State.SENT: 20}
    assert {one.attempts for one in world.deliveries} == {1}


def test_a_sender_that_oversleeps_its_claim_sends_nothing_more() -> None:
    """Another one took over what it had: of the two nobody gets it twice."""
    world, calls = FakeCampaigns(recipients=BATCH), itertools.count()

    def step(name: str) -> None:
        if name == "provider" and next(calls) == 5:  # after the third message
            world.now += LEASE * 2
            world.deliver(sweep(world.campaign, checked=True).body)
            while world.delayed:
                world.deliver(world.delayed.pop(0)[1])

    world.step = step
    world.run()
    assert must_hold(world)[State.UNKNOWN] <= HAND
