"""What mailed tokens are good for, beyond the first use."""

import json
from datetime import datetime

from groundswell.kernel.ids import hash_secret
from tests.outbox import token_to
from tests.people import PASSWORD, new_email


def test_a_reset_refuses_the_persons_own_address_and_the_link_stays_good(people, gateway, moto):
    person = people.sign_up()
    gateway.post("/auth/forgot-password", {"email": person.email})
    token = token_to(moto, person.email)

    for password in (person.email, person.email.upper()):
        refused = gateway.post("/auth/reset-password", {"token": token, "new_password": password})
        assert (refused.status, refused.json["error"]["field"]) == (400, "new_password")

    assert gateway.post("/auth/reset-password", {"token": token, "new_password": "another " + PASSWORD}).status == 200


def test_a_newer_link_to_verify_makes_the_older_ones_no_good(gateway, moto):
    email = new_email()
    body = {"email": email, "password": PASSWORD, "name": "Grace Hopper"}
    assert gateway.post("/auth/register", body).status == 201
    tokens = [token_to(moto, email)]
    for _ in range(2):
        assert gateway.post("/auth/verify/resend", {"email": email}).status == 202
        tokens.append(token_to(moto, email))
    assert len(set(tokens)) == 3

    assert [gateway.post("/auth/verify", {"token": token}).status for token in tokens[:2]] == [410, 410]
    assert [gateway.post("/auth/verify", {"token": tokens[2]}).status for _ in range(2)] == [200, 200]
    assert [gateway.post("/auth/verify", {"token": token}).status for token in tokens[:2]] == [410, 410]


def test_a_newer_link_to_reset_makes_the_older_ones_no_good(people, gateway, moto):
    email, tokens = people.sign_up().email, []
    for _ in range(3):
        gateway.post("/auth/forgot-password", {"email": email})
        tokens.append(token_to(moto, email))
    gateway.post("/auth/verify/resend", {"email": email})  # another purpose

    body = {"new_password": "another " + PASSWORD}
    statuses = [gateway.post("/auth/reset-password", body | {"token": token}).status for token in tokens]

    assert statuses == [410, 410, 200]


def test_a_link_that_an_admin_sent_does_not_come_back_when_the_newer_one_is_forgotten(people, gateway, moto):
    email = new_email()
    assert people.sign_up().post("/admin/users", {"email": email, "name": "Grace Hopper"}).status == 201
    sent = moto.item("core", f"LINK#{hash_secret(token_to(moto, email))}", "LINK")

    gateway.post("/auth/forgot-password", {"email": email})

    newest = moto.item("core", f"LINKS#{hash_secret(email)}", "reset")
    assert newest["token_hash"]["S"] == hash_secret(token_to(moto, email))
    assert int(newest["expires_at"]["N"]) > datetime.fromisoformat(sent["ends_at"]["S"]).timestamp()


def test_nobody_elses_request_touches_a_link(people, gateway, moto):
    email = people.sign_up().email
    gateway.post("/auth/forgot-password", {"email": email})
    token = token_to(moto, email)
    for other in (people.sign_up().email, new_email()):
        gateway.post("/auth/forgot-password", {"email": other})

    body = {"token": token, "new_password": "another " + PASSWORD}
    assert gateway.post("/auth/reset-password", body).status == 200


def test_one_token_has_a_budget_and_an_office_behind_one_address_has_many(gateway):
    for path, calls, more in (("/auth/verify", 10, {}), ("/auth/reset-password", 5, {"new_password": PASSWORD})):
        body = {"token": f"guessed for {path}", **more}
        statuses = [gateway.post(path, body).status for _ in range(calls + 1)]
        assert statuses == [410] * calls + [429]
        assert gateway.post(path, {"token": "another one", **more}).status == 410


def test_no_way_to_say_json_leads_around_the_budget_of_an_address(people, gateway):
    email, kinds = people.sign_up().email, ("application/json", "Application/JSON; charset=utf-8", "application/x+json")
    body = json.dumps({"email": email}).encode()

    statuses = [
        gateway.post("/auth/forgot-password", body, headers={"Content-Type": kinds[n % 3]}, ip=f"198.51.100.{n}").status
        for n in range(6)
    ]

    assert statuses == [202] * 5 + [429]
