"""What recipients do with a message: openings, clicks, and leaving by one click."""

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

from tests.integration.campaigns.conftest import Dispatch

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"}


def links_of(mail: EmailMessage) -> dict[str, str]:
    html = mail.get_body(("html",)).get_content()
    urls = re.findall(r'(?:href|src)="(http[^"]+)"', html)
    paths = [urlsplit(url).path for url in urls]
    return {re.sub(r"/([a-z])/(?:([a-z])/)?.*", r"\1\2", path): path for path in paths}


def test_openings_clicks_and_leaving_count_once_and_bind_at_once(dispatch: Dispatch) -> None:
    leads = [dispatch.lead(), dispatch.lead()]
    campaign = dispatch.campaign(leads)
    dispatch.start(campaign)
    dispatch.run()
    mail = next(mail for mail in dispatch.mails() if mail["To"].startswith("lead1@"))
    paths, gateway = links_of(mail), dispatch.owner.gateway
    opening, click = f"={paths['to']}", f"={paths['tc']}"
    assert opening.endswith(".gif")

    assert gateway.call("GET", opening, headers={"User-Agent": "Mozilla/5.0"}).headers["content-type"] == "image/gif"
    before = dispatch.get(campaign, "/stats")
    assert (before["opened"], before["opened_machine"]) == (0, 1)
    for _ in range(2):
        gateway.call("GET", opening, headers=BROWSER)
        answer = gateway.call("GET", click, headers=BROWSER)
        assert (answer.status, answer.headers["location"].partition("&utm_")[0]) == (
            302,
            "https://shop.example/a?x=1&y=Name1",
        )
    gateway.call("HEAD", click, headers=BROWSER)
    stats = dispatch.get(campaign, "/stats")
    assert (stats["opened"], stats["clicked"], stats["clicked_machine"]) == (1, 1, 1)
    assert stats["links"] == [{"url": "https://shop.example/a?x=1&y={{first_name}}", "clicks": 1}]

    for forged in (click[:-2] + "AA", f"=/t/c/{opening[5:-4]}", "=/t/c/https:%2F%2Fevil.example"):
        assert gateway.call("GET", forged).status == 404
    assert gateway.call("GET", "=/t/o/forged.gif").status == 200

    leave = f"={paths['u']}"
    assert mail["List-Unsubscribe"].endswith(f"{paths['u']}>")
    shown = gateway.call("GET", leave, headers={"Accept-Language": "de"})
    assert (shown.status, b"Abmelden" in shown.body) == (200, True)
    assert dispatch.get(campaign, "/stats")["unsubscribed"] == 0
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        assert gateway.call("POST", leave, b"List-Unsubscribe=One-Click", headers=form).status == 200
    assert dispatch.get(campaign, "/stats")["unsubscribed"] == 1
    events = [lead["event"] for lead in dispatch.owner.get(f"/leads/{leads[0]}/timeline").data]
    assert sorted(events) == ["opted_out", "sent", "unsubscribed"]

    again = dispatch.campaign(leads)
    dispatch.start(again)
    dispatch.run()
    assert dispatch.states(again) == {"sent": 1, "suppressed": 1}
    (suppressed,) = dispatch.get(again, "/deliveries?state=suppressed")
    assert (suppressed["lead_id"], suppressed["reason"]) == (leads[0], "unsubscribed")

    wish = f"={paths['p']}"
    assert b'value="out" checked' in gateway.call("GET", wish).body
    assert b'value="in" checked' in gateway.call("POST", wish, b"all=in", headers=form).body
    assert dispatch.owner.get("/audience/opt-outs").data == []
