"""What is mailed cannot be guessed, and answers for no longer than it is good."""

import pytest

from tests.outbox import token_to
from tests.people import PASSWORD, new_email

CONFIRM = [
    ("/auth/verify", lambda number: {"token": f"guess {number}"}),
    ("/auth/reset-password", lambda number: {"token": f"guess {number}", "new_password": PASSWORD}),
]
ASK = [(path, lambda number: {"email": new_email()}) for path in ("/auth/verify/resend", "/auth/forgot-password")]


@pytest.mark.parametrize(("path", "body"), CONFIRM + ASK)
def test_one_address_guesses_and_asks_sixty_times_an_hour_whatever_it_names(gateway, path, body):
    statuses = [gateway.post(path, body(number)).status for number in range(61)]

    assert 429 not in statuses[:60]
    assert statuses[60] == 429
    assert gateway.post(path, body(61), ip="198.51.100.200").status != 429


def test_guesses_in_the_body_of_one_path_and_mails_of_the_other_share_the_budget(gateway):
    for number in range(60):
        gateway.post("/auth/reset-password", {"token": f"guess {number}", "new_password": PASSWORD})

    assert gateway.post("/auth/forgot-password", {"email": new_email()}).status == 429


@pytest.mark.parametrize("used", [True, False], ids=["used", "verified by another way"])
def test_a_verification_link_answers_within_its_two_days_only(people, gateway, moto, advance, used):
    person = people.sign_up()
    token = token_to(moto, person.email)
    if used:
        assert gateway.post("/auth/verify", {"token": token}).status == 200
    else:
        gateway.post("/auth/forgot-password", {"email": person.email})
        reset = {"token": token_to(moto, person.email), "new_password": "another " + PASSWORD}
        assert gateway.post("/auth/reset-password", reset).status == 200
    advance(hours=47)
    assert gateway.post("/auth/verify", {"token": token}).data["id"] == person.id

    advance(days=60)

    late = gateway.post("/auth/verify", {"token": token})
    assert (late.status, late.code) == (410, "LINK_EXPIRED")
    assert person.email.encode() not in late.body


def test_a_verification_link_tells_nothing_of_a_deactivated_person(people, gateway, moto):
    owner = people.sign_up()
    person = people.member_of(owner)
    token = token_to(moto, person.email)
    assert gateway.post("/auth/verify", {"token": token}).status == 200
    owner.delete(f"/admin/users/{person.id}")

    assert gateway.post("/auth/verify", {"token": token}).status == 410
