"""Senders that die or oversleep in the middle of a batch, with a provider that knows no repeats."""

from datetime import timedelta

import pytest

from functions.campaign_sender import wiring
from groundswell.campaigns.adapter_progress import close, proceed
from groundswell.campaigns.ledger import Batch, Delivery, State
from groundswell.campaigns.outcomes import Outcome, Outgoing, Sent
from groundswell.campaigns.progress import HAND, Progress
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from tests.backend import Backend
from tests.integration.campaigns.conftest import Dispatch


class Death(BaseException):
    pass


class Peer:
    """`dies_at`: with the so-manieth message that it took the process is gone."""

    recognises_repeats = False

    def __init__(self, dies_at: int) -> None:
        self.dies_at = dies_at
        self.taken: list[str] = []

    def send(self, message: Outgoing) -> Outcome:
        self.taken.append(message.to)
        if len(self.taken) == self.dies_at:
            raise Death
        return Sent(f"<{message.id}>")


def test_of_a_sender_that_dies_in_mid_batch_what_it_had_in_hand_is_in_doubt(
    dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [dispatch.lead() for _ in range(10)]
    campaign, peer = dispatch.campaign(leads), Peer(dies_at=8)
    monkeypatch.setattr(wiring, "provider_of", lambda _campaign: peer)
    dispatch.start(campaign)
    (plan,) = dispatch.outbox()
    assert dispatch.handle(plan) == []
    (order,) = dispatch.outbox()
    with pytest.raises(Death):
        dispatch.handle(order)
    assert dispatch.states(campaign) == {"claimed": 10}

    later = utc_now() + timedelta(minutes=5)
    monkeypatch.setattr(wiring, "utc_now", lambda: later)
    dispatch.sweep(campaign)
    assert dispatch.states(campaign) == {"sent": HAND, "unknown": HAND}
    assert len(peer.taken) == len(set(peer.taken)) == 8
    records = {delivery["to"]: delivery for delivery in dispatch.get(campaign, "/deliveries")}
    assert {records[address]["state"] for address in peer.taken[HAND:]} == {"unknown"}
    assert [records[address]["attempts"] for address in peer.taken[:HAND]] == [1] * HAND
    first = next(record["lead_id"] for record in records.values() if record["to"] == peer.taken[0])
    assert [lead["event"] for lead in dispatch.owner.get(f"/leads/{first}/timeline").data] == ["sent"]


def test_a_claim_that_was_closed_sends_nothing_more_however_late_its_sender_wakes_up(moto: Backend) -> None:
    assert moto
    until = utc_now() + timedelta(minutes=2)
    batch = Batch(new_id(), new_id(), 0, 1, (Delivery("a"), Delivery("b"), Delivery("c")), "t", until)
    done = {0: Delivery("", state=State.SENT, provider_id="x", attempts=1)}
    assert proceed(batch, Progress(1, done))
    assert close(batch) == close(batch) == Progress(1, done)
    assert not proceed(batch, Progress(2, done))

    following = Batch(batch.client_id, batch.campaign_id, 0, 1, batch.deliveries, "u", until + timedelta(minutes=9))
    assert not proceed(batch, Progress(2, done)), "nor once the next claim has begun"
    assert proceed(following, Progress(2))
    assert not proceed(batch, Progress(2, done))
    assert close(following) == Progress(2)


def test_a_claim_that_never_went_on_was_at_its_first_message(moto: Backend) -> None:
    assert moto
    batch = Batch(new_id(), new_id(), 0, 1, (Delivery("a"), Delivery("b")), "t", utc_now())
    assert close(batch) == Progress()
    assert not proceed(batch, Progress(1))
