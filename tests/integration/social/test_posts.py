"""Posts over HTTP, published by the worker at a peer that behaves like the networks."""

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel import clock
from groundswell.kernel.clock import utc_now
from tests.backend import Backend
from tests.gateway import call_handler
from tests.people import People, Person
from tests.receiver import Reply
from tests.social import NetworkPeer, network

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
X, LINKEDIN = "/communication/twitter", "/communication/linkedin"


@pytest.fixture
def peer(moto: Backend) -> Iterator[NetworkPeer]:
    with network() as made:
        moto.configure(X_URL=made.url, LINKEDIN_URL=made.url, X_CLIENT_ID="ours", PUBLIC_URL="https://api.acme.example")
        yield made


@pytest.fixture
def ada(people: People) -> Person:
    return people.sign_up()


def _connect(ada: Person, base: str, **more: str) -> str:
    answer = ada.post(f"{base}/accounts", {"credentials": {"access_token": "t", **more}})
    assert answer.status == 201, answer.body
    return answer.data["id"]


def _work(moto: Backend) -> None:
    """What the outbox and the timers hold for the publisher, delivered once."""
    items = moto.items("core")
    asked = [item["body"]["S"] for item in items if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "social"]
    for body in asked:
        _deliver(moto, body)


def _deliver(moto: Backend, body: str) -> None:
    call_handler(moto, "social_publisher", {"Records": [{"messageId": "1", "body": body}]})


def _again(moto: Backend, post: dict, client_id: str) -> None:
    """Its timer goes off."""
    row = moto.item("core", f"SOCIALPOST#{client_id}#{post['id']}", "POST")
    assert row
    payload = {"attempt": int(row["attempt"]["N"])}
    due = clock.rfc3339(utc_now())
    names = {"tenant": client_id, "kind": "social.publish", "key": post["id"], "due": due}
    _deliver(moto, json.dumps({**names, "late_seconds": 0, "missed": False, "payload": payload}))


def test_a_thread_survives_a_token_that_ends_a_silence_and_a_rush(moto, peer, ada) -> None:
    account = _connect(ada, X, refresh_token="r", expires_at="2099-01-01T00:00:00Z")
    files = [_upload(ada, note) for note in (b"one", b"two")]
    texts = ["one", "two & more", "three https://example.com", "four", "five"]
    post = ada.post(f"{X}/content", {"account_id": account, "thread": texts, "media_ids": files}).data
    assert [part["length"] for part in post["parts"]] == [3, 10, 29, 4, 4]
    peer.silent = {2}
    rushed = Reply(429, {"x-rate-limit-reset": str(int(datetime.now(UTC).timestamp()) + 60)}, b"{}")
    peer.trouble = _troubles(peer, rushed)

    assert ada.post(f"{X}/content/{post['id']}/publish").status == 202
    _work(moto)
    for minutes in (2, 4, 6):
        clock.set_offset(timedelta(minutes=minutes))
        _again(moto, post, ada.client_id)
        _work(moto)
    clock.set_offset(timedelta())

    done = ada.get(f"{X}/content/{post['id']}").data
    assert done["status"] == "published", done
    assert [each["text"] for each in peer.posts] == texts
    assert peer.posts[0]["media"] == {"media_ids": ["m0", "m1"]}
    assert [each.get("reply", {}).get("in_reply_to_tweet_id") for each in peer.posts] == [None, "1", "2", "3", "4"]


def _troubles(peer: NetworkPeer, rushed: Reply):
    """The token ends after the second publication; there is no room before the fourth, once."""
    ended, full = [False], [False]

    def trouble(path: str, _calls: int) -> Reply | None:
        if path != "/2/tweets":
            return None
        if len(peer.posts) == 2 and not ended[0]:
            ended[0] = True
            return Reply(401, body=b"{}")
        if len(peer.posts) == 3 and not full[0]:
            full[0] = True
            return rushed
        return None

    return trouble


def _png(note: bytes) -> bytes:
    """A pixel with a note in it."""
    chunk = b"tEXt" + b"note\0" + note
    noted = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return _PIXEL[:33] + noted + _PIXEL[33:]


def _upload(ada: Person, note: bytes) -> str:
    boundary = "b0undary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'.encode(),
        b"Content-Type: image/png\r\n\r\n" + _png(note) + b"\r\n",
        f"--{boundary}--\r\n".encode(),
    ]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Authorization": f"Bearer {ada.token}"}
    answer = ada.gateway.call("POST", f"{X}/media", b"".join(parts), headers=headers)
    assert answer.status == 201, answer.body
    return answer.data["id"]


def test_linkedin_gets_reserved_characters_escaped_and_tells_how_a_post_did(moto, peer, ada) -> None:
    account = _connect(ada, LINKEDIN)
    post = ada.post(f"{LINKEDIN}/content", {"account_id": account, "text": "50% (now)"}).data
    ada.post(f"{LINKEDIN}/content/{post['id']}/publish")
    _work(moto)
    due = clock.rfc3339(utc_now())
    names = {"tenant": ada.client_id, "kind": "social.look", "key": post["id"], "due": due}
    for _ in range(2):
        _deliver(moto, json.dumps({**names, "late_seconds": 0, "missed": False, "payload": {}}))

    assert peer.posts[0]["commentary"] == "50% \\(now\\)"
    summary = ada.get(f"{LINKEDIN}/engagement").data
    assert summary["totals"] == {"impressions": None, "likes": 4, "comments": 2, "shares": None, "clicks": None}
    one = ada.get(f"{LINKEDIN}/engagement/{post['id']}").data
    assert [each["likes"] for each in one["snapshots"]] == [4]
    assert ada.get(f"{LINKEDIN}/content?status=published").data[0]["parts"][0]["url"].endswith("urn:li:share:1")


def test_without_an_app_at_the_network_only_tokens_connect(peer, ada) -> None:
    answer = ada.post(f"{LINKEDIN}/accounts", {})

    assert (answer.status, answer.code) == (409, "NETWORK_NOT_CONFIGURED")


def test_tokens_that_the_network_rejects_are_not_kept(peer, ada) -> None:
    answer = ada.post(f"{X}/accounts", {"credentials": {"access_token": "stolen"}})

    assert (answer.status, answer.code) == (400, "CREDENTIALS_REJECTED")
    assert ada.get(f"{X}/accounts").data == []


def test_somebody_lets_us_in_at_the_network_once(peer, ada) -> None:
    begun = ada.post(f"{X}/accounts", {})
    assert begun.status == 200
    state = begun.data["authorize_url"].partition("state=")[2].partition("&")[0]

    first = ada.gateway.get(f"{X}/callback?state={state}&code=c")
    again = ada.gateway.get(f"{X}/callback?state={state}&code=c")

    assert first.data[0]["handle"] == "@acme"
    assert (again.status, ada.gateway.get(f"{X}/callback?state={state}").status) == (400, 400)
    assert len(ada.get(f"{X}/accounts").data) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x" * 281}, "text"),
        ({"thread": ["fine", "x" * 281]}, "thread.1"),
        ({"text": "Hi", "media_ids": ["nothing"]}, "media_ids"),
        ({"text": ""}, "text"),
        ({"text": "Hi", "scheduled_at": "2020-01-01T00:00:00Z"}, "scheduled_at"),
        ({"text": "Hi", "queue": True}, "queue"),
        ({"text": "Hi", "colour": "red"}, "colour"),
    ],
)
def test_what_the_network_would_refuse_is_refused_when_it_is_written(peer, ada, body, field) -> None:
    answer = ada.post(f"{X}/content", {"account_id": _connect(ada, X), **body})

    assert answer.status == 400
    assert answer.json["error"]["details"]["errors"][0]["field"] == field


def test_nobody_approves_what_they_wrote_and_the_same_text_is_not_scheduled_twice(peer, ada, people) -> None:
    account = _connect(ada, X)
    body = {"account_id": account, "text": "Hi", "scheduled_at": "2099-01-01T00:00:00Z", "approval": True}
    post = ada.post(f"{X}/content", body).data
    assert post["status"] == "pending_approval"

    assert ada.post(f"{X}/content/{post['id']}/approve").status == 403
    assert ada.post(f"{X}/content/{post['id']}/publish").code == "AWAITS_APPROVAL"
    assert ada.post(f"{X}/content", body).code == "DUPLICATE_POST"
    assert ada.delete(f"{X}/accounts/{account}").code == "IN_USE"
    assert ada.delete(f"{X}/content/{post['id']}").data["status"] == "cancelled"
    assert ada.post(f"{X}/content", body).status == 201


def test_a_queue_gives_each_post_its_own_slot(peer, ada) -> None:
    account = _connect(ada, X)
    slots = {day: ["09:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    changed = ada.put(f"{X}/accounts/{account}", {"queue": {"timezone": "Europe/Berlin", "slots": slots}})
    assert changed.status == 200, changed.body

    times = [
        ada.post(f"{X}/content", {"account_id": account, "text": text, "queue": True}).data["scheduled_at"]
        for text in ("one", "two")
    ]

    assert times[0] < times[1]
    assert all(each[11:16] in ("07:00", "08:00") for each in times)
