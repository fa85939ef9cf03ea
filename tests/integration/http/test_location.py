"""What was made is found where the answer says."""

import re

import pytest

from tests.people import PASSWORD, new_email

COHORT = {"name": "Buyers", "rules": [{"did": {"name": "bought"}}]}
MADE = [
    ("/clients", lambda _: {"name": "Two"}, "id"),
    ("/dashboard/client-companies", lambda _: {"name": "Three"}, "id"),
    ("/clients/{client}/members", lambda colleague: {"user_id": colleague.id, "role": "viewer"}, "user_id"),
    ("/clients/{client}/api-keys", lambda _: {"name": "Two"}, "id"),
    ("/clients/{client}/invitations", lambda _: {"email": new_email()}, "id"),
    ("/organization/invitations", lambda _: {"email": new_email()}, "id"),
    ("/privacy/suppressions?client_id={client}", lambda _: {"user_id": "ada", "reason": "asked"}, "id"),
    ("/admin/users", lambda _: {"email": new_email(), "name": "Grace Hopper"}, "id"),
    ("/auth/register", lambda _: {"email": new_email(), "password": PASSWORD, "name": "Grace Hopper"}, "id"),
    ("/analytics/cohorts?client_id={client}", lambda _: COHORT, "id"),
    ("/analytics/questions?client_id={client}", lambda _: {"kind": "sessions"}, "id"),
    ("/privacy/erasures?client_id={client}", lambda _: {"user_id": "ada"}, "id"),
    ("/privacy/exports?client_id={client}", lambda _: {"user_id": "ada"}, "id"),
]


@pytest.mark.parametrize(("path", "body", "name"), MADE)
def test_what_was_made_is_found_where_the_answer_says(people, path, body, name):
    owner = people.sign_up()
    client, sent = owner.client_id, body(people.member_of(owner))

    made = owner.post(path.format(client=client), sent, headers={"Idempotency-Key": "once"})
    again = owner.post(path.format(client=client), sent, headers={"Idempotency-Key": "once"})

    assert made.status in (201, 202), made.body
    place = made.headers["location"]
    assert place.startswith("/api/v1/")
    acting = "" if re.search("/(clients|admin|organization)/", place) else f"?client_id={client}"
    resource = owner.get(f"={place}{acting}")
    assert (resource.status, resource.data[name]) == (200, made.data[name])
    assert again.headers.get("location", place) == place


def test_asking_for_a_reset_makes_nothing_that_could_be_found(gateway):
    assert "location" not in gateway.post("/auth/forgot-password", {"email": new_email()}).headers
