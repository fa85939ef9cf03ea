"""Posts over HTTP, published by the worker at a peer that behaves like the networks."""

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel import clock
from groundswell.kernel.clock import utc_now
from groundswell.schedules.timers import firing_body
from tests.backend import Backend
from tests.gateway import call_handler
from tests.people import People, Person
from tests.receiver import Reply
from tests.social import NetworkPeer, network
from tests.timers import due_timers
from tests.unit.media.files import mp4

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
X, LINKEDIN = "/communication/twitter", "/communication/linkedin"


def _png(note: bytes) -> bytes:
    """A pixel with a note in it."""
    chunk = b"tEXt" + b"note\0" + note
    noted = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return _PIXEL[:33] + noted + _PIXEL[33:]


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
    bodies = [item["body"]["S"] for item in items if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "social"]
    for body in bodies:
        _deliver(moto, body)


def _deliver(moto: Backend, body: str) -> None:
    call_handler(moto, "social_publisher", {"Records": [{"messageId": "1", "body": body}]})


def test_a_thread_survives_a_token_that_ends_a_silence_and_a_rush_and_is_watched_for_three_days(
    moto, peer, ada
) -> None:
    account = _connect(ada, X, refresh_token="r", expires_at="2099-01-01T00:00:00Z")
    files = [_upload(ada, note) for note in (b"one", b"two")]
    texts, client_id = ["one", "two & more", "three https://example.com", "four", "five"], ada.client_id
    post = ada.post(f"{X}/content", {"account_id": account, "thread": texts, "media_ids": files}).data
    assert [part["length"] for part in post["parts"]] == [3, 10, 29, 4, 4]
    peer.silent, peer.hangs_up = {2}, True
    rushed = Reply(429, {"x-rate-limit-reset": str(int(datetime.now(UTC).timestamp()) + 60)}, b"{}")
    peer.trouble = _troubles(peer, rushed)

    assert ada.post(f"{X}/content/{post['id']}/publish").status == 202
    _work(moto)
    assert ada.put(f"{X}/content/{post['id']}", {"text": "other"}).code == "POST_CLOSED"
    for minutes in (2, 4, 6):
        clock.set_offset(timedelta(minutes=minutes))
        _fire(moto, client_id, "social.publish")
        _work(moto)
    done = ada.get(f"{X}/content/{post['id']}").data
    assert done["status"] == "published", done
    assert [post["text"] for post in peer.posts] == texts
    assert peer.posts[0]["media"] == {"media_ids": ["m0", "m1"]}
    assert [post.get("reply", {}).get("in_reply_to_tweet_id") for post in peer.posts] == [None, "1", "2", "3", "4"]
    assert ada.get(f"{X}/accounts").data[0]["budget"]["remaining"] == peer.room

    looks = (6, 30, 54, 72)
    published = datetime.fromisoformat(done["published_at"])
    for hours in looks:
        clock.set_offset(published + timedelta(hours=hours) - datetime.now(UTC))
        peer.likes = hours
        _fire(moto, client_id, "social.look", times=2)
    clock.set_offset(timedelta())

    named = ada.get(f"{X}/engagement/{peer.posts[1]['id']}").data
    assert named == ada.get(f"{X}/engagement/{post['id']}").data
    assert [snapshot["likes"] for snapshot in named["snapshots"]] == [hours * 5 for hours in looks]
    assert ada.get(f"{X}/engagement").data["totals"] == {
        "impressions": None,
        "likes": 72 * 5,
        "comments": 5,
        "shares": 5,
        "clicks": None,
        "leads": 0,
    }


def _fire(moto: Backend, client_id: str, kind: str, times: int = 1) -> None:
    """What is set goes off, so often."""
    for firing in due_timers(moto, client_id, kind):
        for _ in range(times):
            _deliver(moto, firing_body(firing))


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


def _upload(ada: Person, note: bytes) -> str:
    return _upload_file(ada, X, "a.png", _png(note))


def _upload_file(ada: Person, base: str, name: str, content: bytes) -> str:
    boundary = "b0undary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n",
        f"--{boundary}--\r\n".encode(),
    ]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Authorization": f"Bearer {ada.token}"}
    answer = ada.gateway.call("POST", f"{base}/media", b"".join(parts), headers=headers)
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
    counts = {"impressions": None, "likes": 4, "comments": 2, "shares": None, "clicks": None}
    assert summary["totals"] == {**counts, "leads": 0}
    one = ada.get(f"{LINKEDIN}/engagement/{post['id']}").data
    assert [snapshot["likes"] for snapshot in one["snapshots"]] == [4]
    assert ada.get(f"{LINKEDIN}/content?status=published").data[0]["parts"][0]["url"].endswith("urn:li:share:1")


@pytest.mark.parametrize(
    ("name", "content", "uploads"),
    [("a.png", _png(b"linkedin"), ["image"]), ("a.mp4", mp4(), ["piece0", "piece1"])],
)
def test_linkedins_files_are_asked_for_until_they_are_available(
    moto, peer, ada, monkeypatch, name, content, uploads
) -> None:
    async def sleep(_seconds: float) -> None:
        pass

    monkeypatch.setattr("groundswell.social.publishing.asyncio.sleep", sleep)
    peer.states = ["PROCESSING", "PROCESSING", "AVAILABLE"]
    account, media_id = _connect(ada, LINKEDIN), _upload_file(ada, LINKEDIN, name, content)
    body = {"account_id": account, "text": f"With {name}", "media_ids": [media_id]}
    post = ada.post(f"{LINKEDIN}/content", body).data

    ada.post(f"{LINKEDIN}/content/{post['id']}/publish")
    _work(moto)

    [published] = peer.posts
    assert (peer.uploads, peer.states) == (uploads, ["AVAILABLE"])
    assert published["content"]["media"]["id"].startswith("urn:li:")
    assert ada.get(f"{LINKEDIN}/content/{post['id']}").data["status"] == "published"


def test_a_file_that_linkedin_cannot_process_fails_the_post_with_words(moto, peer, ada) -> None:
    peer.states = ["PROCESSING_FAILED"]
    account, media_id = _connect(ada, LINKEDIN), _upload_file(ada, LINKEDIN, "b.png", _png(b"broken"))
    post = ada.post(f"{LINKEDIN}/content", {"account_id": account, "text": "No", "media_ids": [media_id]}).data

    ada.post(f"{LINKEDIN}/content/{post['id']}/publish")
    _work(moto)

    failed = ada.get(f"{LINKEDIN}/content/{post['id']}").data
    assert (failed["status"], failed["error"]["message"]) == ("failed", "LinkedIn could not process the image")
    assert peer.posts == []


def test_a_post_costs_four_aws_calls_beside_the_networks(moto, peer, ada, calls) -> None:
    account = _connect(ada, X, refresh_token="r", expires_at="2099-01-01T00:00:00Z")
    post = ada.post(f"{X}/content", {"account_id": account, "text": "Hi", "scheduled_at": "2099-01-01T00:00:00Z"}).data
    (firing,) = due_timers(moto, ada.client_id, "social.publish")

    with calls.counted() as made:
        _deliver(moto, firing_body(firing))

    assert made == ["BatchGetItem", "TransactWriteItems", "Decrypt", "TransactWriteItems"]
    assert ada.get(f"{X}/content/{post['id']}").data["status"] == "published"


def test_a_comment_follows_the_post_at_linkedin_and_an_old_version_is_told_in_words(moto, peer, ada) -> None:
    account = _connect(ada, LINKEDIN)
    body = {"account_id": account, "text": "Hi", "first_comment": "More: https://example.com"}
    post = ada.post(f"{LINKEDIN}/content", body).data
    ada.post(f"{LINKEDIN}/content/{post['id']}/publish")
    _work(moto)
    peer.version = "209901"
    late = ada.post(f"{LINKEDIN}/content", {"account_id": account, "text": "Later"}).data
    ada.post(f"{LINKEDIN}/content/{late['id']}/publish")
    _work(moto)

    assert ada.get(f"{LINKEDIN}/content/{post['id']}").data["status"] == "published"
    assert [(comment["on"], comment["message"]["text"]) for comment in peer.comments] == [
        ("urn:li:share:1", "More: https://example.com")
    ]
    failed = ada.get(f"{LINKEDIN}/content/{late['id']}").data
    assert (failed["status"], failed["error"]["message"]) == ("failed", "Requested version is not active")
    assert ada.get(f"{LINKEDIN}/accounts").data[0]["budget"]["remaining"] == 148


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
        ({"text": "Hi", "scheduled_at": "2099-01-01T00:00:00"}, "scheduled_at"),
        ({"text": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 141}, "text"),
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

    assert ada.post(f"{X}/content/{post['id']}/approve").code == "OWN_WORK"
    assert ada.post(f"{X}/content/{post['id']}/publish").code == "AWAITS_APPROVAL"
    assert ada.post(f"{X}/content", body).code == "DUPLICATE_POST"
    assert ada.delete(f"{X}/accounts/{account}").code == "IN_USE"
    assert ada.delete(f"{X}/content/{post['id']}").data["status"] == "cancelled"
    assert ada.post(f"{X}/content", body).status == 201


def test_two_others_approve_what_was_written_last_and_whoever_wrote_that_is_none_of_them(peer, ada, people) -> None:
    account = _connect(ada, X)
    others = [people.member_of(ada) for _ in range(3)]
    for other in others:
        ada.post(f"/clients/{ada.client_id}/members", {"user_id": other.id, "role": "editor"})
    body = {"account_id": account, "text": "Hello", "scheduled_at": "2099-01-01T00:00:00Z", "approval": {"required": 2}}
    post = ada.post(f"{X}/content", body).data
    path = f"{X}/content/{post['id']}"

    first = others[0].post(f"{path}/approve").data
    assert (first["status"], first["approvals_missing"]) == ("pending_approval", 1)
    assert others[0].post(f"{path}/approve").data["version"] == first["version"]
    edited = others[0].put(path, {"text": "Hello, all"}).data
    assert (edited["status"], edited["approvals_missing"]) == ("pending_approval", 2)
    assert others[0].post(f"{path}/approve").code == "OWN_WORK"
    assert others[1].post(f"{path}/approve").data["approvals_missing"] == 1
    done = others[2].post(f"{path}/approve").data
    assert (done["status"], done["approved_by"], len(done["decisions"])) == ("scheduled", others[2].id, 3)


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
    assert all(time[11:16] in ("07:00", "08:00") for time in times)


def test_many_posts_are_written_at_once_each_for_itself_and_each_in_a_slot_of_its_own(peer, ada) -> None:
    account = _connect(ada, X)
    slots = {day: ["09:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    ada.put(f"{X}/accounts/{account}", {"queue": {"slots": slots}})
    bodies = [{"account_id": account, "text": text, "queue": True} for text in ("one", "two", "x" * 281, "one")]

    with ThreadPoolExecutor(2) as pool:
        alone = pool.submit(ada.post, f"{X}/content", {"account_id": account, "text": "alone", "queue": True})
        outcomes = ada.post(f"{X}/content/bulk", {"posts": bodies}).data
    made = [outcome["post"]["scheduled_at"] for outcome in outcomes if outcome["post"]]

    assert [outcome["error"] and (outcome["error"]["code"], outcome["error"]["field"]) for outcome in outcomes] == [
        None,
        None,
        ("VALIDATION_ERROR", "text"),
        ("DUPLICATE_POST", None),
    ]
    assert len({*made, alone.result().data["scheduled_at"]}) == 3
    assert ada.delete(f"{X}/content/{outcomes[0]['post']['id']}").status == 200
    again = ada.post(f"{X}/content", {"account_id": account, "text": "one", "queue": True}).data
    assert again["scheduled_at"] == made[0]


def test_a_short_link_counts_people_and_says_to_the_page_which_post_it_was(moto, peer, ada) -> None:
    account = _connect(ada, X)
    url = "https://www.example.com/offer?utm_source=mine"
    post = ada.post(f"{X}/content", {"account_id": account, "text": f"Look: {url}!", "short_links": True}).data
    (link,) = post["links"]
    ada.post(f"{X}/content/{post['id']}/publish")
    _work(moto)
    path = link["short_url"].removeprefix("https://api.acme.example")

    answers = [
        ada.gateway.get(f"={path}", headers={"User-Agent": agent})
        for agent in ("Mozilla/5.0 (X11) Gecko", "Twitterbot/1.0")
    ]

    assert [answer.status for answer in answers] == [302, 302], answers[0].body
    assert peer.posts[0]["text"] == f"Look: {link['short_url']}!"
    assert post["parts"][0]["text"] == f"Look: {url}!"
    assert {answer.headers["location"] for answer in answers} == {
        f"{url}&utm_medium=social&utm_campaign={post['id']}&social_post={post['id']}"
    }
    assert ada.get(f"{X}/content/{post['id']}").data["links"] == [{**link, "clicks": 1}]
    assert ada.gateway.get("=/t/s/AAAAAAAAAAAA").status == 404


def test_a_lead_who_came_by_a_post_counts_for_it_once(moto, peer, ada) -> None:
    body = {"account_id": _connect(ada, X), "text": "Look: https://www.example.com/w", "short_links": True}
    post = ada.post(f"{X}/content", body).data
    ada.post(f"{X}/content/{post['id']}/publish")
    _work(moto)
    (look, *_) = due_timers(moto, ada.client_id, "social.look")
    _deliver(moto, firing_body(look))
    wanted = {"starts_at": "2098-03-01T15:00:00Z", "status": "published"}
    webinars = [ada.post("/business/webinars", {"title": title, **wanted}).data for title in ("One", "Two")]

    for webinar in webinars:  # the same person twice, another one, and one who says a post that there is not
        for email, named in (("ada@x.example", post["id"]), ("bob@x.example", post["id"]), ("eve@x.example", "x")):
            visitor = {"email": email, "attribution": {"social_post": named}}
            ada.gateway.post(f"/business/webinars/{webinar['id']}/register", visitor)
    rows = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "business"]
    for row in [*rows, *rows]:
        call_handler(moto, "business", {"Records": [{"messageId": "1", "body": row["body"]["S"]}]})

    assert ada.get(f"{X}/content/{post['id']}").data["leads"] == 2
    assert [shown["leads"] for shown in ada.get(f"{X}/content").data] == [2]
    summary = ada.get(f"{X}/engagement").data
    assert (summary["totals"]["leads"], summary["posts"][0]["leads"]) == (2, 2)
    assert ada.get(f"{X}/engagement/{post['id']}").data["leads"] == 2


def test_who_cannot_renew_a_token_is_told_a_week_before_and_at_its_end(moto, peer, ada) -> None:
    client_id, ends = ada.client_id, utc_now() + timedelta(days=60)
    _connect(ada, LINKEDIN, expires_at=clock.rfc3339(ends))
    for days in (54, 61):
        clock.set_offset(timedelta(days=days))
        _fire(moto, client_id, "social.refresh", times=2)
    clock.set_offset(timedelta())

    (account,) = ada.get(f"{LINKEDIN}/accounts").data
    bodies = [item["body"]["S"] for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    assert (account["status"], account["error"]) == ("needs_reauth", "the token ended")
    assert len([body for body in bodies if "has to be connected again by" in body]) == 1
    assert len([body for body in bodies if "social_account.needs_reauth" in body]) == 1


def test_posts_to_linkedin_go_out_at_nine_in_the_accounts_zone_before_and_after_its_clocks_change(
    moto, peer, people
) -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=UTC)
    clock.set_offset(friday - datetime.now(UTC))
    ada = people.sign_up()
    account, slots = _connect(ada, LINKEDIN), {day: ["09:00"] for day in ("sat", "sun", "mon")}
    ada.put(f"{LINKEDIN}/accounts/{account}", {"queue": {"timezone": "Europe/Berlin", "slots": slots}})
    posts = [
        ada.post(f"{LINKEDIN}/content", {"account_id": account, "text": text, "queue": True}).data
        for text in ("one", "two", "three")
    ]
    client_id, gone = ada.client_id, []
    for firing in due_timers(moto, client_id, "social.publish"):
        clock.set_offset(firing.due - datetime.now(UTC))
        for _ in range(2):
            _deliver(moto, firing_body(firing))
        gone.append(f"{firing.due:%a %H:%M}")
    clock.set_offset(timedelta())

    assert [post["scheduled_at"][5:16] for post in posts] == ["03-27T08:00", "03-28T07:00", "03-29T07:00"]
    assert gone == ["Sat 08:00", "Sun 07:00", "Mon 07:00"]
    assert [post["commentary"] for post in peer.posts] == ["one", "two", "three"]


def test_the_approvers_it_names_decide_stage_by_stage_and_nobody_else(moto, peer, ada, people) -> None:
    account = _connect(ada, X)
    lawyer, chief, editor = (people.member_of(ada) for _ in range(3))
    for person, role in ((lawyer, "member"), (chief, "member"), (editor, "editor")):
        ada.post(f"/clients/{ada.client_id}/members", {"user_id": person.id, "role": role})
    stages = [{"name": "law", "approvers": [lawyer.id]}, {"name": "board", "approvers": [chief.id]}]
    body = {"account_id": account, "text": "Merger", "scheduled_at": "2099-01-01T00:00:00Z"}
    post = ada.post(f"{X}/content", {**body, "approval": {"stages": stages}}).data
    path = f"{X}/content/{post['id']}"

    assert (post["review"]["stage"], post["review"]["approvers"]) == (0, [lawyer.id, chief.id])
    for nobody in (chief, editor):
        assert nobody.post(f"{path}/approve").code == "NOT_AN_APPROVER"
    assert lawyer.post(f"{path}/approve", {"revision": 2}).code == "OLDER_VERSION"
    assert _notified(moto, post["id"]) == [lawyer.id]
    first = lawyer.post(f"{path}/approve", {"comment": "Fine", "revision": 1}).data
    assert sorted(_notified(moto, post["id"])) == sorted([lawyer.id, chief.id])
    assert (first["status"], first["review"]["stage"]) == ("pending_approval", 1)
    back = chief.post(f"{path}/reject", {"reason": "Not today"}).data
    assert (back["status"], back["decisions"][-1]["reason"]) == ("draft", "Not today")
    ada.put(path, {"text": "Merger, at last", "scheduled_at": "2099-01-02T00:00:00Z"})
    lawyer.post(f"{path}/approve")
    assert chief.post(f"{path}/approve").data["status"] == "scheduled"

    unknown = ada.post(f"{X}/content", {**body, "text": "x", "approval": {"approvers": ["nobody"]}})
    assert unknown.json["error"]["field"] == "approval.approvers"
    alone = ada.post(f"{X}/content", {**body, "text": "x", "approval": {"approvers": [ada.id]}})
    assert alone.json["error"]["field"] == "approval.required"


def _notified(moto: Backend, post_id: str) -> list[str]:
    """Whom the outbox tells of the post."""
    rows = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    notices = [json.loads(row["body"]["S"]) for row in rows if row["queue"]["S"] == "notifications"]
    return [person for notice in notices if notice["object_id"] == post_id for person in notice["user_ids"]]
