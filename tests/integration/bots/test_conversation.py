"""A bot's conversations: updates come in three times each, answers leave once."""

import itertools

import pytest

from tests.calls import Crash
from tests.gateway import Gateway
from tests.integration.chat.conftest import Worker
from tests.people import Person
from tests.receiver import Reply
from tests.telegram import TelegramPeer, refusal

_chats = itertools.count(5_000)


class Telegram:
    """Posts updates as Telegram does, each three times, and lets the worker do its work, each job twice."""

    def __init__(self, gateway: Gateway, bot: dict, worker: Worker) -> None:
        self.gateway, self.bot, self.worker = gateway, bot, worker
        self.chat = next(_chats)
        self.numbers = itertools.count(1)

    def post(self, update: dict, times: int = 3, **headers: str):
        sent = {"X-Telegram-Bot-Api-Secret-Token": self.bot["secret_shown_once"], **headers}
        path = f"/bot/webhook/{self.bot['id']}"
        return [self.gateway.post(path, update, headers=sent) for _ in range(times)][-1]

    def say(self, text: str, **more) -> int:
        number = next(self.numbers)
        sender = {
            "id": self.chat,
            "is_bot": False,
            "first_name": "Grace",
            "last_name": "Hopper",
            "language_code": "en-GB",
        }
        message = {"message_id": number, "from": sender, "chat": {"id": self.chat, "type": "private"}}
        kind = more.pop("kind", "message")
        message |= {"date": 1796040000, "text": text, **more}
        self.update({kind: message})
        return number

    def press(self, data: str) -> None:
        sender = {"id": self.chat, "is_bot": False, "first_name": "Grace"}
        message = {"message_id": 1, "chat": {"id": self.chat, "type": "private"}}
        self.update({"callback_query": {"id": "77", "from": sender, "message": message, "data": data}})

    def update(self, content: dict) -> None:
        answer = self.post({"update_id": next(self.numbers), **content})
        assert answer.status == 200, answer.body
        self.worker.run(times=2)


@pytest.fixture
def grace(gateway, bot, moto) -> Telegram:
    return Telegram(gateway, bot, Worker(moto))


def thread_of(ada: Person) -> dict:
    (thread,) = ada.get("/chat/threads?channel=telegram").data
    return thread


def told(ada: Person) -> list[tuple[str, str, str]]:
    answer = ada.get(f"/chat/history?thread_id={thread_of(ada)['id']}")
    return [(message["role"], message["text"], message["status"]) for message in answer.data]


def decisions(ada: Person, bot: dict) -> list[list[str]]:
    return [log["decisions"] for log in ada.get(f"/bots/{bot['id']}/logs").data]


def test_start_meets_a_lead_and_stop_is_felt_and_taken_back(ada, bot, peer: TelegramPeer, grace):
    grace.say("/start spring-sale")

    assert [message["text"][:8] for message in peer.sent] == ["Welcome!"]
    (lead,) = ada.get("/leads").data
    assert (lead["first_name"], lead["last_name"], lead["source"]) == ("Grace", "Hopper", "telegram")
    assert lead["identities"]["telegram_chat_id"] == str(grace.chat)
    assert lead["custom_fields"] == {"telegram_start": "spring-sale"}
    assert thread_of(ada)["lead_id"] == lead["id"]

    grace.say("/stop")
    (opt_out,) = ada.get("/audience/opt-outs").data
    assert (opt_out["channel"], opt_out["reason"]) == ("telegram", "unsubscribed")
    grace.say("/start")
    assert ada.get("/audience/opt-outs").data == []
    assert [message[0] for message in told(ada)] == ["user", "assistant"] * 3
    assert decisions(ada, bot)[-1] == ["lead_met", "stored", "answered", "started:spring-sale", "command:start"]
    assert len(decisions(ada, bot)) == 3


def test_own_commands_have_buttons_and_a_press_is_a_command(ada, bot, peer, grace):
    hours = {"command": "hours", "reply": "9 to 5", "buttons": [{"text": "Where?", "command": "where"}]}
    ada.put(f"/bots/{bot['id']}", {"commands": [hours, {"command": "where", "reply": "Berlin"}]})

    grace.say("/hours@acme_support_bot")
    grace.press("where")
    grace.say("/nothing")
    grace.say("/help")

    assert peer.texts[:2] == ["9 to 5", "Berlin"]
    assert peer.sent[0]["reply_markup"]["inline_keyboard"] == [[{"text": "Where?", "callback_data": "where"}]]
    assert peer.calls.count("answerCallbackQuery") == 1
    assert "There is no /nothing here" in peer.texts[2]
    assert "/hours 9 to 5" in peer.texts[3]
    assert [text for role, text, _ in told(ada) if role == "user"] == [
        "/hours@acme_support_bot",
        "/where",
        "/nothing",
        "/help",
    ]


def test_a_whole_conversation_with_every_update_sent_three_times(ada, bot, peer, grace, model):
    """From /start through an answer of the model, a person who takes over and gives back, to /stop."""
    ada.put(f"/bots/{bot['id']}", {"ai": {"enabled": True, "instructions": "We sell tea."}})

    grace.say("/start spring-sale")
    grace.say("When does my order come?")
    assert peer.texts[1:] == ["Within three days."]
    assert "We sell tea." in model.asked[0][0]["content"]
    grace.say("I want a human")
    thread = thread_of(ada)
    ada.post("/chat/send", {"message": "Ada here", "thread_id": thread["id"]})
    grace.say("And where is it?")
    assert len(model.asked) == 1, "a person answers"
    assert ada.post(f"/chat/threads/{thread['id']}/handoff", {"to": "assistant"}).status == 200
    grace.say("Thank you. Are you there?")
    assert len(model.asked) == 2
    grace.say("/stop")

    assert [(role, text[:12]) for role, text, _ in told(ada)] == [
        ("user", "/start sprin"),
        ("assistant", "Welcome! Wri"),
        ("user", "When does my"),
        ("assistant", "Within three"),
        ("user", "I want a hum"),
        ("assistant", "A colleague "),
        ("agent", "Ada here"),
        ("user", "And where is"),
        ("user", "Thank you. A"),
        ("assistant", "Within three"),
        ("user", "/stop"),
        ("assistant", "You will get"),
    ]
    assert len(peer.sent) == 6, "each answer leaves once"
    (opt_out,) = ada.get("/audience/opt-outs").data
    assert (opt_out["channel"], opt_out["reason"]) == ("telegram", "unsubscribed")
    assert len(decisions(ada, bot)) == 6


def test_a_chat_with_a_business_account_is_another_one_than_with_its_bot(ada, bot, peer, grace):
    grace.say("/help")
    grace.say("Hello shop", kind="business_message", message_id=1, business_connection_id="b1")
    threads = ada.get("/chat/threads?channel=telegram").data
    assert len(threads) == 2

    business = next(thread for thread in threads if thread["last_message"]["text"] == "Hello shop")
    ada.post("/chat/send", {"message": "Hello Grace", "thread_id": business["id"]})
    grace.worker.run(times=2)
    assert peer.sent[-1]["business_connection_id"] == "b1"
    assert "business_connection_id" not in peer.sent[0]


def test_an_edited_message_says_what_it_says_now_in_its_place(ada, grace):
    grace.say("Helo")
    grace.say("Second")
    grace.say("Hello", kind="edited_message", message_id=1, edit_date=1796040060)

    assert [text for _, text, _ in told(ada)] == ["Hello", "Second"]


def test_a_person_takes_over_and_their_words_reach_the_contact_in_parts(ada, bot, peer, grace):
    ada.put(f"/bots/{bot['id']}", {"ai": {"enabled": True}})
    grace.say("I want a human!")
    thread = thread_of(ada)
    assert (thread["answering"], peer.texts) == ("people", ["A colleague will answer you here."])

    long = "word " * 1200
    ada.post("/chat/send", {"message": long, "thread_id": thread["id"]})
    grace.worker.run(times=2)
    grace.say("Thank you")

    assert len(peer.sent) == 3
    assert " ".join(peer.texts[1:]).split() == long.split()
    assert told(ada)[-2:] == [("agent", long.strip(), "sent"), ("user", "Thank you", "stored")]


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), "failed"),
        (refusal(400, "Bad Request: message is too long"), "failed"),
        (Reply(502, body=b"gone"), "unknown"),
    ],
)
def test_what_is_not_sent_says_why_and_is_not_tried_again(ada, peer, grace, trouble, status):
    grace.say("Hello")
    peer.trouble = lambda method, _: trouble if method == "sendMessage" else None
    sent = ada.post("/chat/send", {"message": "Hi", "thread_id": thread_of(ada)["id"]}).data
    grace.worker.run(times=3)

    kept = ada.get(f"/chat/message/{sent['message_id']}").data
    assert (kept["status"], peer.calls.count("sendMessage")) == (status, 1)
    assert kept["reason"]
    blocked = trouble.status == 403
    assert len(ada.get("/audience/opt-outs").data) == blocked


def test_too_many_are_sent_later_from_where_they_stopped(ada, peer, grace):
    grace.say("Hello")
    answers = iter([None, refusal(429, "Too Many Requests: retry after 1", retry_after=1), None, None])
    peer.trouble = lambda method, _: next(answers) if method == "sendMessage" else None
    long = "word " * 1000

    sent = ada.post("/chat/send", {"message": long, "thread_id": thread_of(ada)["id"]}).data
    (job,) = [message for message in grace.worker.outbox() if "chat.deliver" in message]
    grace.worker.deliver(job)
    assert ada.get(f"/chat/message/{sent['message_id']}").data["status"] == "pending"
    grace.worker.deliver(job, job)

    assert ada.get(f"/chat/message/{sent['message_id']}").data["status"] == "sent"
    assert " ".join(peer.texts).split() == long.split()


def test_a_sender_that_died_leaves_it_unknown_and_nobody_sends_it_again(ada, peer, grace, advance, calls):
    grace.say("/help")  # the token is opened once a process
    sent = ada.post("/chat/send", {"message": "Hi", "thread_id": thread_of(ada)["id"]}).data
    (job,) = [message for message in grace.worker.outbox() if "chat.deliver" in message]
    with calls.crashing(4, after=False), pytest.raises(Crash):
        grace.worker.deliver(job)
    assert len(peer.sent) == 2
    assert grace.worker.deliver(job) == ["m0"]
    advance(seconds=151)
    assert grace.worker.deliver(job) == []

    assert ada.get(f"/chat/message/{sent['message_id']}").data["status"] == "unknown"
    assert len(peer.sent) == 2


def test_who_is_erased_leaves_no_conversation_and_the_others_stay(ada, bot, grace, moto):
    from groundswell.bots.privacy import personal_data as bots
    from groundswell.chat.privacy import personal_data as chats
    from groundswell.personal_data.identifiers import Identifier, IdKind

    grace.say("My secret")
    other = Telegram(grace.gateway, bot, grace.worker)
    other.numbers = itertools.count(1000)
    other.say("Somebody else")
    person = [Identifier(IdKind.TELEGRAM, str(grace.chat))]
    (conversations,), (_, log) = chats(), bots()
    assert [record["text"] for record in conversations.tell(ada.client_id, person, None).records] == ["My secret"]

    for _ in range(2):
        conversations.forget(ada.client_id, person)
        log.forget(ada.client_id, person)

    left = [*moto.items("core"), *moto.items("ephemeral")]
    mine = [item["sk"]["S"] for item in left if item["pk"]["S"] in (f"CHAT#{ada.client_id}", f"BOTLOG#{ada.client_id}")]
    assert len([sort_key for sort_key in mine if sort_key.startswith("MSG#")]) == 1
    assert [record["text"] for record in conversations.tell(ada.client_id, person, None).records] == []
    assert [log["chat_id"] for log in ada.get(f"/bots/{bot['id']}/logs").data] == [str(other.chat)]


def test_whoever_blocks_the_bot_is_suppressed_and_comes_back(ada, bot, grace):
    grace.say("Hello")
    change = {"chat": {"id": grace.chat, "type": "private"}, "from": {"id": grace.chat}, "date": 1796040000}
    grace.update({"my_chat_member": {**change, "new_chat_member": {"status": "kicked"}}})
    assert len(ada.get("/audience/opt-outs").data) == 1

    grace.update({"my_chat_member": {**change, "new_chat_member": {"status": "member"}}})
    assert decisions(ada, bot)[:2] == [["unblocked"], ["suppressed", "blocked"]]


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 257, "späth"])
def test_without_the_secret_nothing_is_taken(bot, grace, secret, moto):
    answer = grace.post({"update_id": 1}, **{"X-Telegram-Bot-Api-Secret-Token": secret})

    assert answer.status in (400, 401)
    assert moto.messages("conversations") == []


def test_a_secret_of_another_bot_does_not_open_this_one(gateway, bot, grace):
    sent = {"X-Telegram-Bot-Api-Secret-Token": bot["secret_shown_once"]}

    assert gateway.post("/bot/webhook/another", {"update_id": 1}, headers=sent).status == 401
    assert gateway.post("/bot/webhook", {"update_id": 1}, headers=sent).status == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"update_id": "x"}', b'{"update_id": 1, "message": {"chat": []}}'])
def test_what_is_no_update_is_taken_and_put_aside(gateway, bot, grace, moto, body):
    before = len(_letters(moto))
    sent = {"X-Telegram-Bot-Api-Secret-Token": bot["secret_shown_once"], "Content-Type": "application/json"}

    assert gateway.post("/bot/webhook", body, headers=sent).status == 200
    grace.worker.run()
    assert len(_letters(moto)) == before + 1


def _letters(moto) -> list:
    url = moto.resources.dead_letters["conversations"]
    response = moto.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return response.get("Messages", [])


def test_the_status_is_telegrams_own_and_tells_nobody_elses(ada, bot, peer, gateway, grace):
    grace.say("Hello")
    (own,) = ada.get("/bot/status").data["bots"]

    assert own["webhook"] == {"url": bot["webhook_url"], "expected_url": bot["webhook_url"]}
    assert (own["status"], own["pending_updates"], own["last_error"]) == ("ok", 3, None)
    assert own["last_update_at"]
    assert gateway.get("/bot/status").data == {"status": "ok"}
    peer.webhooks.clear()
    assert ada.get("/bot/status").data["status"] == "degraded"
    peer.trouble = lambda _method, _body: refusal(401, "Unauthorized")
    assert "Unauthorized" in ada.get("/bot/status").data["bots"][0]["last_error"]["message"]
