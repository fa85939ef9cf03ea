"""Campaigns that run: each recipient once, and a record of each."""

from dataclasses import replace
from datetime import datetime, timedelta

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.schedules.timers import firing_body
from tests.calls import Calls
from tests.integration.campaigns.conftest import Dispatch
from tests.timers import due_timers


def test_everybody_gets_it_once_however_often_messages_are_delivered(dispatch: Dispatch) -> None:
    leads = [dispatch.lead() for _ in range(23)]
    campaign = dispatch.campaign(leads, reply_to="answers@shop.example")
    started = dispatch.start(campaign)
    assert (started.status, started.data["status"], started.data["queued"]) == (202, "sending", 23)
    assert dispatch.start(campaign).data == started.data

    all_bodies: list[str] = []
    while bodies := dispatch.waiting():
        all_bodies += bodies
        assert dispatch.handle(*bodies, *reversed(bodies)) == []
    assert dispatch.handle(*reversed(all_bodies), *all_bodies) == []

    mails = dispatch.mails()
    assert len(mails) == len({mail["To"] for mail in mails}) == 23
    first = next(mail for mail in mails if mail["To"].startswith("lead1@"))
    assert (first["Subject"], first["From"]) == ("Hi Name1", "Shop <news@shop.example>")
    assert first["Reply-To"] == "answers@shop.example"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Auto-Submitted"] is None
    html = first.get_body(("html",)).get_content()
    assert "/t/c/" in html
    assert "shop.example/a?x" not in html
    assert "https://shop.example/a?x=1&y=Name1" in first.get_body(("plain",)).get_content()
    assert dispatch.states(campaign) == {"sent": 23}
    whole = dispatch.get(campaign)
    assert (whole["status"], whole["job_id"]) == ("sent", started.data["job_id"])
    timeline = dispatch.owner.get(f"/leads/{leads[0]}/timeline").data
    assert [(entry["channel"], entry["event"], entry["text"]) for entry in timeline] == [("email", "sent", "Sale")]


def test_who_withdrew_is_gone_or_has_no_address_is_explained(dispatch: Dispatch) -> None:
    gone, withdrew = dispatch.lead(), dispatch.lead(consent={"email": {"granted": False}})
    nowhere = dispatch.owner.post("/leads", {"phone": "+4930901820", "first_name": "A"}).data["id"]
    late, fine = dispatch.lead(), dispatch.lead()
    campaign = dispatch.campaign([gone, withdrew, nowhere, late, fine])
    dispatch.start(campaign)
    (plan,) = dispatch.outbox()
    assert dispatch.handle(plan) == []
    dispatch.owner.delete(f"/leads/{gone}")
    dispatch.owner.put(f"/leads/{late}", {"consent": {"email": {"granted": False}}})
    dispatch.run()

    assert dispatch.states(campaign) == {"sent": 1, "suppressed": 4}
    reasons = {
        delivery["lead_id"]: delivery["reason"] for delivery in dispatch.get(campaign, "/deliveries?state=suppressed")
    }
    assert reasons == {
        gone: "lead_gone",
        withdrew: "consent_refused",
        nowhere: "no_address",
        late: "consent_refused",
    }
    assert len(dispatch.mails()) == 1


def test_a_campaign_that_lacks_something_does_not_start(dispatch: Dispatch) -> None:
    empty = dispatch.owner.post("/campaigns", {"name": "Empty"}).data["id"]
    refused = dispatch.start(empty)
    assert (refused.status, refused.code) == (400, "CAMPAIGN_INCOMPLETE")
    assert {error["field"] for error in refused.json["error"]["details"]["errors"]} == {"audience", "body", "subject"}

    nameless = dispatch.owner.post("/leads", {"email": "nameless@people.example"}).data["id"]
    campaign = dispatch.campaign([nameless, dispatch.lead()])
    refused = dispatch.start(campaign)
    assert refused.status == 400
    assert "first_name: 1 of the first 2" in refused.json["detail"]
    dispatch.owner.put(f"/campaigns/{campaign}", {"subject": "Hi", "body": {"text": "Hi {{first_name | you}}"}})
    assert dispatch.start(campaign).status == 202
    assert dispatch.owner.put(f"/campaigns/{campaign}", {"name": "x"}).code == "CAMPAIGN_LOCKED"
    assert dispatch.owner.delete(f"/campaigns/{campaign}").code == "CAMPAIGN_ACTIVE"


def test_pausing_resuming_and_cancelling_are_felt_at_once(dispatch: Dispatch) -> None:
    leads = [dispatch.lead() for _ in range(25)]
    campaign = dispatch.campaign(leads)
    dispatch.start(campaign)
    assert dispatch.handle(*dispatch.outbox()) == []
    first, *others = dispatch.outbox()
    assert dispatch.handle(first) == []
    assert dispatch.owner.post(f"/campaigns/{campaign}/pause").data["status"] == "paused"
    assert dispatch.handle(*others) == []
    assert len(dispatch.mails()) in (5, 10)
    sent = len(dispatch.mails())
    assert dispatch.states(campaign) == {"sent": sent, "pending": 25 - sent}

    assert dispatch.owner.post(f"/campaigns/{campaign}/resume").data["status"] == "sending"
    (sweep,) = dispatch.outbox()
    assert dispatch.handle(sweep) == []
    second, *_ = dispatch.waiting()
    dispatch.handle(second)
    assert dispatch.owner.post(f"/campaigns/{campaign}/cancel").data["status"] == "cancelled"
    dispatch.run()
    assert dispatch.handle(first, *others) == []
    mails = len(dispatch.mails())
    assert 10 < mails <= 20
    assert dispatch.states(campaign) == {"sent": mails, "suppressed": 25 - mails}
    assert dispatch.owner.post(f"/campaigns/{campaign}/resume").status == 409
    assert dispatch.owner.delete(f"/campaigns/{campaign}").status == 200
    dispatch.run()
    left = [item["pk"]["S"] for item in dispatch.backend.items("core") if campaign in str(item["pk"]["S"])]
    assert [key for key in left if not key.startswith(("AUDIT", "OUTBOX#webhook", "OUTBOX#arrival"))] == []


def test_a_test_goes_to_oneself_and_counts_nowhere(dispatch: Dispatch) -> None:
    lead = dispatch.lead()
    campaign = dispatch.campaign([lead])
    to = f"me@{dispatch.owner.client_id[-12:]}.example"
    assert dispatch.owner.post(f"/campaigns/{campaign}/test", {"to": [to], "lead_id": lead}).status == 202
    dispatch.run()
    (mail,) = dispatch.mails()
    assert (mail["To"], mail["Subject"]) == (to, "[Test] Hi Name1")
    assert dispatch.states(campaign) == {}
    shown = dispatch.owner.post(f"/campaigns/{campaign}/preview", {"data": {}}).data
    assert shown["missing"] == ["first_name"]


def test_a_scheduled_campaign_starts_at_its_time_and_follows_it_when_it_changes(dispatch: Dispatch) -> None:
    owner, at = dispatch.owner, utc_now() + timedelta(hours=2)
    campaign = dispatch.campaign([dispatch.lead()], schedule={"at": rfc3339(at)})
    assert dispatch.start(campaign).data["status"] == "scheduled"
    assert dispatch.start(campaign).data["job_id"] == dispatch.get(campaign)["job_id"]
    owner.put(f"/campaigns/{campaign}", {"schedule": {"at": rfc3339(at + timedelta(hours=1))}, "name": "Later"})

    (firing,) = due_timers(dispatch.backend, owner.client_id, "campaign.start")
    assert firing.due == datetime.fromisoformat(rfc3339(at + timedelta(hours=1)))
    for _ in range(2):
        assert dispatch.handle(firing_body(firing)) == []
    dispatch.run()
    assert (dispatch.get(campaign)["status"], len(dispatch.mails())) == ("sent", 1)

    stale = dispatch.campaign([dispatch.lead()], schedule={"at": rfc3339(at)}, rules={"stale_after": "30m"})
    dispatch.start(stale)
    (late,) = (timer for timer in due_timers(dispatch.backend, owner.client_id, "campaign.start") if timer.key == stale)
    assert dispatch.handle(firing_body(replace(late, late_seconds=1801))) == []
    stale_campaign = dispatch.get(stale)
    assert (stale_campaign["status"], "stale_after" in stale_campaign["failure"]) == ("failed", True)

    drafted = dispatch.campaign([dispatch.lead()], schedule={"at": rfc3339(at)})
    dispatch.start(drafted)
    assert owner.put(f"/campaigns/{drafted}", {"schedule": None}).data["status"] == "draft"
    waiting = {timer.key for timer in due_timers(dispatch.backend, owner.client_id, "campaign.start")}
    assert drafted not in waiting


def test_a_batch_costs_five_calls_and_a_campaign_a_few_more(dispatch: Dispatch, calls: Calls) -> None:
    campaign = dispatch.campaign([dispatch.lead() for _ in range(50)])
    dispatch.start(campaign)
    with calls.counted() as planned:
        dispatch.handle(*dispatch.outbox())
    orders = dispatch.outbox()
    with calls.counted() as made:
        dispatch.handle(*orders)

    assert dispatch.states(campaign) == {"sent": 50}
    assert len(planned) <= 12
    reads_and_writes = [call for call in made if call != "PutItem"]  # which are the mailbox's
    assert len(reads_and_writes) <= 5 * len(orders) + 5  # a key, the content, and three for the end
