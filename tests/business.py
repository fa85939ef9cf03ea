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
            each for each in moto.items("core") if each["kind"]["S"] == "outbox" and each["pk"]["S"] not in done
        ]:
            done.update(each["pk"]["S"] for each in waiting)
            bodies = [each["body"]["S"] for each in waiting if each["queue"]["S"] == "business"]
            deliver(moto, *bodies)

    return run


@pytest.fixture
def fire(moto):
    def run(client: str, kind: str) -> None:
        deliver(moto, *(firing_body(each) for each in due_timers(moto, client, kind)))

    return run


def deliver(moto, *bodies: str) -> None:
    event = {"Records": [{"messageId": str(number), "body": body} for number, body in enumerate(bodies * 2)]}
    assert call_handler(moto, "business", event) == {"batchItemFailures": []}


@pytest.fixture
def mails(moto):
    """Subjects of all mails to that address, oldest first, or the mails themselves."""

    def to(email: str, *, whole: bool = False) -> list:
        outbox = [each for each in moto.items("core") if each["kind"]["S"] == "outbox"]
        found = [json.loads(each["body"]["S"]) for each in outbox if each["queue"]["S"] == "mail"]
        found = sorted((each for each in found if each["to"] == email), key=lambda mail: mail["id"].replace("-", ""))
        return found if whole else [each["subject"] for each in found]

    return to
