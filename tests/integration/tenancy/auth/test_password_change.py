"""Changing a password while signed in."""

import pytest

from functions.auth import wiring
from groundswell.access.model import Caller, Role
from groundswell.tenancy.auth.passwords import Passwords
from tests.people import PASSWORD

NEW = "another horse staple"


def change(person, current=PASSWORD, new=NEW):
    return person.post("/auth/change-password", {"current_password": current, "new_password": new})


def test_the_new_password_works_and_the_old_one_does_not(people, gateway):
    ada = people.sign_up()

    assert change(ada).status == 200

    assert people.sign_in(ada.email, NEW).token
    refused = gateway.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert (refused.status, refused.code) == (401, "INVALID_CREDENTIALS")


def test_this_session_goes_on_and_every_other_one_ends(people, gateway):
    ada = people.sign_up()
    others = [people.sign_in(ada.email) for _ in range(2)]

    change(ada)

    assert ada.get("/users/me").status == 200
    assert [other.get("/users/me").status for other in others] == [401, 401]
    assert [gateway.post("/auth/refresh", {"refresh_token": other.refresh_token}).status for other in others] == [
        401,
        401,
    ]


def test_a_wrong_current_password_changes_nothing_and_is_not_taken_for_the_end_of_the_session(people):
    ada = people.sign_up()

    refused = change(ada, current="not my password")

    assert (refused.status, refused.json["error"]["field"]) == (400, "current_password")
    assert people.sign_in(ada.email).token


@pytest.mark.parametrize(("new", "code"), [("short", "length"), ("aaaaaaaaaaaa", "weak")])
def test_the_new_password_is_held_to_the_policy(people, new, code):
    refused = change(people.sign_up(), new=new)

    assert refused.status == 400
    assert refused.json["error"]["details"]["errors"][0] == {
        "field": "new_password",
        "code": code,
        "message": refused.json["error"]["details"]["errors"][0]["message"],
    }


def test_nobody_changes_a_password_without_signing_in(gateway):
    body = {"current_password": PASSWORD, "new_password": NEW}

    assert gateway.post("/auth/change-password", body).status == 401


def test_guessing_at_the_current_password_ends_at_ten_in_an_hour(people):
    ada = people.sign_up()

    answers = [change(ada, current=f"guess number {n}").status for n in range(11)]

    assert answers == [400] * 10 + [429]


def test_a_sign_in_under_way_with_the_old_password_does_not_survive_the_change(people, gateway, monkeypatch):
    """The password is checked before the change, the session would begin after it."""
    ada = people.sign_up()
    caller = Caller(ada.id, ada.user["org_id"], Role.OWNER, "another session", ada.email)
    matches = Passwords.matches
    changes = iter([True])

    def slow(self, password, password_hash):
        genuine = matches(self, password, password_hash)
        if next(changes, False):
            wiring.passwords().change(caller, PASSWORD, NEW)
        return genuine

    monkeypatch.setattr(Passwords, "matches", slow)
    late = gateway.post("/auth/login", {"email": ada.email, "password": PASSWORD})

    assert (late.status, late.code) == (401, "INVALID_CREDENTIALS")
    assert ada.get("/users/me").status == 401
