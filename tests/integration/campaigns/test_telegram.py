"""Broadcasts over Telegram, against a peer that refuses, asks for patience and says nothing."""

from collections.abc import Iterator

import pytest

from tests.backend import Backend
from tests.integration.campaigns.conftest import Dispatch
from tests.integration.campaigns.test_feedback import BROWSER
from tests.receiver import Reply
from tests.telegram import TelegramPeer, refusal, telegram


@pytest.fixture
def peer(moto: Backend) -> Iterator[TelegramPeer]:
    with telegram() as made:
        moto.configure(TELEGRAM_URL=made.url)
        yield made


def test_an_email_campaign_falls_back_to_telegram_for_those_without_an_address(
    dispatch: Dispatch, peer: TelegramPeer
) -> None:
    dispatch.backend.configure(TELEGRAM_URL=peer.url)
    owner = dispatch.owner
    chat = owner.post("/leads", {"first_name": "Cho", "identities": {"telegram_chat_id": "7900"}}).data["id"]
    both = dispatch.lead(identities={"telegram_chat_id": "7901"})
    campaign = dispatch.campaign([chat, both], fallback={"message": "Hi {{first_name}}, by chat"})
    assert dispatch.start(campaign).json["error"]["field"] == "fallback.bot_id"
    bot = owner.post("/bots", {"token": peer.token}).data["id"]
    assert dispatch.start(campaign).status == 202
    assert dispatch.get(campaign)["fallback"] == {"message": "Hi {{first_name}}, by chat", "bot_id": bot}
    dispatch.run()
    assert dispatch.states(campaign) == {"sent": 2}
    assert [(message["chat_id"], message["text"]) for message in peer.sent] == [(7900, "Hi Cho, by chat")]
    assert len(dispatch.mails()) == 1
    channels = {delivery["lead_id"]: delivery["channel"] for delivery in dispatch.get(campaign, "/deliveries")}
    assert channels == {chat: "telegram", both: None}
    assert owner.get(f"/leads/{chat}/timeline").data[0]["channel"] == "telegram"


def test_a_broadcast_reaches_everybody_once_and_explains_the_others(dispatch: Dispatch, peer: TelegramPeer) -> None:
    dispatch.backend.configure(TELEGRAM_URL=peer.url)
    owner = dispatch.owner
    made = owner.post(
        "/broadcast/campaign", {"name": "News", "message": "Hi {{first_name | you}}", "audience": {"all": True}}
    )
    campaign = made.data["id"]
    refused = owner.post(f"/broadcast/campaign/{campaign}/start")
    assert (refused.status, refused.json["error"]["field"]) == (400, "bot_id")
    bot = owner.post("/bots", {"token": peer.token}).data["id"]
    chats = {n: dispatch.lead(identities={"telegram_chat_id": str(7000 + n)}) for n in range(12)}
    impatient = iter([refusal(429, "Too Many Requests: retry after 300", retry_after=300)])

    def trouble(method: str, body: dict) -> Reply | None:
        if method != "sendMessage":
            return None
        match body["chat_id"]:
            case 7001:
                return refusal(403, "Forbidden: bot was blocked by the user")
            case 7002:
                return next(impatient, None)
            case 7003:
                return Reply(502, body=b"")
        return None

    peer.trouble = trouble
    started = owner.post(f"/broadcast/campaign/{campaign}/start")
    assert (started.status, started.data["queued"]) == (202, 12)
    assert owner.get(f"/broadcast/campaign/{campaign}").data["bot_id"] == bot
    dispatch.run()
    assert dispatch.get(campaign)["status"] == "sending"
    dispatch.sweep(campaign)

    assert sorted(message["chat_id"] for message in peer.sent) == [7000 + n for n in range(12) if n not in (1, 3)]
    assert {message["text"] for message in peer.sent} == {f"Hi Name{n}" for n in range(1, 13) if n not in (2, 4)}
    assert dispatch.states(campaign) == {"sent": 10, "failed": 1, "unknown": 1}
    log = owner.get(f"/broadcast/logs?campaign_id={campaign}&state=failed&state=unknown").data
    assert {entry["lead_id"]: entry["state"] for entry in log} == {chats[1]: "failed", chats[3]: "unknown"}
    assert owner.get("/broadcast/logs").data == owner.get(f"/broadcast/logs?campaign_id={campaign}").data
    (out,) = owner.get("/audience/opt-outs").data
    assert (out["reason"], out["telegram_chat_id"]) == ("unsubscribed", "7001")

    assert owner.post(f"/campaigns/{campaign}/retry-failed").status == 202
    dispatch.run()
    assert dispatch.states(campaign) == {"sent": 10, "suppressed": 1, "unknown": 1}
    assert len(peer.sent) == 10


def test_links_in_a_broadcast_lead_by_way_of_us_and_are_counted(dispatch: Dispatch, peer: TelegramPeer) -> None:
    dispatch.backend.configure(TELEGRAM_URL=peer.url)
    owner = dispatch.owner
    body = {"name": "News", "message": "Look: https://shop.example/new!", "audience": {"all": True}}
    campaign = owner.post("/broadcast/campaign", body).data["id"]
    owner.post("/bots", {"token": peer.token})
    dispatch.lead(identities={"telegram_chat_id": "7100"})
    owner.post(f"/broadcast/campaign/{campaign}/start")
    dispatch.run()
    (message,) = peer.sent
    (entity,) = message["entities"]
    assert message["text"] == "Look: https://shop.example/new!"
    assert (entity["type"], entity["offset"], entity["length"]) == ("text_link", 6, 24)
    path = entity["url"].removeprefix("https://api.groundswell.example")
    followed = owner.gateway.call("GET", f"={path}", headers=BROWSER)
    assert followed.status == 302
    assert followed.headers["location"].startswith(
        "https://shop.example/new?utm_source=groundswell&utm_medium=telegram"
    )
    stats = dispatch.get(campaign, "/stats")
    assert (stats["clicked"], stats["links"]) == (1, [{"url": "https://shop.example/new", "clicks": 1}])
