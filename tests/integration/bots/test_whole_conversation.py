"""A conversation on the web and one on Telegram: all of it comes twice, workers die half-way, and it reads the same."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from groundswell.kernel.clock import rfc3339, utc_now
from tests.backend import Backend
from tests.calls import Calls, Crash
from tests.gateway import Gateway
from tests.integration.bots.test_conversation import Telegram
from tests.integration.chat.conftest import Worker
from tests.people import Person
from tests.receiver import Received, Reply, receiver

type Say = Callable[[str], None]


@pytest.fixture
def model(moto: Backend) -> Iterator[list[str]]:
    """Numbers its answers; what it was asked."""
    questions: list[str] = []

    def answer(received: Received) -> Reply:
        questions.append(json.loads(received.body)["messages"][-1]["content"])
        message = {"role": "assistant", "content": f"Answer {len(questions)}"}
        usage = {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        return Reply(body=json.dumps({"id": "c", "model": "gpt-4o-mini", "choices": choices, "usage": usage}).encode())

    with receiver(answer) as server:
        moto.configure(OPENAI_URL=f"{server.url}/v1", OPENAI_API_KEY="sk-test")
        yield questions


class MortalWorker(Worker):
    """Dies twice over each job, but for those that must not be sent again, and has each twice afterwards."""

    def __init__(self, backend: Backend, calls: Calls, advance: Callable[..., None]) -> None:
        super().__init__(backend)
        self.calls, self.advance = calls, advance

    def run(self, times: int = 2) -> None:
        while bodies := [*self.outbox(), *(message["Body"] for message in self.backend.messages("conversations"))]:
            for body in bodies:
                self.work_on(body, times)

    def work_on(self, body: str, times: int = 2) -> None:
        for step in (1, 3) if "chat.deliver" not in body else ():
            with self.calls.crashing(step, after=step == 3), suppress(Crash):
                self.deliver(body)
        for _ in range(times):
            while self.deliver(body):
                self.advance(minutes=3)


@pytest.fixture
def worker(moto: Backend, calls: Calls, advance) -> MortalWorker:
    return MortalWorker(moto, calls, advance)


@pytest.fixture
def web(gateway: Gateway, ada: Person, worker: MortalWorker) -> Say:
    token = gateway.post("/chat/visitors", {"client_id": ada.client_id, "name": "Grace"}).data["token"]
    numbers, thread = itertools.count(), {}

    def say(text: str) -> None:
        body = {"message": text, "ai": True, "client_message_id": f"w{next(numbers)}", **thread}
        first, second = (gateway.post("/chat/send", body, token=token) for _ in range(2))
        assert first.data["message_id"] == second.data["message_id"]
        thread["thread_id"] = first.data["thread_id"]
        worker.run()

    return say


@pytest.fixture
def chat_bot(gateway: Gateway, ada: Person, bot: dict, worker: MortalWorker) -> Say:
    assert ada.put(f"/bots/{bot['id']}", {"ai": {"enabled": True}}).status == 200
    return Telegram(gateway, bot, worker).say


@pytest.mark.parametrize("channel", ["web", "chat_bot"])
def test_what_was_said_once_is_there_once_in_order_wherever_it_is_read(ada, peer, model, worker, channel, request):
    say = request.getfixturevalue(channel)
    say("When is my order delivered?")
    (thread,) = ada.get("/chat/threads").data
    at, numbers = f"/chat/threads/{thread['id']}", itertools.count()

    def answer(text: str, **more: str) -> str:
        body = {"message": text, "thread_id": thread["id"], "client_message_id": f"a{next(numbers)}", **more}
        first, second = (ada.post("/chat/send", body).data["message_id"] for _ in range(2))
        worker.run()
        return first if first == second else ""

    for _ in range(2):
        assert ada.post(f"{at}/handoff").data["answering"] == "people"
    answer("I look it up")
    say("Thank you")
    for _ in range(2):
        ada.post(f"{at}/handoff", {"to": "assistant"})
    say("And the tea?")
    later = answer("How was it?", send_at=rfc3339(utc_now() + timedelta(minutes=9)))
    worker.advance(minutes=9)
    worker.work_on(json.dumps({"tenant": ada.client_id, "kind": "chat.later", "key": later}))
    worker.run()
    for _ in range(2):
        assert ada.post(f"{at}/archive").data["status"] == "archived"

    history = ada.get(f"/chat/history?thread_id={thread['id']}").data
    assert [(message["sequence"], message["role"], message["text"]) for message in history] == [
        (1, "user", "When is my order delivered?"),
        (2, "assistant", "Answer 1"),
        (3, "agent", "I look it up"),
        (4, "user", "Thank you"),
        (5, "user", "And the tea?"),
        (6, "assistant", f"Answer {len(model)}"),
        (7, "agent", "How was it?"),
    ]
    assert history == ada.get(f"/chat/history?user_id={thread['user_id']}").data
    assert history == [_without_reply(ada.get(f"/chat/message/{message['id']}").data) for message in history]
    (shown,) = ada.get("/chat/threads?status=archived").data
    assert (shown["message_count"], shown["last_message"]["text"], shown["answering"]) == (
        7,
        "How was it?",
        "assistant",
    )
    ours = [message["text"] for message in history if message["role"] != "user"]
    assert peer.texts == (ours if channel == "chat_bot" else [])
    assert {message["status"] for message in history if message["role"] != "user"} == {
        "sent" if channel == "chat_bot" else "stored"
    }


def _without_reply(message: dict) -> dict:
    return {name: value for name, value in message.items() if name != "reply"}
