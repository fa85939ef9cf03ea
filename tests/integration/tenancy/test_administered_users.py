"""Users as an administrator sees them."""

import pytest

from tests.people import PASSWORD, new_email

USERS = "/admin/users"


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def grace(people, owner):
    return people.member_of(owner)


def test_an_added_user_chooses_a_password_by_the_mail_and_signs_in(owner, people, gateway, mailed, audited) -> None:
    email = new_email()
    added = owner.post(USERS, {"email": email, "name": "Grace Hopper", "role": "editor"})
    assert (added.status, added.data["role"], added.data["is_verified"]) == (201, "editor", False)
    assert gateway.post("/auth/login", {"email": email, "password": PASSWORD}).status == 401

    assert gateway.post("/auth/reset-password", {"token": mailed(email), "new_password": PASSWORD}).status == 200

    assert people.sign_in(email).user["is_verified"]
    assert "user.created" in audited(owner.user["org_id"])


def test_an_added_user_with_a_password_confirms_the_address(owner, people, gateway, mailed) -> None:
    email = new_email()
    owner.post(USERS, {"email": email, "first_name": "Grace", "password": PASSWORD})
    assert not people.sign_in(email).user["is_verified"]
    assert gateway.post("/auth/verify", {"token": mailed(email)}).data["is_verified"]


def test_an_address_has_one_account(owner, grace) -> None:
    assert owner.post(USERS, {"email": grace.email, "name": "Grace"}).code == "EMAIL_TAKEN"


def test_users_are_found_by_the_beginning_of_a_name_or_an_address(owner, people) -> None:
    for first, last in (("Grace", "Hopper"), ("Alan", "Turing"), ("Ada", "Byron")):
        owner.post(USERS, {"email": new_email(), "first_name": first, "last_name": last})

    def found(query: str) -> list[str]:
        return [user["name"] for user in owner.get(f"{USERS}?{query}").data]

    assert found("q=tur") == ["Alan Turing"]
    assert found("q=ada") == ["Ada Lovelace", "Ada Byron"]
    assert found(f"q={owner.email[:12]}") == ["Ada Lovelace"]
    assert found("role=owner") == ["Ada Lovelace"]
    assert found("is_active=false") == []
    assert found("q=nobody") == []


def test_users_are_listed_page_by_page(owner, people) -> None:
    made = [owner.id, *(people.member_of(owner).id for _ in range(4))]
    seen, cursor = [], ""
    while True:
        page = owner.get(f"{USERS}?limit=2{cursor}").json
        seen += [user["id"] for user in page["data"]]
        if not page["meta"]["next_cursor"]:
            break
        cursor = f"&cursor={page['meta']['next_cursor']}"
    assert seen == made


def test_a_deactivated_user_is_out_at_once_and_stays_out(owner, grace, gateway, people, moto, audited) -> None:
    assert owner.delete(f"{USERS}/{grace.id}").data["is_active"] is False

    assert grace.get("/users/me").status == 401
    assert gateway.post("/auth/refresh", {"refresh_token": grace.refresh_token}).status == 401
    assert gateway.post("/auth/login", {"email": grace.email, "password": PASSWORD}).status == 401
    assert not [item for item in moto.items("ephemeral") if item["pk"]["S"] == f"USER#{grace.id}"]
    assert "user.deactivated" in audited(owner.user["org_id"])

    assert owner.delete(f"{USERS}/{grace.id}").status == 200
    assert owner.put(f"{USERS}/{grace.id}", {"is_active": True}).status == 200
    assert people.sign_in(grace.email).user["is_active"]


def test_a_changed_role_is_felt_at_once(owner, grace) -> None:
    assert grace.get(USERS).status == 403
    owner.put(f"{USERS}/{grace.id}", {"role": "Admin"})
    assert grace.get(USERS).status == 200
    owner.put(f"{USERS}/{grace.id}", {"role": "member"})
    assert grace.get(USERS).status == 403


def test_nobody_deactivates_themselves_or_changes_their_own_role(owner) -> None:
    mine = f"{USERS}/{owner.id}"
    for refused in (owner.delete(mine), owner.put(mine, {"is_active": False}), owner.put(mine, {"role": "admin"})):
        assert (refused.status, refused.code) == (409, "OWN_ACCOUNT")
    assert owner.put(mine, {"name": "Ada King"}).data["name"] == "Ada King"


def test_an_admin_neither_makes_nor_touches_an_owner(owner, grace, people) -> None:
    owner.put(f"{USERS}/{grace.id}", {"role": "admin"})
    other = people.member_of(owner)
    assert grace.post(USERS, {"email": new_email(), "name": "X", "role": "owner"}).code == "ROLE_TOO_HIGH"
    assert grace.put(f"{USERS}/{other.id}", {"role": "owner"}).code == "ROLE_TOO_HIGH"
    assert grace.put(f"{USERS}/{owner.id}", {"role": "member"}).code == "ROLE_TOO_HIGH"
    assert grace.delete(f"{USERS}/{owner.id}").code == "ROLE_TOO_HIGH"
    assert owner.put(f"{USERS}/{other.id}", {"role": "super_admin"}).code == "ROLE_TOO_HIGH"
    assert owner.post(USERS, {"email": new_email(), "name": "X", "role": "superadmin"}).code == "ROLE_TOO_HIGH"


def test_the_last_active_owner_cannot_be_taken_from_the_organization(owner, grace) -> None:
    owner.put(f"{USERS}/{grace.id}", {"role": "owner"})
    assert grace.put(f"{USERS}/{owner.id}", {"role": "admin"}).status == 200
    # Grace is the last owner now. Nobody but an owner could touch her, and she cannot touch herself.
    assert owner.delete(f"{USERS}/{grace.id}").code == "ROLE_TOO_HIGH"
    assert grace.delete(f"{USERS}/{grace.id}").code == "OWN_ACCOUNT"


def test_a_change_with_if_match_wants_the_version_that_was_read(owner, grace) -> None:
    tag = owner.get(f"{USERS}/{grace.id}").headers["etag"]
    assert owner.put(f"{USERS}/{grace.id}", {"name": "Grace H"}, headers={"if-match": tag}).status == 200
    assert owner.put(f"{USERS}/{grace.id}", {"name": "Grace K"}, headers={"if-match": tag}).status == 412


def test_another_organizations_users_do_not_exist(people, owner, grace) -> None:
    stranger = people.sign_up()
    for refused in (
        stranger.get(f"{USERS}/{grace.id}"),
        stranger.put(f"{USERS}/{grace.id}", {"role": "viewer"}),
        stranger.delete(f"{USERS}/{grace.id}"),
        stranger.get(f"{USERS}/nobody"),
    ):
        assert (refused.status, refused.code) == (404, "USER_NOT_FOUND")
    assert grace.id not in {user["id"] for user in stranger.get(USERS).data}
    assert stranger.get(f"{USERS}?org_id={owner.user['org_id']}").status == 403


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "name": "X"},
        {"email": "a@b.example"},
        {"email": "a@b.example", "name": "X\r\nBcc: y@z.example"},
        {"email": "a@b.example", "name": "X", "role": "king"},
        {"email": "a@b.example", "name": "X", "password": "short"},
        {"email": "a@b.example", "name": "X", "org_id": "other"},
        {"email": "a@b.example", "name": "X", "is_verified": True},
    ],
)
def test_bad_bodies_are_refused(owner, body) -> None:
    assert owner.post(USERS, body).status == 400


def test_members_administer_nothing(grace) -> None:
    for path in (USERS, "/admin/audit", "/admin/analytics", "/admin/system-health", "/usage", "/organization/users"):
        assert grace.get(path).status == 403, path
    assert grace.get("/organization").status == 200
    assert grace.put("/organization", {"name": "mine"}).status == 403


def test_the_audit_log_is_searched(owner, grace) -> None:
    owner.put(f"{USERS}/{grace.id}", {"role": "editor"})
    owner.delete(f"{USERS}/{grace.id}")

    newest = owner.get(f"/admin/audit?action=user.&target=user:{grace.id}&actor={owner.id}").data
    assert [entry["action"] for entry in newest][:2] == ["user.deactivated", "user.role_changed"]
    assert newest[1]["details"] == {"role": "editor", "before": "member"}
    assert owner.get("/admin/audit?to=2020-01-01T00:00:00Z").data == []
    assert owner.get("/admin/audit/platform").status == 403
