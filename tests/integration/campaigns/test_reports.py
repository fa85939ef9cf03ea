"""What became of a campaign, as a file and by time; and how many it may be for."""

import csv
import hmac
import io
import json
import time
from urllib.parse import urlsplit

from tests.integration.campaigns.conftest import Dispatch
from tests.integration.campaigns.test_feedback import BROWSER, links_of
from tests.people import People
from tests.receiver import Reply, receiver


def test_deliveries_are_a_file_and_a_series_that_say_what_the_totals_say(dispatch: Dispatch) -> None:
    leads = [dispatch.lead(), dispatch.lead(), dispatch.lead(locale="de")]
    campaign = dispatch.campaign(leads)
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway
    gateway.call("GET", f"={paths['to']}", headers=BROWSER)

    for path in (f"/campaigns/{campaign}/deliveries?format=csv", f"/broadcast/logs?format=csv&campaign_id={campaign}"):
        answer = dispatch.owner.get(path)
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        assert answer.headers["content-type"].startswith("text/csv")
        assert sorted((row["lead_id"], row["state"]) for row in rows) == sorted((lead, "sent") for lead in leads)
        assert sum(row["opened_at"] != "" for row in rows) == 1
    chosen = dispatch.owner.get(f"/campaigns/{campaign}/deliveries?format=csv&state=failed")
    assert len(list(csv.reader(io.StringIO(chosen.body.decode())))) == 1

    stats = dispatch.get(campaign, "/stats?interval=hour")
    assert stats["points"]
    assert sum(point["sent"] for point in stats["points"]) == stats["states"]["sent"] == 3
    assert sum(point["opened"] for point in stats["points"]) == stats["opened"] == 1
    assert dispatch.get(campaign, "/stats")["points"] is None


def test_an_operator_says_how_many_recipients_an_organization_may_have(dispatch: Dispatch, people: People) -> None:
    leads = [dispatch.lead(), dispatch.lead()]
    quota = {"recipients_per_day": 1}
    org = dispatch.owner.user["org_id"]
    assert people.operator().put(f"/usage/quota?org_id={org}", quota).data["recipients_per_day"] == 1

    refused = dispatch.start(dispatch.campaign(leads))
    assert (refused.status, refused.code) == (429, "RATE_LIMITED")
    people.operator().put(f"/usage/quota?org_id={org}", {"recipients_per_day": 2})
    assert dispatch.start(dispatch.campaign(leads)).status == 202


def test_pages_of_messages_are_in_the_recipients_language_unless_they_choose_another(dispatch: Dispatch) -> None:
    campaign = dispatch.campaign([dispatch.lead(locale="de-AT", first_name="Ida")], rules={"utm": False})
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway

    english = {"Accept-Language": "en"}
    assert b'lang="de"' in gateway.call("GET", f"={paths['u']}", headers=english).body
    assert b'lang="de"' in gateway.call("GET", f"={paths['p']}", headers=english).body
    assert b'lang="en"' in gateway.call("GET", f"={paths['p']}?lang=en", headers=english).body
    click = gateway.call("GET", f"={paths['tc']}", headers=BROWSER)
    assert click.headers["location"] == "https://shop.example/a?x=1&y=Ida", "links are left where that is wanted"


def test_links_of_a_test_message_change_nothing_of_the_lead_whose_values_it_shows(dispatch: Dispatch) -> None:
    owner, lead = dispatch.owner, dispatch.lead()
    news = owner.post("/audience/lists", {"name": "News", "opt_in": "single"}).data["id"]
    owner.post(f"/audience/lists/{news}/members", {"lead_ids": [lead]})
    campaign = dispatch.campaign([lead])
    me = f"me@{owner.client_id[-12:]}.example"
    assert owner.post(f"/campaigns/{campaign}/test", {"to": [me], "lead_id": lead}).status == 202
    dispatch.run()
    paths, form = links_of(dispatch.mails()[0]), {"Content-Type": "application/x-www-form-urlencoded"}

    assert owner.gateway.call("POST", f"={paths['u']}", b"", headers=form).status == 200
    assert owner.gateway.call("POST", f"={paths['p']}", b"all=out", headers=form).status == 200
    assert owner.gateway.call("POST", f"={paths['p']}", b"all=in", headers=form).status == 200
    for link in ("to", "tc"):
        owner.gateway.call("GET", f"={paths[link]}", headers=BROWSER)

    assert owner.get("/audience/opt-outs").data == []
    assert [member["status"] for member in owner.get(f"/audience/lists/{news}/members").data] == ["subscribed"]


def test_a_mailgun_report_is_taken_once_and_an_own_key_signs_it(dispatch: Dispatch) -> None:
    owner, address = dispatch.owner, {"name": "Shop", "email": "news@shop.example"}
    credentials = {"api_key": "key-1", "domain": "shop.example", "signing_key": "sign-1"}
    with receiver(lambda _: Reply(body=b'{"id":"<m@shop.example>","message":"Queued. Thank you."}')) as peer:
        dispatch.backend.configure(MAILGUN_URL=peer.url, DNS_SERVERS="127.0.0.1:9")
        sender = owner.post("/campaigns/senders", {"from": address, "provider": "mailgun", "credentials": credentials})
        assert sender.status == 201, sender.body
        campaign = dispatch.campaign([dispatch.lead()])
        dispatch.start(campaign)
        dispatch.run()
    (delivery,) = dispatch.get(campaign, "/deliveries")
    own = {"client": owner.client_id, "delivery": delivery["id"]}
    event = {"event": "failed", "severity": "permanent", "user-variables": own, "delivery-status": {"message": "gone"}}
    hook = f"={urlsplit(sender.data['hook_url']).path}"

    def post(token: str, key: str = "sign-1") -> int:
        now = str(int(time.time()))
        signature = hmac.new(key.encode(), f"{now}{token}".encode(), "sha256").hexdigest()
        payload = {"signature": {"timestamp": now, "token": token, "signature": signature}, "event-data": event}
        return owner.gateway.call(
            "POST", hook, json.dumps(payload).encode(), headers={"Content-Type": "application/json"}
        ).status

    assert [post("t1"), post("t1"), post("t2", "wrong"), post("t3")] == [200, 403, 403, 200]
    dispatch.run()
    stats = dispatch.get(campaign, "/stats")
    assert (stats["bounced_hard"], stats["states"]["bounced"]) == (1, 1)
    assert [out["reason"] for out in owner.get("/audience/opt-outs").data] == ["hard_bounce"]
    assert dispatch.get(campaign, "/deliveries")[0]["reason"] == "gone"


def test_the_stages_own_ses_reports_by_events(dispatch: Dispatch) -> None:
    campaign = dispatch.campaign([dispatch.lead()])
    dispatch.start(campaign)
    dispatch.run()
    (delivery,) = dispatch.get(campaign, "/deliveries")
    tags = {"client": [dispatch.owner.client_id], "delivery": [delivery["id"]], "ses:configuration-set": ["mails"]}
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"diagnosticCode": "550 5.1.1 no such user"}]}
    detail = {"eventType": "Bounce", "mail": {"tags": tags}, "bounce": bounce}
    event = json.dumps({"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail})

    assert dispatch.handle(event, event, json.dumps({"source": "aws.ses", "detail": {}})) == []

    assert dispatch.states(campaign) == {"bounced": 1}
    assert dispatch.get(campaign, "/stats")["bounced_hard"] == 1
