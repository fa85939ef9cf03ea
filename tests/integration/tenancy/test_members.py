"""Members of a client: roles, and the last owner."""

import pytest


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def grace(people, owner):
    """In the organization, without any client."""
    return people.member_of(owner)


def members(client_id):
    return f"/clients/{client_id}/members"


def test_a_member_sees_the_client_from_the_moment_of_joining_to_the_moment_of_leaving(owner, grace, audited) -> None:
    client = owner.client_id
    assert grace.get(f"/clients/{client}").status == 404

    added = owner.post(members(client), {"email": grace.email.upper(), "role": "User"})
    assert (added.status, added.data["role"], added.data["user_id"]) == (201, "member", grace.id)
    assert grace.get(f"/clients/{client}").status == 200

    assert owner.delete(f"{members(client)}/{grace.id}").status == 200
    assert grace.get(f"/clients/{client}").status == 404
    assert audited(owner.user["org_id"])[-2:] == ["member.added", "member.removed"]


def test_members_are_listed_page_by_page(people, owner) -> None:
    for _ in range(3):
        owner.post(members(owner.client_id), {"user_id": people.member_of(owner).id, "role": "viewer"})

    first = owner.get(f"{members(owner.client_id)}?limit=2")
    rest = owner.get(f"{members(owner.client_id)}?limit=2&cursor={first.json['meta']['next_cursor']}")

    roles = [member["role"] for member in first.data + rest.data]
    assert roles == ["owner", "viewer", "viewer", "viewer"]
    assert rest.json["meta"]["next_cursor"] is None


def test_nobody_is_a_member_twice(owner, grace) -> None:
    owner.post(members(owner.client_id), {"user_id": grace.id})
    again = owner.post(members(owner.client_id), {"user_id": grace.id, "role": "admin"})
    assert (again.status, again.code) == (409, "ALREADY_MEMBER")


def test_people_of_other_organizations_are_not_added_but_invited(people, owner) -> None:
    stranger = people.sign_up()
    for who in ({"email": stranger.email}, {"user_id": stranger.id}, {"email": "nobody@people.example"}):
        refused = owner.post(members(owner.client_id), {**who, "role": "member"})
        assert (refused.status, refused.code) == (404, "USER_NOT_FOUND")


def test_nobody_grants_or_touches_a_role_above_the_own_one(people, owner, grace) -> None:
    client = owner.client_id
    owner.post(members(client), {"user_id": grace.id, "role": "admin"})
    other = people.member_of(owner)

    assert grace.post(members(client), {"user_id": other.id, "role": "owner"}).code == "ROLE_TOO_HIGH"
    assert grace.put(f"{members(client)}/{grace.id}", {"role": "owner"}).code == "ROLE_TOO_HIGH"
    assert grace.put(f"{members(client)}/{owner.id}", {"role": "viewer"}).code == "ROLE_TOO_HIGH"
    assert grace.delete(f"{members(client)}/{owner.id}").code == "ROLE_TOO_HIGH"
    assert owner.post(members(client), {"user_id": other.id, "role": "super_admin"}).status == 403
    assert grace.post(members(client), {"user_id": other.id, "role": "admin"}).status == 201


@pytest.mark.parametrize("role", ["viewer", "member", "editor"])
def test_below_admin_nobody_manages_members(owner, grace, role) -> None:
    client = owner.client_id
    owner.post(members(client), {"user_id": grace.id, "role": role})
    assert grace.post(members(client), {"user_id": grace.id}).status == 403
    assert grace.put(f"{members(client)}/{grace.id}", {"role": "viewer"}).status == 403
    assert grace.delete(f"{members(client)}/{owner.id}").status == 403
    assert grace.get(members(client)).status == (403 if role == "viewer" else 200)


def test_the_last_owner_can_be_neither_demoted_nor_removed_nor_leave(owner, grace) -> None:
    client = owner.client_id
    mine = f"{members(client)}/{owner.id}"
    owner.post(members(client), {"user_id": grace.id, "role": "admin"})

    assert owner.put(mine, {"role": "admin"}).code == "LAST_OWNER"
    assert owner.delete(mine).code == "LAST_OWNER"

    owner.put(f"{members(client)}/{grace.id}", {"role": "owner"})
    assert owner.put(mine, {"role": "admin"}).data["role"] == "admin"
    assert grace.delete(f"{members(client)}/{grace.id}").code == "LAST_OWNER"


def test_anybody_may_leave(owner, grace) -> None:
    owner.post(members(owner.client_id), {"user_id": grace.id, "role": "viewer"})
    assert grace.delete(f"{members(owner.client_id)}/{grace.id}").status == 200


def test_a_change_with_if_match_wants_the_version_that_was_read(owner, grace) -> None:
    added = owner.post(members(owner.client_id), {"user_id": grace.id})
    path = f"{members(owner.client_id)}/{grace.id}"

    changed = owner.put(path, {"role": "editor"}, headers={"if-match": added.headers["etag"]})
    assert (changed.status, changed.headers["etag"].startswith('"2-')) == (200, True)
    assert owner.put(path, {"role": "viewer"}, headers={"if-match": added.headers["etag"]}).status == 412


def test_no_cache_keeps_a_members_old_name(owner, grace) -> None:
    path = f"{members(owner.client_id)}/{grace.id}"
    known = {"if-none-match": owner.post(members(owner.client_id), {"user_id": grace.id}).headers["etag"]}
    assert owner.get(path, headers=known).status == 304

    grace.put("/users/me", {"name": "Grace Brewster"})

    assert owner.get(path, headers=known).data["name"] == "Grace Brewster"


def test_another_tenants_members_do_not_exist(people, owner, grace) -> None:
    stranger = people.sign_up()
    for method, path in (
        ("GET", members(owner.client_id)),
        ("POST", members(owner.client_id)),
        ("GET", f"{members(owner.client_id)}/{owner.id}"),
        ("PUT", f"{members(owner.client_id)}/{owner.id}"),
        ("DELETE", f"{members(owner.client_id)}/{owner.id}"),
        ("GET", f"/clients/{owner.client_id}/permissions"),
    ):
        body = {"role": "viewer"} if method in ("POST", "PUT") else None
        body = {**body, "user_id": stranger.id} if method == "POST" else body
        assert stranger.call(method, path, body).code == "CLIENT_NOT_FOUND", (method, path)
    assert owner.get(f"{members(owner.client_id)}/{stranger.id}").code == "MEMBER_NOT_FOUND"


@pytest.mark.parametrize(
    "body", [{}, {"user_id": "x", "email": "a@b.example"}, {"email": "a@b.example", "role": "king"}]
)
def test_bad_bodies_are_refused(owner, body) -> None:
    assert owner.post(members(owner.client_id), body).status == 400


def test_permissions_say_what_may_be_done_and_why(owner, grace, people) -> None:
    path = f"/clients/{owner.client_id}/permissions"
    assert owner.get(path).data["source"] == "membership"

    admin = people.member_of(owner, "admin")
    seen = admin.get(path).data
    assert (seen["role"], seen["source"]) == ("admin", "organization")
    assert "administer" in seen["actions"]
    assert "grant_owner" not in seen["actions"]

    owner.post(members(owner.client_id), {"user_id": grace.id, "role": "viewer"})
    assert grace.get(path).data == {
        "client_id": owner.client_id,
        "role": "viewer",
        "source": "membership",
        "actions": ["read"],
    }
