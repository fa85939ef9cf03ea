"""What becomes of deliveries is in the client's log of events and in the lead's timeline, each once."""

import json

from tests.integration.campaigns.conftest import Dispatch
from tests.integration.campaigns.test_feedback import BROWSER, links_of


def _report(dispatch: Dispatch, delivery_id: str, kind: str) -> None:
    order = {"order": "feedback", "client_id": dispatch.owner.client_id, "campaign_id": "-", "number": 0, "run": 0}
    body = json.dumps({**order, "more": {"reports": [{"d": delivery_id, "kind": kind, "reason": "550 no"}]}})
    assert dispatch.handle(body, body) == []


def test_every_step_is_told_once_however_often_it_is_reported(dispatch: Dispatch, advance) -> None:
    ada, bob = dispatch.lead(identities={"distinct_id": "user-7"}), dispatch.lead()
    campaign = dispatch.campaign([ada, bob])
    dispatch.start(campaign)
    dispatch.run()
    deliveries = {each["lead_id"]: each["id"] for each in dispatch.get(campaign, "/deliveries")}
    mail = next(each for each in dispatch.mails() if each["To"].startswith("lead1@"))
    paths, gateway = links_of(mail), dispatch.owner.gateway
    for _ in range(2):
        gateway.call("GET", f"={paths['to']}", headers=BROWSER)
        gateway.call("GET", f"={paths['tc']}", headers=BROWSER)
    early = dispatch.waiting()
    assert len(early) == 2
    dispatch.handle(*early)
    assert {each.name for each in dispatch.logged()} == {"Email Sent"}, "a scanner may still show itself"
    advance(seconds=7)
    dispatch.handle(*early, *early)
    _report(dispatch, deliveries[ada], "delivered")
    _report(dispatch, deliveries[ada], "complaint")
    _report(dispatch, deliveries[bob], "hard_bounce")

    told = dispatch.logged()
    assert sorted((each.name, json.loads(each.properties)["delivery_id"]) for each in told) == sorted(
        [
            ("Email Sent", deliveries[ada]),
            ("Email Sent", deliveries[bob]),
            ("Email Opened", deliveries[ada]),
            ("Email Link Clicked", deliveries[ada]),
            ("Email Delivered", deliveries[ada]),
            ("Email Marked as Spam", deliveries[ada]),
            ("Email Bounced", deliveries[bob]),
        ]
    )
    assert len({each.id for each in told}) == len(told)
    who = {each.name: (each.user_id, each.anonymous_id) for each in told}
    assert who["Email Link Clicked"] == who["Email Opened"] == who["Email Marked as Spam"] == ("user-7", ada)
    assert who["Email Sent"] == who["Email Bounced"] == (None, None), "nobody is active by what is sent to them"
    ours = [each for each in dispatch.owner.get(f"/leads/{ada}/timeline").data if each["channel"] == "email"]
    assert sorted(each["event"] for each in ours) == [
        "clicked",
        "complained",
        "delivered",
        "opened",
        "opted_out",
        "sent",
    ]


def test_what_turns_out_a_scanners_is_told_nobody(dispatch: Dispatch, advance) -> None:
    lead = dispatch.lead()
    campaign = dispatch.campaign([lead])
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway

    for path in ("to", "tc", "u", "p"):
        gateway.call("GET", f"={paths[path]}", headers=BROWSER)
    advance(seconds=7)
    dispatch.run()

    stats = dispatch.get(campaign, "/stats")
    assert {name: stats[name] for name in ("opened", "opened_machine", "clicked", "clicked_machine")} == {
        "opened": 0,
        "opened_machine": 1,
        "clicked": 0,
        "clicked_machine": 1,
    }
    assert [each.name for each in dispatch.logged()] == ["Email Sent"]
    assert [each["event"] for each in dispatch.owner.get(f"/leads/{lead}/timeline").data] == ["sent"]
    gateway.call("GET", f"={paths['tc']}", headers=BROWSER)
    assert dispatch.get(campaign, "/stats")["clicked"] == 1, "the person comes afterwards"


def test_a_picture_costs_two_calls(dispatch: Dispatch, calls) -> None:
    campaign = dispatch.campaign([dispatch.lead()])
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway
    gateway.call("GET", "=/t/o/forged.gif", headers=BROWSER)  # keys of links are read once a process

    with calls.counted() as counted:
        gateway.call("GET", f"={paths['to']}", headers=BROWSER)

    assert len(counted) <= 2, counted
