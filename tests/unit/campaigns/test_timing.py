"""At a time of the recipient's own, outside of quiet hours; experiments and their winners."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groundswell.campaigns.ledger import State, Totals
from groundswell.campaigns.model import Experiment, Metric, QuietHours, Rules, Schedule, Status, Variant
from groundswell.campaigns.timing import due_of, is_stale
from groundswell.campaigns.variants import Draw, best, draw
from tests.fakes.campaigns import FakeCampaigns, lead

VARIANTS = (Variant("A", 1), Variant("B", 3))


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Europe/Berlin", "2026-12-01T10:00", None),
        ("Europe/Berlin", "2026-12-01T21:30", "2026-12-02T07:00"),
        ("Europe/Berlin", "2026-12-01T04:59", "2026-12-01T07:00"),
        ("America/New_York", "2026-12-01T13:30", None),
        ("America/New_York", "2026-12-01T03:30", "2026-12-01T13:00"),
        (None, "2026-12-01T23:00", "2026-12-02T08:00"),
    ],
)
def test_quiet_hours_are_on_the_recipients_clocks(zone: str | None, now: str, due: str | None) -> None:
    campaign = replace(FakeCampaigns().campaign, rules=Rules(quiet_hours=QuietHours("22:00", "08:00")))
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    due_at = due_of(campaign, replace(lead(1), timezone=zone), moment)
    assert (due_at and due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")) == due


def test_a_time_of_day_of_their_own_is_that_of_their_zone() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    campaign = replace(FakeCampaigns().campaign, schedule=Schedule(at, "recipient"))
    tokyo = due_of(campaign, replace(lead(1), timezone="Asia/Tokyo"), datetime(2026, 11, 30, tzinfo=UTC))
    assert tokyo == datetime(2026, 12, 1, 0, tzinfo=UTC)
    assert due_of(campaign, replace(lead(1), timezone="Asia/Tokyo"), datetime(2026, 12, 1, 1, tzinfo=UTC)) is None


def test_a_time_of_day_of_their_own_begins_where_the_day_begins_first() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert Schedule(at, "recipient").begins == datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    assert Schedule(at).begins == at


def test_variants_are_drawn_by_weight_and_always_the_same() -> None:
    of = Draw("k", VARIANTS)
    drawn = Counter(draw(of, f"l{number}") for number in range(2000))
    assert 400 < drawn[0] < 600
    assert [draw(of, f"l{n}") for n in range(50)] == [draw(of, f"l{n}") for n in range(50)]
    sampled = Counter(draw(replace(of, experiment=Experiment(20)), f"l{number}") for number in range(2000))
    assert 1500 < sampled[-1] < 1700


def test_the_best_variant_is_the_one_with_the_highest_rate() -> None:
    counts = {"0/sent": 10, "0/opened": 5, "1/sent": 5, "1/delivered": 25, "1/opened": 14, "1/clicked": 1}
    assert best(VARIANTS, Metric.OPENS, Totals(counts)) == 0
    assert best(VARIANTS, Metric.CLICKS, Totals(counts)) == 1
    assert best(VARIANTS, Metric.CONVERSIONS, Totals(counts)) == 0


def test_an_experiment_sends_to_the_sample_and_the_winner_to_all_others() -> None:
    world = FakeCampaigns(recipients=95)
    world.campaign = replace(world.campaign, variants=VARIANTS, ab=Experiment(20))
    world.run()
    sample = [one for one in world.deliveries if one.state is State.SENT]
    assert 0 < len(sample) < 40
    assert {one.variant for one in world.deliveries if one.state is State.PENDING} == {-1}
    assert world.campaign.status is Status.SENDING

    world.campaign = replace(world.campaign, winner="B")
    world.run()
    assert {one.state for one in world.deliveries} == {State.SENT}
    assert {one.variant for one in world.deliveries if one not in sample} == {1}
    assert len(world.left) == len(set(world.left)) == 95
    assert world.counts == sum((batch.counts for batch in world.batches.values()), Counter())
    assert world.campaign.status is Status.SENT


def test_quiet_hours_put_off_and_forget_nobody() -> None:
    world = FakeCampaigns()
    world.now = world.now.replace(hour=23)
    world.campaign = replace(world.campaign, rules=Rules(quiet_hours=QuietHours("22:00", "08:00", "UTC")))
    sent_at: set[int] = set()
    answer = world.answer
    world.answer = lambda message: (sent_at.add(world.now.hour), answer(message))[1]
    world.run()
    assert (sent_at, len(set(world.left))) == ({8}, 23)


def test_after_an_outage_nobody_gets_at_noon_what_was_for_their_morning() -> None:
    """The stale-schedule guard of a local time of day: by the recipient's clock, not by the campaign's start."""
    began, at = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)
    campaign = replace(FakeCampaigns().campaign, schedule=Schedule(at, "recipient"), started_at=began)
    berlin, tokyo = (replace(lead(1), timezone=zone) for zone in ("Europe/Berlin", "Asia/Tokyo"))
    moments = [datetime(2026, 12, 1, hour, minute, tzinfo=UTC) for hour, minute in ((7, 0), (8, 0), (8, 1), (12, 0))]
    assert [is_stale(campaign, berlin, now) for now in moments] == [False, False, True, True]
    assert not is_stale(campaign, tokyo, moments[-1]), "past it at the start: at once"
    patient = replace(campaign, rules=Rules(stale_after="6h"))
    assert not is_stale(patient, berlin, moments[-1])
    assert not is_stale(replace(campaign, run=2), berlin, moments[-1]), "tried again on purpose"
    assert not is_stale(replace(campaign, schedule=Schedule(at)), berlin, moments[-1])


def test_who_is_too_late_is_explained() -> None:
    world = FakeCampaigns(recipients=3)
    began = world.now
    schedule = Schedule(began + timedelta(minutes=10), "recipient")
    world.campaign = replace(world.campaign, schedule=schedule)
    world.leads["l1"] = replace(world.leads["l1"], timezone="America/New_York")
    world.deliver(world.queue.pop(0))
    world.now += timedelta(hours=3)
    world.run()
    records = {one.lead_id: (one.state, one.reason) for one in world.deliveries}
    assert records["l0"] == (State.SUPPRESSED, "stale: 1h after their local time")
    assert records["l1"] == (State.SENT, None)
