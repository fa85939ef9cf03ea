"""Gate S8: what an answer costs tells nothing about who has an account.

Not by the clock, which lies on a busy machine: every AWS call and every look at a password hash, in their order.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from groundswell.tenancy.auth.passwords import Passwords
from tests.people import PASSWORD, new_email


@pytest.fixture
def work(calls, monkeypatch):
    """`with work() as done:` collects calls and hashes alike."""
    watched: list[list[str]] = []
    for name in ("hash", "matches"):
        original = getattr(Passwords, name)

        def noted(self, *arguments, _name=name, _original=original):
            for call_names in watched:
                call_names.append(_name)
            return _original(self, *arguments)

        monkeypatch.setattr(Passwords, name, noted)

    @contextmanager
    def watch() -> Iterator[list[str]]:
        with calls.counted() as done:
            watched.append(done)
            yield done
            watched.remove(done)

    return watch


def disable(moto, person):
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key={"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}},
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )


@pytest.fixture
def addresses(people, moto):
    """Of an account, of a disabled one, of nobody."""
    ada, disabled = people.sign_up(), people.sign_up()
    disable(moto, disabled)
    return [ada.email, disabled.email, new_email()]


def test_a_failing_sign_in_is_the_same_work_for_everybody(gateway, addresses, work):
    gateway.post("/auth/login", {"email": new_email(), "password": "wrong password"}, ip="the same")
    done = []
    for email in addresses:
        with work() as steps:
            gateway.post("/auth/login", {"email": email, "password": "wrong password"}, ip="the same")
        done.append(steps)

    assert done == [["UpdateItem", "BatchGetItem", "GetItem", "matches", "TransactWriteItems"]] * 3


def test_a_disabled_account_with_the_right_password_is_no_different(gateway, addresses, work):
    answers, done = [], []
    for email, password in [(addresses[1], PASSWORD), (addresses[2], PASSWORD)]:
        with work() as steps:
            answers.append(gateway.post("/auth/login", {"email": email, "password": password}, ip=f"from {email}"))
        done.append(steps)

    assert [(answer.status, answer.code) for answer in answers] == [(401, "INVALID_CREDENTIALS")] * 2
    assert done[0] == done[1]


def test_signing_in_costs_four_calls_and_one_hash(gateway, addresses, work):
    body = {"email": addresses[0], "password": PASSWORD}
    gateway.post("/auth/login", body, ip="the same")

    with work() as steps:
        assert gateway.post("/auth/login", body, ip="the same").status == 200

    assert steps == ["UpdateItem", "BatchGetItem", "GetItem", "matches", "TransactWriteItems"]


@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/verify/resend"])
def test_asking_for_a_mail_is_the_same_work_for_everybody(gateway, addresses, work, path):
    gateway.post(path, {"email": new_email()})  # whoever asks first opens the window of the caller's address
    answers, done = [], []
    for email in addresses:
        with work() as steps:
            answers.append(gateway.post(path, {"email": email}))
        done.append(steps)

    assert [(answer.status, answer.data) for answer in answers] == [(202, {})] * 3
    assert done[0] == done[1] == done[2]
    assert "TransactWriteItems" in done[0]


def test_only_somebody_gets_mail(gateway, addresses, moto):
    before = len(outbox(moto))
    for email in addresses:
        gateway.post("/auth/forgot-password", {"email": email})

    (mail,) = outbox(moto)[before:]
    assert addresses[0] in mail["body"]["S"]


def outbox(moto):
    rows = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    return sorted(rows, key=lambda row: row["pk"]["S"])


def test_a_decoy_opens_nothing(gateway, moto, monkeypatch):
    """Even for who could read the token that nobody was sent."""
    from functions.auth import wiring

    monkeypatch.setattr(wiring.passwords(), "_new_secret", lambda: "the decoy's token")
    gateway.post("/auth/forgot-password", {"email": new_email()})

    body = {"token": "the decoy's token", "new_password": "another horse staple"}
    assert gateway.post("/auth/reset-password", body).status == 410
