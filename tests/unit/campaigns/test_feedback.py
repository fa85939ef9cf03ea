"""What reports do to records and addresses: in any order, however often."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groundswell.audience.model import Channel, Reason
from groundswell.campaigns.feedback import SOFT_BOUNCES_AT_MOST, Feedback, Kind, Report
from groundswell.campaigns.ledger import Batch, Delivery, State
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TO = "ada@x.example"


class World:
    """One lead, with a campaign's batch for each message; the newest is `k0`."""

    def __init__(self, *deliveries: Delivery) -> None:
        self.batches = {f"k{number}": Batch("c", f"k{number}", 0, 1, (one,)) for number, one in enumerate(deliveries)}
        self.left: list[tuple[str, Reason]] = []
        self.feedback = Feedback(self, self, self, lambda: NOW)

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None:
        return self.batches.get(campaign_id)

    def tell(
        self, before: Batch, after: Batch, lead_id: str, entries: Sequence[Entry], messages: Sequence[Message]
    ) -> Batch:
        self.batches[after.campaign_id] = replace(after, version=after.version + 1)
        return after

    def last_deliveries(self, client_id: str, lead_id: str, limit: int) -> list[Delivery]:
        return [batch.deliveries[0] for batch in self.batches.values()][:limit]

    def opt_out(self, client_id: str, channel: Channel, address: str, reason: Reason, source: str | None) -> None:
        self.left.append((address, reason))

    def find_many(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]:
        return ()

    def report(self, *kinds: Kind) -> Delivery:
        for kind in kinds:
            self.feedback.reported(Report("c", "k0-0-0", kind))
        return self.batches["k0"].deliveries[0]


def sent(**more) -> Delivery:
    return Delivery("lead", TO, state=State.SENT, attempts=1, **more)


def test_a_mailbox_that_is_full_for_long_is_not_written_to_any_more() -> None:
    full = [sent(bounce="soft") for _ in range(SOFT_BOUNCES_AT_MOST - 1)]
    world = World(sent(), *full)

    world.report(Kind.SOFT_BOUNCE, Kind.SOFT_BOUNCE)

    assert set(world.left) == {(TO, Reason.HARD_BOUNCE)}


@pytest.mark.parametrize(
    "before",
    [
        [sent(bounce="soft") for _ in range(SOFT_BOUNCES_AT_MOST - 2)],
        [sent(), *(sent(bounce="soft") for _ in range(SOFT_BOUNCES_AT_MOST))],
        [replace(sent(bounce="soft"), to="old@x.example") for _ in range(SOFT_BOUNCES_AT_MOST)],
    ],
)
def test_a_mailbox_that_took_something_lately_is(before: list[Delivery]) -> None:
    world = World(sent(), *before)

    world.report(Kind.SOFT_BOUNCE)

    assert world.left == []


def test_what_was_in_doubt_is_sent_by_the_providers_word() -> None:
    assert World(replace(sent(), state=State.UNKNOWN)).report(Kind.SENT).state is State.SENT
    assert World(sent()).report(Kind.SENT, Kind.SENT) == sent()


def test_a_message_that_the_provider_refuses_fails_and_its_address_stays_good() -> None:
    world = World(sent())

    assert world.report(Kind.REJECTED).state is State.FAILED
    assert world.left == []
    assert World(sent()).report(Kind.DELIVERED, Kind.REJECTED).state is State.DELIVERED


def test_a_report_told_again_takes_nobody_away_who_came_back() -> None:
    world = World(sent())

    world.report(Kind.UNSUBSCRIBED, Kind.UNSUBSCRIBED, Kind.COMPLAINT, Kind.COMPLAINT)

    assert world.left == [(TO, Reason.UNSUBSCRIBED), (TO, Reason.COMPLAINT)]
