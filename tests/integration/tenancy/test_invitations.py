"""Invitations: sent, accepted once, expired, revoked, and what they cannot be used for."""

import pytest

from tests.people import PASSWORD, new_email

ACCEPT = "/invitations/accept"
NEWCOMER = {"name": "Grace Hopper", "password": PASSWORD}


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def invite(owner, mailed):
    """Invites, and returns (invitation, token)."""

    def send(email, role="editor", path=None):
        answer = owner.post(path or f"/clients/{owner.client_id}/invitations", {"email": email, "role": role})
        assert answer.status == 201, answer.body
        return answer.data, mailed(email)

    return send


def test_somebody_without_an_account_joins_with_a_name_and_a_password(owner, invite, people, gateway, audited) -> None:
    email = new_email()
    invitation, token = invite(email)

    accepted = gateway.post(ACCEPT, {"token": token, **NEWCOMER})
    assert (accepted.status, accepted.data["status"], accepted.data["id"]) == (200, "accepted", invitation["id"])

    grace = people.sign_in(email)
    assert grace.user["is_verified"]
    assert grace.user["org_id"] == owner.user["org_id"]
    assert grace.user["role"] == "member"
    assert grace.get(f"/clients/{owner.client_id}/role").data["role"] == "editor"
    assert {"invitation.created", "invitation.accepted"} <= set(audited(owner.user["org_id"]))


def test_somebody_with_an_account_elsewhere_becomes_a_guest(owner, invite, people) -> None:
    guest = people.sign_up()
    _, token = invite(guest.email, "viewer")

    assert guest.post(ACCEPT, {"token": token}).status == 200

    assert guest.get(f"/clients/{owner.client_id}/role").data["role"] == "viewer"
    assert guest.get("/organization").data["id"] == guest.user["org_id"]
    listed = [client["id"] for client in guest.get("/clients").data]
    assert listed == [guest.client_id]
    following = guest.get("/clients").json["meta"]["next_cursor"]
    assert [client["id"] for client in guest.get(f"/clients?cursor={following}").data] == [owner.client_id]
    # What the guest is at home counts for nothing here.
    assert guest.put(f"/clients/{owner.client_id}", {"name": "mine"}).status == 403


def test_an_existing_account_must_be_signed_in_as_the_invited_address(owner, invite, people, gateway) -> None:
    invited, other = people.sign_up(), people.sign_up()
    _, token = invite(invited.email)

    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).code == "SIGN_IN_TO_ACCEPT"
    assert other.post(ACCEPT, {"token": token}).code == "WRONG_ACCOUNT"
    assert invited.post(ACCEPT, {"token": token}).status == 200


def test_a_signed_in_stranger_cannot_make_the_invited_account(invite, people, gateway) -> None:
    _, token = invite(new_email())
    assert people.sign_up().post(ACCEPT, {"token": token, **NEWCOMER}).code == "WRONG_ACCOUNT"


def test_a_token_works_once(invite, gateway) -> None:
    _, token = invite(new_email())
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 200
    again = gateway.post(ACCEPT, {"token": token, **NEWCOMER})
    assert (again.status, again.code) == (410, "INVITATION_EXPIRED")


def test_a_token_is_good_for_48_hours(invite, gateway, advance, owner) -> None:
    _, early = invite(new_email())
    _, late = invite(new_email())
    advance(hours=47, minutes=59)
    assert gateway.post(ACCEPT, {"token": early, **NEWCOMER}).status == 200
    advance(minutes=2)
    assert gateway.post(ACCEPT, {"token": late, **NEWCOMER}).status == 410


@pytest.mark.parametrize("token", ["x", ".", "a.b", "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c15." + "x" * 43])
def test_a_token_that_was_never_sent_is_like_a_used_one(gateway, token) -> None:
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 410


def test_a_tampered_secret_opens_nothing(invite, gateway) -> None:
    _, token = invite(new_email())
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert gateway.post(ACCEPT, {"token": other, **NEWCOMER}).status == 410
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 200


def test_a_resend_makes_the_earlier_mail_worthless(owner, invite, mailed, gateway, advance) -> None:
    email = new_email()
    invitation, first = invite(email)
    path = f"/clients/{owner.client_id}/invitations/{invitation['id']}/resend"

    soon = owner.post(path)
    assert (soon.status, soon.code) == (429, "RATE_LIMITED")
    advance(seconds=61)
    assert owner.post(path).data["status"] == "pending"

    assert gateway.post(ACCEPT, {"token": first, **NEWCOMER}).status == 410
    assert gateway.post(ACCEPT, {"token": mailed(email), **NEWCOMER}).status == 200
    assert owner.post(path).code == "INVITATION_CLOSED"


def test_a_revoked_invitation_opens_nothing(owner, invite, gateway) -> None:
    invitation, token = invite(new_email())
    path = f"/clients/{owner.client_id}/invitations/{invitation['id']}"

    assert owner.delete(path).data["status"] == "revoked"
    assert owner.delete(path).data["status"] == "revoked"
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 410


def test_what_a_deactivated_admin_promised_is_void(owner, people, gateway, mailed) -> None:
    admin, email = people.member_of(owner, "admin"), new_email()
    admin.post(f"/clients/{owner.client_id}/invitations", {"email": email})
    owner.delete(f"/admin/users/{admin.id}")
    assert gateway.post(ACCEPT, {"token": mailed(email), **NEWCOMER}).status == 410


def test_an_invitation_to_a_deleted_client_opens_nothing(owner, invite, gateway) -> None:
    _, token = invite(new_email())
    owner.delete(f"/clients/{owner.client_id}")
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 410


def test_joining_the_organization_gives_the_invited_role_there(owner, invite, gateway, people) -> None:
    email = new_email()
    invite_ = invite(email, "admin", "/organization/invitations")
    assert gateway.post(ACCEPT, {"token": invite_[1], **NEWCOMER}).data["client_id"] is None
    assert people.sign_in(email).get(f"/clients/{owner.client_id}/role").data["role"] == "admin"


def test_an_account_belongs_to_one_organization(owner, invite, people) -> None:
    elsewhere = people.sign_up()
    _, token = invite(elsewhere.email, "member", "/organization/invitations")
    assert elsewhere.post(ACCEPT, {"token": token}).code == "OTHER_ORGANIZATION"


def test_nobody_is_invited_twice_or_into_what_they_are_in(owner, invite, people) -> None:
    path = f"/clients/{owner.client_id}/invitations"
    email = new_email()
    invite(email)
    assert owner.post(path, {"email": email.upper()}).code == "ALREADY_INVITED"
    assert owner.post(path, {"email": owner.email}).code == "ALREADY_MEMBER"
    member = people.member_of(owner)
    assert owner.post("/organization/invitations", {"email": member.email}).code == "ALREADY_MEMBER"


def test_nobody_invites_above_the_own_role(owner, people) -> None:
    admin = people.member_of(owner, "admin")
    for path in (f"/clients/{owner.client_id}/invitations", "/organization/invitations"):
        assert admin.post(path, {"email": new_email(), "role": "owner"}).code == "ROLE_TOO_HIGH"
        assert owner.post(path, {"email": new_email(), "role": "super_admin"}).code == "ROLE_TOO_HIGH"


def test_members_do_not_invite(owner, people) -> None:
    member = people.member_of(owner)
    assert member.post("/organization/invitations", {"email": new_email()}).status == 403
    owner.post(f"/clients/{owner.client_id}/members", {"user_id": member.id, "role": "editor"})
    assert member.post(f"/clients/{owner.client_id}/invitations", {"email": new_email()}).status == 403


def test_invitations_work_where_sign_up_is_by_invitation(owner, invite, gateway, moto) -> None:
    _, token = invite(new_email())
    moto.configure(SIGNUP_MODE="invite")
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 200


def test_where_sign_up_is_closed_only_accounts_that_exist_may_accept(owner, invite, people, gateway, moto) -> None:
    guest = people.sign_up()
    _, new = invite(new_email())
    _, existing = invite(guest.email)
    moto.configure(SIGNUP_MODE="closed")
    assert gateway.post(ACCEPT, {"token": new, **NEWCOMER}).code == "SIGNUP_CLOSED"
    assert guest.post(ACCEPT, {"token": existing}).status == 200


@pytest.mark.parametrize(
    ("details", "field"),
    [({}, "name"), ({"name": "Grace"}, "password"), ({"name": "Grace", "password": "short"}, "password")],
)
def test_a_new_account_needs_a_name_and_a_good_password(invite, gateway, details, field) -> None:
    _, token = invite(new_email())
    refused = gateway.post(ACCEPT, {"token": token, **details})
    assert refused.status == 400
    assert refused.json["error"]["field"] == field
    assert gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status == 200


def test_another_tenants_invitations_do_not_exist(owner, invite, people) -> None:
    invitation, _ = invite(new_email())
    stranger = people.sign_up()
    base = f"/clients/{owner.client_id}/invitations"
    assert stranger.get(base).status == 404
    assert stranger.post(base, {"email": new_email()}).status == 404
    assert stranger.delete(f"{base}/{invitation['id']}").status == 404
    # Nor are they found by way of an own client, or of the organization.
    own = f"/clients/{stranger.client_id}/invitations/{invitation['id']}"
    assert stranger.delete(own).code == "INVITATION_NOT_FOUND"
    assert stranger.post(f"/organization/invitations/{invitation['id']}/resend").code == "INVITATION_NOT_FOUND"


def test_tokens_are_stored_as_hashes(invite, moto) -> None:
    invitation, token = invite(new_email())
    stored = moto.item("core", f"INVITATION#{invitation['id']}", "INVITATION")
    assert token.partition(".")[2] not in str(stored)
