"""Starting, and what may not be done meanwhile."""

from datetime import timedelta

import pytest

from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.kernel.clock import rfc3339, utc_now
from tests.integration.campaigns.conftest import Dispatch
from tests.timers import due_timers


def test_two_starts_at_the_same_moment_are_one_job_and_use_no_quota_twice(
    dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = dispatch.campaign([dispatch.lead() for _ in range(3)])
    begin, jobs = DynamoCampaignStore.begin, []

    def overtaken(store, before, *args, **more):
        """The other one's start is written just before ours."""
        if not jobs:
            jobs.append(begin(store, before, *args, **more).job_id)
        return begin(store, before, *args, **more)

    monkeypatch.setattr(DynamoCampaignStore, "begin", overtaken)
    ours = dispatch.start(campaign)
    assert (ours.status, ours.data["job_id"], ours.data["status"]) == (202, jobs[0], "sending")
    dispatch.run()
    assert (dispatch.states(campaign), len(dispatch.mails())) == ({"sent": 3}, 3)
    (quota,) = (
        row for row in dispatch.backend.items("ephemeral") if row["pk"]["S"] == f"RECIPIENTS#{dispatch.owner.id}"
    )
    assert quota["taken"]["N"] == "0"  # theirs was past the API


def test_a_start_for_the_recipients_own_clocks_waits_for_the_first_of_them(dispatch: Dispatch) -> None:
    at = utc_now() + timedelta(days=3)
    campaign = dispatch.campaign([dispatch.lead()], schedule={"at": rfc3339(at), "timezone": "recipient"})
    assert dispatch.start(campaign).data["status"] == "scheduled"
    (firing,) = due_timers(dispatch.backend, dispatch.owner.client_id, "campaign.start")
    assert abs(firing.due - (at - timedelta(hours=14))) < timedelta(seconds=1)


def test_an_address_that_nobody_proved_is_warned_of(dispatch: Dispatch) -> None:
    campaign = dispatch.campaign([dispatch.lead()])
    shown = dispatch.owner.post(f"/campaigns/{campaign}/preview", {"data": {"first_name": "Ada"}}).data
    assert [warning.partition(":")[0] for warning in shown["warnings"]] == ["from.email"]
    assert dispatch.start(campaign).data["warnings"] == shown["warnings"]


def test_an_international_sender_address_sends(dispatch: Dispatch) -> None:
    sender = {"name": "Jürgen, Köln", "email": "post@bücher.example"}
    campaign = dispatch.campaign([dispatch.lead()], **{"from": sender})
    local = dispatch.campaign([dispatch.lead()], **{"from": {**sender, "email": "büro@bücher.example"}})
    for campaign_id in (campaign, local):
        dispatch.start(campaign_id)
    dispatch.run()
    assert dispatch.states(campaign) == dispatch.states(local) == {"sent": 1}
    addresses = {str(mail["From"].addresses[0].display_name) for mail in dispatch.mails()}
    assert addresses == {"Jürgen, Köln"}


def test_where_the_client_needs_consent_others_are_left_out(dispatch: Dispatch) -> None:
    owner = dispatch.owner
    changed = owner.put(f"/clients/{owner.client_id}", {"settings": {"require_consent": True}})
    assert changed.data["settings"]["require_consent"] == "true"
    agreed = dispatch.lead(consent={"email": {"granted": True, "source": "form"}})
    campaign = dispatch.campaign([agreed, dispatch.lead()])
    dispatch.start(campaign)
    dispatch.run()
    assert dispatch.states(campaign) == {"sent": 1, "suppressed": 1}
    (left_out,) = dispatch.get(campaign, "/deliveries?state=suppressed")
    assert left_out["reason"] == "no_consent"
