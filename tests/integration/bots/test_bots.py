"""Connecting bots, over HTTP, with Telegram on loopback."""

import asyncio
import json

import pytest

from groundswell.bots.adapter_telegram import Telegram
from groundswell.bots.telegram import Button, Refused, Sent, Throttled, Unknown
from tests.receiver import Reply
from tests.telegram import refusal


def test_a_bot_is_tried_connected_and_told_where_to_post(ada, peer, bot, moto):
    where = f"https://api.acme.example/api/v1/bot/webhook/{bot['id']}"

    assert (bot["username"], bot["webhook_url"]) == ("acme_support_bot", where)
    assert peer.webhooks[peer.token]["url"] == where
    assert peer.webhooks[peer.token]["secret_token"] == bot["secret_shown_once"]
    stored = json.dumps(moto.items("core"))
    assert peer.token not in stored
    assert bot["secret_shown_once"] not in stored
    assert ada.get(f"/bots/{bot['id']}").data == {k: v for k, v in bot.items() if k != "secret_shown_once"}
    assert [bot["id"] for bot in ada.get("/bots").data] == [bot["id"]]


def test_a_wrong_token_and_a_refused_webhook_connect_nothing_and_say_why(ada, peer):
    wrong = ada.post("/bots", {"token": "1:wrong"})
    peer.trouble = lambda method, _: refusal(400, "Bad Request: bad webhook") if method == "setWebhook" else None
    refused = ada.post("/bots", {"token": peer.token})

    assert [(answer.status, answer.code, answer.json["error"]["field"]) for answer in (wrong, refused)] == [
        (400, "CREDENTIALS_REJECTED", "token")
    ] * 2
    assert "Unauthorized" in wrong.body.decode()
    assert "bad webhook" in refused.body.decode()
    assert ada.get("/bots").data == []


def test_an_account_is_connected_once_whoever_has_its_token(ada, people, peer, bot):
    assert [person.post("/bots", {"token": peer.token}).code for person in (ada, people.sign_up())] == [
        "BOT_EXISTS"
    ] * 2
    assert peer.webhooks[peer.token]["secret_token"] == bot["secret_shown_once"]

    assert ada.delete(f"/bots/{bot['id']}").status == 200
    assert peer.token not in peer.webhooks
    assert ada.post("/bots", {"token": peer.token}).status == 201


def test_changes_keep_what_is_absent_and_commands_are_in_the_menu(ada, peer, bot):
    at = f"/bots/{bot['id']}"
    changes = {"commands": [{"command": "/Hours", "reply": "9 to 5"}], "ai": {"enabled": True}, "handoff": False}

    answer = ada.put(at, changes)

    assert answer.data["commands"] == [{"command": "hours", "reply": "9 to 5", "description": "", "buttons": []}]
    assert (answer.data["name"], answer.data["ai"]["enabled"], answer.data["handoff"]["enabled"]) == (
        "Support",
        True,
        False,
    )
    assert peer.calls[-1] == "setMyCommands"
    assert ada.put(at, {"name": "Other"}).data["commands"] == answer.data["commands"]
    assert ada.put(at, {"name": "Third"}, headers={"If-Match": '"1"'}).status == 412


@pytest.mark.parametrize(
    "body",
    [
        {"commands": [{"command": "two words", "reply": "x"}]},
        {"commands": [{"command": "a", "reply": "x"}, {"command": "/a", "reply": "y"}]},
        {"commands": [{"command": "a", "reply": "x", "buttons": [{"text": "no end"}]}]},
        {"token": "../getMe"},
        {"ai": None},
    ],
)
def test_bad_input_is_refused(ada, bot, body):
    assert ada.put(f"/bots/{bot['id']}", body).status == 400


def test_a_reconnected_bot_has_another_secret(ada, peer, bot):
    answer = ada.post(f"/bots/{bot['id']}/reconnect")

    assert answer.data["secret_shown_once"] != bot["secret_shown_once"]
    assert peer.webhooks[peer.token]["secret_token"] == answer.data["secret_shown_once"]


def test_what_becomes_of_a_message(peer):
    troubles = iter(
        [
            None,
            refusal(429, "Too Many Requests: retry after 7", retry_after=7),
            refusal(403, "Forbidden: bot was blocked by the user"),
            Reply(502, body=b"<html>"),
            Reply(stall=True),
            refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100),
            None,
        ]
    )
    peer.trouble = lambda _method, _body: next(troubles)
    client = Telegram(peer.token, patience=1.5)

    async def send() -> object:
        return await client.send_message(
            1, "Hello", [[Button("Hours", "hours"), Button("Site", url="https://a.example")]]
        )

    outcomes = [asyncio.run(send()) for _ in range(6)]

    assert outcomes == [
        Sent(100),
        Throttled(7),
        Refused("blocked", permanent=True, text="Forbidden: bot was blocked by the user"),
        Unknown("HTTP 502 without JSON"),
        Unknown("no answer"),
        Sent(101),
    ]
    assert [message["chat_id"] for message in peer.sent] == [1, -100]
    assert peer.sent[0]["reply_markup"] == {
        "inline_keyboard": [[{"text": "Hours", "callback_data": "hours"}, {"text": "Site", "url": "https://a.example"}]]
    }


def test_telegram_that_is_not_there_was_not_reached(moto):
    moto.configure(TELEGRAM_URL="http://127.0.0.1:9")

    assert asyncio.run(Telegram("1:any").send_message(1, "Hello")) == Throttled(5)
