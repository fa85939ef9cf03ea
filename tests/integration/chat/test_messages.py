"""Messages and their threads, over HTTP."""

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from groundswell.chat.adapter_line import DynamoLine
from groundswell.chat.drafts import Draft
from groundswell.chat.line import Line
from groundswell.chat.model import Participant
from groundswell.chat.sending import Sending, Ways
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.ids import new_id
from groundswell.schedules.items import timer_key
from groundswell.schedules.store import set_timer
from tests.people import Person

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def texts(answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [message["text"] for message in answer.data]


def test_a_message_begins_a_thread_and_is_found_from_every_side(ada, send):
    first = send("Where is my order?")
    second = send("It is late", thread_id=first["thread_id"])

    assert (first["sequence"], first["status"], first["role"], first["reply_status"], first["reply"]) == (
        1,
        "stored",
        "user",
        "none",
        None,
    )
    assert second["sequence"] == 2
    history = ada.get(f"/chat/history?thread_id={first['thread_id']}")
    assert texts(history) == texts(ada.get(f"/chat/history?user_id={ada.id}")) == ["Where is my order?", "It is late"]
    assert history.json["meta"]["total"] == 2
    assert ada.get(f"/chat/message/{second['message_id']}").data["text"] == "It is late"
    (thread,) = ada.get("/chat/threads").data
    assert (thread["id"], thread["subject"], thread["user_id"], thread["unread"], thread["message_count"]) == (
        first["thread_id"],
        "Where is my order?",
        ada.id,
        0,
        2,
    )
    assert thread["last_message"]["text"] == "It is late"


def test_what_is_sent_again_is_the_same_message_and_another_text_is_refused(ada, send):
    first = send("Hello", client_message_id="a")

    assert send("Hello", client_message_id="a")["message_id"] == first["message_id"]
    assert send("Hello", client_message_id="a", thread_id=first["thread_id"])["sequence"] == 1
    other = ada.post("/chat/send", {"message": "Bye", "client_message_id": "a"})
    assert (other.status, other.code) == (409, "CLIENT_MESSAGE_ID_REUSED")
    assert ada.get("/chat/history").json["meta"]["total"] == 1


def test_a_message_costs_two_calls_beside_the_edges(ada, send, calls):
    thread = send()["thread_id"]
    with calls.counted() as made:
        send("Again", thread_id=thread, client_message_id="b")
    with calls.counted() as read:
        ada.get(f"/chat/history?thread_id={thread}&offset=1")

    assert made[-2:] == ["BatchGetItem", "TransactWriteItems"]
    assert read[-2:] == ["GetItem", "Query"]


def test_many_who_write_at_once_are_all_in_order_without_a_gap(emulator):
    ways = Ways(utc_now, new_id, set_timer, lambda *_: None, patience=50)  # the machine may be busy
    crowd = Sending(DynamoChatStore(), Line(DynamoLine(), utc_now), ways)
    who = Participant("crowd", "org", "ada", is_agent=True)
    thread = crowd.send(who, Draft("first"))[1].id

    def write(number: int) -> int:
        draft = Draft(f"m{number}", thread, client_message_id=f"m{number // 2}") if number % 2 else None
        draft = draft or Draft(f"m{number + 1}", thread, client_message_id=f"m{number // 2}")
        return crowd.send(who, draft)[0].sequence

    with ThreadPoolExecutor(16) as pool:
        sequences = list(pool.map(write, range(80)))

    kept = list(DynamoChatStore().messages("crowd", thread, 1))
    assert [message.sequence for message in kept] == list(range(1, 42))
    assert sorted(sequences) == sorted([*range(2, 42)] * 2)
    assert len({message.text for message in kept}) == 41


def test_users_see_their_own_threads_agents_the_clients_and_others_nothing(ada, colleague, people, send, visitor):
    member, editor, stranger = colleague("member"), colleague("editor"), people.sign_up()
    on = {"X-Client-Id": ada.client_id}
    mine = send("Secret")
    theirs = send("Mine", by=member)
    visited = visitor.post("/chat/send", {"message": "Hi"}).data

    for who in (member, stranger):
        for path in (f"/chat/history?thread_id={mine['thread_id']}", f"/chat/message/{mine['message_id']}"):
            assert who.get(path, headers=on).status == 404
        refused = who.post("/chat/send", {"message": "x", "thread_id": mine["thread_id"]}, headers=on)
        assert refused.status == 404
    assert visitor.get(f"/chat/message/{mine['message_id']}").status == 404
    assert texts(member.get(f"/chat/history?user_id={ada.id}", headers=on)) == []
    assert [thread["id"] for thread in member.get("/chat/threads", headers=on).data] == [theirs["thread_id"]]
    assert [thread["id"] for thread in visitor.get("/chat/threads").data] == [visited["thread_id"]]
    assert len(editor.get("/chat/threads", headers=on).data) == 3
    answered = send("How can I help?", by=editor, thread_id=visited["thread_id"])
    assert (answered["role"], answered["sequence"]) == ("agent", 2)
    assert [message["role"] for message in visitor.get("/chat/history").data] == ["user", "agent"]


def test_a_file_of_a_message_is_in_use_by_its_thread(ada, send):
    boundary = "b0undary"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    body = part.encode() + b"Content-Type: image/png\r\n\r\n" + PIXEL + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Authorization": f"Bearer {ada.token}"}
    file = ada.gateway.call("POST", "/content/media", body, headers=headers).data

    sent = send("Look", attachments=[file["id"]])

    assert [attachment["media_id"] for attachment in sent["attachments"]] == [file["id"]]
    used = ada.get(f"/content/media/{file['id']}").data["used_by"]
    assert used == [{"type": "chat_thread", "id": sent["thread_id"]}]
    assert ada.delete(f"/content/media/{file['id']}").code == "IN_USE"


def test_a_token_of_nobody_opens_nothing(gateway, ada, visitor):
    for token in ("garbage", visitor.token[:-2] + "xx"):
        assert gateway.get("/chat/threads", token=token).status == 401
    assert visitor.get("/chat/threads", headers={"X-Client-Id": "other"}).status == 404
    assert visitor.get("/leads").status == 401
    assert gateway.post("/chat/visitors", {"client_id": "nobody"}).status == 404


def test_a_thread_is_archived_assigned_read_rated_and_handed_over(ada, colleague, send, visitor):
    editor, member = colleague("editor"), colleague("member")
    on = {"X-Client-Id": ada.client_id}
    thread = visitor.post("/chat/send", {"message": "Help"}).data["thread_id"]
    at = f"/chat/threads/{thread}"

    assert ada.get(at).data["unread"] == 1
    assert ada.post(f"{at}/read").data["unread"] == 0
    assert visitor.post(f"{at}/assign", {"assignee_id": None}).status == 403
    assert ada.post(f"{at}/assign", {"assignee_id": "nobody"}).status == 400
    assert member.get(at, headers=on).status == 404
    assert ada.post(f"{at}/assign", {"assignee_id": member.id}).data["assignee_id"] == member.id
    assert member.get(at, headers=on).status == 200
    assert visitor.post(f"{at}/handoff").data["answering"] == "people"
    assert editor.post(f"{at}/handoff", {"to": "assistant"}, headers=on).data["answering"] == "assistant"
    assert (visitor.post(f"{at}/rate", {"rating": 5}).data["rating"], ada.post(f"{at}/rate", {"rating": 1}).status) == (
        5,
        403,
    )
    assert visitor.post(f"{at}/rate", {"rating": 6}).status == 400
    assert ada.post(f"{at}/archive").data["status"] == "archived"
    assert (visitor.get("/chat/threads").data, len(visitor.get("/chat/threads?status=archived").data)) == ([], 1)
    assert ada.post(f"{at}/unarchive").data["status"] == "active"
    ada.post(f"{at}/archive")
    visitor.post("/chat/send", {"message": "Again", "thread_id": thread})
    assert ada.get(at).data["status"] == "active"


def test_a_scheduled_message_comes_at_its_time_once_and_a_cancelled_one_never(ada, send, worker, advance):
    thread = send()["thread_id"]
    at = rfc3339(utc_now() + timedelta(minutes=9))
    later = send("Reminder", thread_id=thread, send_at=at)
    never = send("Never", thread_id=thread, send_at=at)
    ada.post(f"/chat/message/{never['message_id']}/cancel")

    assert (later["status"], later["sequence"]) == ("scheduled", None)
    assert texts(ada.get(f"/chat/history?thread_id={thread}")) == ["Hello"]
    assert texts(ada.get(f"/chat/history?thread_id={thread}&status=scheduled")) == ["Reminder"]
    assert worker.backend.item("core", *timer_key(ada.client_id, "chat.later", later["message_id"]))
    assert not worker.backend.item("core", *timer_key(ada.client_id, "chat.later", never["message_id"]))

    advance(minutes=9)
    firings = [
        json.dumps({"tenant": ada.client_id, "kind": "chat.later", "key": message["message_id"]})
        for message in (later, never)
    ]
    assert worker.deliver(*firings, *firings) == []

    assert texts(ada.get(f"/chat/history?thread_id={thread}")) == ["Hello", "Reminder"]
    assert ada.get(f"/chat/message/{later['message_id']}").data["sequence"] == 2
    assert ada.post(f"/chat/message/{later['message_id']}/cancel").code == "MESSAGE_NOT_SCHEDULED"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"message": ""}, "message"),
        ({"message": "x" * 20_001}, "message"),
        ({"message": "x", "send_at": "2026-11-30T12:00:00"}, "send_at"),
        ({"message": "x", "send_at": "2020-01-01T00:00:00Z"}, "send_at"),
        ({"message": "x", "attachments": ["nothing"]}, "attachments.0"),
        ({"message": "x", "user_id": "nobody"}, "user_id"),
        ({"canned_reply": "nothing"}, "canned_reply"),
    ],
)
def test_bad_input_names_its_field(ada, body, field):
    answer = ada.post("/chat/send", body)

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_tags_are_found_by_rules_and_act(ada, colleague, worker):
    editor = colleague("editor")
    tag = {"name": "refund", "contains": ["money back"]}
    action = {"create_task": True, "webhook": True, "assign_to": editor.id, "task_assignees": [editor.id]}
    settings = {"tags": [{**tag, "action": action}], "canned_replies": [{"shortcut": "hours", "text": "9 to 5"}]}
    assert ada.put("/chat/settings", settings).status == 200

    sent = ada.post("/chat/send", {"message": "I want my MONEY BACK!"}).data
    ada.post("/chat/send", {"message": "money back", "thread_id": sent["thread_id"]})
    worker.run(times=2)

    assert sent["tags"] == ["refund"]
    thread = ada.get(f"/chat/threads/{sent['thread_id']}").data
    assert (thread["tags"], thread["assignee_id"]) == (["refund"], editor.id)
    tasks = ada.get(f"/tasks?related_object_id={sent['thread_id']}").data
    assert [(task["name"], task["assignees"]) for task in tasks] == [("Chat tagged refund", [editor.id])]
    messages = [json.loads(i["body"]["S"]) for i in worker.backend.items("core") if i["kind"]["S"] == "outbox"]
    assert [message["type"] for message in messages if message.get("type") == "chat.thread.tagged"] == [
        "chat.thread.tagged"
    ]
    assert ada.put(f"/chat/threads/{sent['thread_id']}/tags", {"tags": ["other"]}).status == 400
    assert ada.post("/chat/send", {"canned_reply": "hours"}).data["text"] == "9 to 5"
    assert ada.get(f"/chat/history?thread_id={sent['thread_id']}&tag=refund").json["meta"]["total"] == 2


def test_news_are_waited_for_at_a_read_a_second_and_what_is_there_is_not(ada, send, calls):
    thread = send()["thread_id"]
    send("Second", thread_id=thread)

    assert texts(ada.get(f"/chat/history?thread_id={thread}&after=1&wait=10")) == ["Second"]
    with calls.counted() as at_once:
        ada.get(f"/chat/history?thread_id={thread}&after=2")
    with calls.counted() as made:
        assert texts(ada.get(f"/chat/history?thread_id={thread}&after=2&wait=2")) == []
    assert len(made) - len(at_once) == 2
    assert ada.get("/chat/history?after=1&wait=1").status == 400


def test_conversations_of_a_purged_client_are_gone(moto, ada: Person, send):
    from groundswell.chat.privacy import personal_data

    send("Secret", send_at=rfc3339(utc_now() + timedelta(hours=1)))
    send()
    for data_store in personal_data():
        assert sum(data_store.purge(ada.client_id)) > 0

    assert [item["pk"]["S"] for item in moto.items("core") if item["pk"]["S"] == f"CHAT#{ada.client_id}"] == []


def test_the_visitors_script_is_for_every_site_and_kept_for_a_while(gateway):
    answer = gateway.get("/chat/widget.js")

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"].startswith("public, max-age=3600")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert b"innerHTML" not in answer.body
