"""An access token alone sets no second factor, and one that somebody else set can be taken off."""

import json

import pytest

from tests.integration.tenancy.auth.test_two_factor import enable, login
from tests.people import PASSWORD


@pytest.fixture
def ada(people):
    return people.sign_up()


def mails(moto, to):
    """Subjects, oldest first."""
    rows = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    letters = sorted((json.loads(row["body"]["S"]) for row in rows), key=lambda letter: letter["id"])
    return [letter["subject"] for letter in letters if letter["to"] == to]


def test_six_minutes_after_the_sign_in_a_token_sets_nothing(ada, gateway, advance):
    advance(minutes=6)

    refused = ada.post("/auth/2fa/setup")

    assert (refused.status, refused.code) == (403, "RECENT_SIGN_IN_REQUIRED")
    assert ada.post("/auth/2fa/setup", {"password": "wrong password"}).json["error"]["field"] == "password"
    assert ada.post("/auth/2fa/confirm", {"code": "000000"}).code == "TOTP_NOT_SET_UP"
    assert login(gateway, ada).status == 200


def test_a_refresh_is_no_sign_in(ada, gateway, advance):
    advance(minutes=6)
    token = gateway.post("/auth/refresh", {"refresh_token": ada.refresh_token}).json["access_token"]

    assert gateway.post("/auth/2fa/setup", token=token).status == 403


def test_the_password_or_a_new_sign_in_does(ada, people, advance):
    advance(minutes=6)

    assert ada.post("/auth/2fa/setup", {"password": PASSWORD}).status == 200
    assert people.sign_in(ada.email).post("/auth/2fa/setup").status == 200


def test_who_has_no_password_removes_it_after_a_new_sign_in(ada, gateway, advance):
    _, recovery = enable(ada)

    assert ada.delete("/auth/2fa", body={"code": recovery[0]}).status == 200
    _, recovery = enable(ada)
    advance(minutes=6)
    assert ada.delete("/auth/2fa", body={"code": recovery[0]}).code == "RECENT_SIGN_IN_REQUIRED"


def test_its_owner_is_told_of_every_change(ada, moto):
    _, recovery = enable(ada)
    ada.delete("/auth/2fa", body={"password": PASSWORD, "code": recovery[0]})

    assert mails(moto, ada.email)[-2:] == [
        "A second factor was added to your account",
        "The second factor was removed from your account",
    ]


def test_an_admin_takes_it_off_and_everybody_hears_of_it(ada, people, gateway, moto):
    grace = people.member_of(ada)
    enable(grace)
    assert login(gateway, grace).code == "TOTP_REQUIRED"

    assert ada.delete(f"/admin/users/{grace.id}/2fa").data["id"] == grace.id

    assert grace.get("/users/me").status == 401
    assert login(gateway, grace).status == 200
    assert mails(moto, grace.email)[-1].startswith("An administrator of your organization removed")
    entries = ada.get("/admin/audit?action=totp.reset").data
    assert [(entry["actor"], entry["target"]) for entry in entries] == [(ada.id, f"user:{grace.id}")]
    assert ada.delete(f"/admin/users/{grace.id}/2fa").status == 200  # again: nothing to take off, nothing is noted
    assert len(ada.get("/admin/audit?action=totp.reset").data) == 1


def test_nobody_takes_off_the_own_one_or_that_of_who_is_above(ada, people):
    admin, member = people.member_of(ada, "admin"), people.member_of(ada)

    assert ada.delete(f"/admin/users/{ada.id}/2fa").code == "OWN_ACCOUNT"
    assert admin.delete(f"/admin/users/{ada.id}/2fa").code == "ROLE_TOO_HIGH"
    assert member.delete(f"/admin/users/{admin.id}/2fa").status == 403
    assert people.sign_up().delete(f"/admin/users/{admin.id}/2fa").status == 404


def test_an_operator_takes_off_an_owners(ada, people, gateway):
    enable(ada)

    answer = people.operator().delete(f"/admin/users/{ada.id}/2fa?org_id={ada.user['org_id']}")

    assert answer.status == 200
    assert login(gateway, ada).status == 200
