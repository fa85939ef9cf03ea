from collections.abc import Iterator

import pytest

from tests.people import Person
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
