"""What becomes of deliveries is in the client's log of events and in the lead's timeline, each once."""

import json

from groundswell.campaigns.adapter_conversions import Conversions
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.clock import millis, utc_now
from groundswell.leads.store import DynamoLeadStore
from tests.fakes.event_log import FakeEventLog
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
    deliveries = {delivery["lead_id"]: delivery["id"] for delivery in dispatch.get(campaign, "/deliveries")}
    mail = next(mail for mail in dispatch.mails() if mail["To"].startswith("lead1@"))
    paths, gateway = links_of(mail), dispatch.owner.gateway
    for _ in range(2):
        gateway.call("GET", f"={paths['to']}", headers=BROWSER)
        gateway.call("GET", f"={paths['tc']}", headers=BROWSER)
    early = dispatch.waiting()
    assert len(early) == 2
    dispatch.handle(*early)
    assert {event.name for event in dispatch.logged()} == {"Email Sent"}, "a scanner may still show itself"
    advance(seconds=7)
    dispatch.handle(*early, *early)
    _report(dispatch, deliveries[ada], "delivered")
    _report(dispatch, deliveries[ada], "complaint")
    _report(dispatch, deliveries[bob], "hard_bounce")

    events = dispatch.logged()
    assert sorted((event.name, json.loads(event.properties)["delivery_id"]) for event in events) == sorted(
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
    assert len({event.id for event in events}) == len(events)
    who = {event.name: (event.user_id, event.anonymous_id) for event in events}
    assert who["Email Link Clicked"] == who["Email Opened"] == who["Email Marked as Spam"] == ("user-7", ada)
    assert who["Email Sent"] == who["Email Bounced"] == (None, None), "nobody is active by what is sent to them"
    ours = [lead for lead in dispatch.owner.get(f"/leads/{ada}/timeline").data if lead["channel"] == "email"]
    assert sorted(our["event"] for our in ours) == [
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
    assert [event.name for event in dispatch.logged()] == ["Email Sent"]
    assert [lead["event"] for lead in dispatch.owner.get(f"/leads/{lead}/timeline").data] == ["sent"]
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


def _log_of(client_id: str, events: list[Event]) -> FakeEventLog:
    log, received = FakeEventLog(), max(event.ts for event in events)
    (sk,) = log.append(Log(client_id, "0"), [encode(events, received)], received)
    Committer(log, utc_now).commit(Log(client_id, "0"), [Incoming(sk, Block(encode(events, received)))])
    return log


def _order(amount: str, at: int, **who: str) -> Event:
    return Event(id=amount, kind="track", name="Order Completed", ts=at, value=amount, currency="EUR", **who)


def test_what_is_bought_after_a_click_is_the_campaigns_however_often_it_is_worked_out(
    dispatch: Dispatch, advance
) -> None:
    """By a user whom the lead names, and by a stranger's browser that came by the link."""
    ada, bob = dispatch.lead(identities={"distinct_id": "user-7"}), dispatch.lead()
    campaign = dispatch.campaign([ada, bob])
    dispatch.start(campaign)
    dispatch.run()
    gateway, came = dispatch.owner.gateway, {}
    for mail in dispatch.mails():
        answer = gateway.call("GET", f"={links_of(mail)['tc']}", headers=BROWSER)
        came[str(mail["To"])[:5]] = answer.headers["location"]
    advance(seconds=7)
    dispatch.run()
    now = millis(utc_now())
    page = json.dumps({"page": {"url": came["lead2"]}}).encode()
    events = [
        *dispatch.logged(),
        Event(id="v", kind="page", name="Home", ts=now, anonymous_id="browser", context=page),
        _order("49.95", now + 1, user_id="user-7"),
        _order("10", now + 2, anonymous_id="browser"),
        _order("99", now + 3, user_id="somebody"),
    ]
    advance(minutes=1)
    joining = Conversions(_log_of(dispatch.owner.client_id, events), DynamoLeadStore(), DynamoLedger())
    known = DynamoCampaignStore().find(dispatch.owner.client_id, campaign)

    assert [joining.join(known, utc_now()) for _ in range(2)] == [2, 2]

    stats = dispatch.get(campaign, "/stats")
    assert (stats["converted"], stats["revenue"], stats["currency"]) == (2, "59.95", "EUR")
    records = {delivery["lead_id"]: delivery for delivery in dispatch.get(campaign, "/deliveries")}
    assert (records[ada]["revenues"], records[bob]["revenues"]) == ({"EUR": "49.95"}, {"EUR": "10"})
    timeline = [lead["event"] for lead in dispatch.owner.get(f"/leads/{ada}/timeline").data]
    assert timeline.count("converted") == 1
