"""Every event of an account is in its organization's audit log, without addresses or secrets."""

import contextlib
import json

import pytest

from groundswell.audit.model import PLATFORM, Search
from groundswell.audit.store import DynamoAuditStore
from groundswell.kernel.clock import utc_now
from tests.people import PASSWORD, new_email

NEW = "another horse staple"


def log(org_id, **search):
    """Oldest first."""
    return DynamoAuditStore().search(org_id, Search(**search), 100, None).items[::-1]


def actions(person):
    return [entry.action for entry in log(person.user["org_id"])]


def mailed_token(gateway, kind):
    """The token in the newest mail that waits in the outbox."""
    rows = [item for item in gateway.backend.items("core") if item["kind"]["S"] == "outbox"]
    mails = [json.loads(row["body"]["S"]) for row in rows]
    text = max((mail for mail in mails if kind in mail["subject"]), key=lambda mail: mail["id"])["text"]
    return text.partition("Token, for API users: ")[2].split()[0]


def test_signing_up_and_in_and_out(people):
    ada = people.sign_up()
    ada.post("/auth/logout")

    assert actions(ada) == ["user.registered", "user.signed_in", "user.signed_out"]
    entry = log(ada.user["org_id"], action="user.signed_in")[0]
    assert (entry.actor, entry.target) == (ada.id, f"user:{ada.id}")
    assert entry.ip == f"login-{ada.email}"
    assert entry.request_id
    assert entry.details["method"] == "password"


def test_a_member_that_an_admin_adds_is_noted_as_the_admins_doing(people):
    ada = people.sign_up()
    grace = people.member_of(ada)

    entry = log(ada.user["org_id"], action="user.registered")[-1]
    assert (entry.actor, entry.target, entry.details["role"]) == (ada.id, f"user:{grace.id}", "member")


def test_a_failed_sign_in_is_in_the_log_of_the_account(people, gateway):
    ada = people.sign_up()
    gateway.post("/auth/login", {"email": ada.email, "password": "wrong password"})

    entry = log(ada.user["org_id"], action="user.sign_in_failed")[0]
    assert (entry.actor, entry.target) == ("anonymous", f"user:{ada.id}")
    assert ada.email not in repr(entry)


def test_a_failed_sign_in_to_nobody_is_in_the_platforms_log_under_a_digest(gateway):
    email, began = new_email(), utc_now()
    for _ in range(2):
        gateway.post("/auth/login", {"email": email, "password": "wrong password"})

    entries = log(PLATFORM, action="user.sign_in_failed", since=began)
    assert len({entry.target for entry in entries}) == 1
    assert len(entries) == 2
    assert email not in repr(entries)


def test_verifying_forgetting_and_changing_passwords(people, gateway):
    ada = people.sign_up()
    gateway.post("/auth/verify", {"token": mailed_token(gateway, "Confirm")})
    ada.post("/auth/change-password", {"current_password": PASSWORD, "new_password": NEW})
    gateway.post("/auth/forgot-password", {"email": ada.email})
    gateway.post("/auth/reset-password", {"token": mailed_token(gateway, "password"), "new_password": PASSWORD})

    assert actions(ada)[2:] == ["user.verified", "password.changed", "password.reset_requested", "password.reset"]
    requested = log(ada.user["org_id"], action="password.reset_requested")[0]
    assert requested.actor == "anonymous"


def test_a_reused_refresh_token(people, gateway, advance):
    ada = people.sign_up()
    gateway.post("/auth/refresh", {"refresh_token": ada.refresh_token})
    advance(seconds=11)
    gateway.post("/auth/refresh", {"refresh_token": ada.refresh_token})

    assert actions(ada)[2:] == ["session.reuse_detected"]  # a rotation alone is no event
    assert log(ada.user["org_id"], action="session.reuse")[0].target.startswith("session:")


def test_a_revoked_session(people):
    ada = people.sign_up()
    other = people.sign_in(ada.email)
    session = next(session["id"] for session in other.get("/auth/sessions").data if session["current"])
    ada.delete(f"/auth/sessions/{session}")

    assert log(ada.user["org_id"], action="session.revoked")[0].target == f"session:{session}"


@pytest.mark.parametrize("step", range(2, 5))
def test_no_sign_in_goes_unnoted_however_it_is_cut_off(people, gateway, calls, step):
    """A crash at any call leaves session and entry together, or neither."""
    from tests.calls import Crash

    ada = people.sign_up()
    with calls.crashing(step, after=True), contextlib.suppress(Crash):
        gateway.post("/auth/login", {"email": ada.email, "password": PASSWORD})

    sessions = len(people.sign_in(ada.email).get("/auth/sessions").data)
    assert len(log(ada.user["org_id"], action="user.signed_in")) == sessions
