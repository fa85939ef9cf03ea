"""What tests of webinars, bookings and whitepapers share: an owner, their one worker, its timers, and what it mails."""

import json

import pytest

from groundswell.schedules.timers import firing_body
from tests.gateway import call_handler
from tests.timers import due_timers


@pytest.fixture
def ada(people):
    ada = people.sign_up()
    assert ada.client_id  # while the token lasts
    return ada


@pytest.fixture
def work(moto):
    """Hands the worker what waits for it, twice, until nothing does."""
    done = set()

    def run() -> None:
        while waiting := [
            item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["pk"]["S"] not in done
        ]:
            done.update(item["pk"]["S"] for item in waiting)
            bodies = [item["body"]["S"] for item in waiting if item["queue"]["S"] == "business"]
            deliver(moto, *bodies)

    return run


@pytest.fixture
def fire(moto):
    def run(client: str, kind: str) -> None:
        deliver(moto, *(firing_body(timer) for timer in due_timers(moto, client, kind)))

    return run


def deliver(moto, *bodies: str) -> None:
    event = {"Records": [{"messageId": str(number), "body": body} for number, body in enumerate(bodies * 2)]}
    assert call_handler(moto, "business", event) == {"batchItemFailures": []}


@pytest.fixture
def mails(moto):
    """Subjects of all mails to that address, oldest first, or the mails themselves."""

    def to(email: str, *, whole: bool = False) -> list:
        outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        messages = [json.loads(message["body"]["S"]) for message in outbox if message["queue"]["S"] == "mail"]
        messages = sorted(
            (message for message in messages if message["to"] == email), key=lambda mail: mail["id"].replace("-", "")
        )
        return messages if whole else [message["subject"] for message in messages]

    return to
