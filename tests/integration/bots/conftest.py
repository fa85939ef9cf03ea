from collections.abc import Iterator

import pytest

from tests.integration.chat.test_replies import Model
from tests.people import Person
from tests.receiver import receiver
from tests.telegram import TelegramPeer, telegram


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


@pytest.fixture
def peer(moto) -> Iterator[TelegramPeer]:
    with telegram() as made:
        moto.configure(TELEGRAM_URL=made.url, PUBLIC_URL="https://api.acme.example")
        yield made


@pytest.fixture
def bot(ada: Person, peer: TelegramPeer) -> dict:
    answer = ada.post("/bots", {"token": peer.token, "name": "Support"})
    assert answer.status == 201, answer.body
    return answer.data


@pytest.fixture
def model(moto) -> Iterator[Model]:
    made = Model()
    with receiver(made.reply) as server:
        moto.configure(OPENAI_URL=f"{server.url}/v1", OPENAI_API_KEY="sk-test")
        yield made
