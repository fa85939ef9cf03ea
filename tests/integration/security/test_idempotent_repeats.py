"""A repeat under an Idempotency-Key shows nothing to who may not ask any more."""

from uuid import uuid4

import pytest

from tests.people import PASSWORD, new_email


@pytest.fixture
def owner(people):
    return people.sign_up()


def _repeated(somebody, lose, path, body=None):
    """What a second request is answered after `lose()`."""
    headers = {"idempotency-key": str(uuid4())}
    first = somebody.post(path, body, headers=headers)
    assert first.status in (200, 201, 202), first.body
    assert somebody.post(path, body, headers=headers).headers.get("idempotency-replayed") == "true"
    lose()
    return somebody.post(path, body, headers=headers)


def test_a_removed_admin_of_a_client_is_told_that_there_is_no_such_client(owner, people):
    guest = people.member_of(owner)
    members = f"/clients/{owner.client_id}/members"
    assert owner.post(members, {"user_id": guest.id, "role": "admin"}).status == 201
    new = people.member_of(owner)

    again = _repeated(
        guest, lambda: owner.delete(f"{members}/{guest.id}"), members, {"user_id": new.id, "role": "viewer"}
    )

    assert (again.status, again.code) == (404, "CLIENT_NOT_FOUND")


def test_a_demoted_admin_of_a_client_is_refused_by_the_role(owner, people):
    admin = people.member_of(owner)
    members = f"/clients/{owner.client_id}/members"
    assert owner.post(members, {"user_id": admin.id, "role": "admin"}).status == 201

    def demote():
        assert owner.put(f"{members}/{admin.id}", {"role": "viewer"}).status == 200

    again = _repeated(admin, demote, f"/clients/{owner.client_id}/invitations", {"email": new_email()})

    assert (again.status, again.code) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clients", {"name": "Elsewhere"}),
        ("/admin/users", {"email": "idempotent@people.example", "name": "Grace Hopper"}),
        ("/organization/invitations", {"email": "invited-twice@people.example"}),
        ("/auth/register", {"email": "added@people.example", "password": PASSWORD, "name": "Grace Hopper"}),
    ],
)
def test_a_demoted_admin_of_the_organization_is_refused_by_the_role(owner, people, path, body):
    admin = people.member_of(owner, "admin")

    def demote():
        assert owner.put(f"/admin/users/{admin.id}", {"role": "member"}).status == 200

    assert _repeated(admin, demote, path, body).status == 403


def test_a_demoted_admin_is_not_shown_the_client_that_was_restored(owner, people):
    admin = people.member_of(owner, "admin")
    deleted = owner.post("/clients", {"name": "Deleted"}).data["id"]
    owner.delete(f"/clients/{deleted}")

    def demote():
        assert owner.put(f"/admin/users/{admin.id}", {"role": "member"}).status == 200

    assert _repeated(admin, demote, f"/clients/{deleted}/restore").status == 404


def test_a_lost_role_is_said_before_a_conflict_of_keys(owner, people):
    admin = people.member_of(owner, "admin")
    headers = {"idempotency-key": str(uuid4())}
    company = "/dashboard/client-companies"
    assert admin.post(company, {"name": "A secret"}, headers=headers).status == 201
    owner.put(f"/admin/users/{admin.id}", {"role": "member"})

    # Neither "its answer held a secret" nor "used for a different request".
    assert admin.post(company, {"name": "A secret"}, headers=headers).status == 403
    assert admin.post(company, {"name": "Another"}, headers=headers).status == 403


def test_a_repeat_with_an_api_key_counts_once_against_its_limit(owner):
    made = owner.post(
        f"/clients/{owner.client_id}/api-keys",
        {"name": "k", "scopes": ["privacy:write"], "calls_per_minute": 2},
    ).data
    headers = {"x-api-key": made["api_key"], "idempotency-key": str(uuid4())}
    body = {"user_id": "unwanted", "reason": "asked"}
    path = f"/privacy/suppressions?client_id={owner.client_id}"

    statuses = [owner.gateway.post(path, body, headers=headers).status for _ in range(3)]

    assert statuses == [201, 201, 429]
