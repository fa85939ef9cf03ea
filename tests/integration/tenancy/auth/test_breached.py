"""No way to set a password leads around the list."""

from tests.people import PASSWORD, new_email

COMMON = "Password2024"


def problem(answer):
    assert answer.status == 400
    (error,) = answer.json["error"]["details"]["errors"]
    return error["field"], error["code"]


def test_signing_up(gateway):
    body = {"email": new_email(), "password": COMMON, "name": "Ada"}

    assert problem(gateway.post("/auth/register", body)) == ("password", "breached")


def test_changing(people):
    body = {"current_password": PASSWORD, "new_password": COMMON}

    assert problem(people.sign_up().post("/auth/change-password", body)) == ("new_password", "breached")


def test_resetting(gateway):
    body = {"token": "any", "new_password": COMMON}

    assert problem(gateway.post("/auth/reset-password", body)) == ("new_password", "breached")
