"""What mailed tokens are good for, beyond the first use."""

import json

from tests.outbox import token_to
from tests.people import PASSWORD


def test_a_reset_refuses_the_persons_own_address_and_the_link_stays_good(people, gateway, moto):
    person = people.sign_up()
    gateway.post("/auth/forgot-password", {"email": person.email})
    token = token_to(moto, person.email)

    for password in (person.email, person.email.upper()):
        refused = gateway.post("/auth/reset-password", {"token": token, "new_password": password})
        assert (refused.status, refused.json["error"]["field"]) == (400, "new_password")

    assert gateway.post("/auth/reset-password", {"token": token, "new_password": "another " + PASSWORD}).status == 200


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
