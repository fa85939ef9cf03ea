"""What somebody promised holds only as long as they may promise it."""

import pytest

from groundswell.access.model import Role
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.model import scopes_of
from tests.outbox import token_to
from tests.people import PASSWORD, new_email

ACCEPT = "/invitations/accept"
NEWCOMER = {"name": "Grace Hopper", "password": PASSWORD}


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def admin(owner, people):
    """Of the client alone."""
    somebody = people.member_of(owner)
    assert owner.post(members(owner), {"user_id": somebody.id, "role": "admin"}).status == 201
    return somebody


def members(owner):
    return f"/clients/{owner.client_id}/members"


def invitations(owner):
    return f"/clients/{owner.client_id}/invitations"


@pytest.fixture
def invite(owner, moto):
    """Returns (the address, the token)."""

    def send(by, role="editor", path=None):
        email = new_email()
        answer = by(path or invitations(owner), {"email": email, "role": role})
        assert answer.status == 201, answer.body
        return email, token_to(moto, email)

    return send


def accept(gateway, token):
    return gateway.post(ACCEPT, {"token": token, **NEWCOMER}).status


def states(owner, path=None):
    return {invitation["email"]: invitation["status"] for invitation in owner.get(path or invitations(owner)).data}


def demote(owner, admin):
    assert owner.put(f"{members(owner)}/{admin.id}", {"role": "editor"}).status == 200


def remove(owner, admin):
    assert owner.delete(f"{members(owner)}/{admin.id}").status == 200


def deactivate(owner, admin):
    assert owner.delete(f"/admin/users/{admin.id}").status == 200


@pytest.mark.parametrize("lose", [demote, remove, deactivate])
def test_who_is_no_admin_any_more_invites_nobody(owner, admin, invite, gateway, lose):
    email, token = invite(admin.post)
    _, mine = invite(owner.post)

    lose(owner, admin)

    assert accept(gateway, token) == 410
    assert states(owner)[email] == "revoked"
    assert accept(gateway, mine) == 200


def test_a_role_that_comes_back_brings_no_invitation_back(owner, admin, invite, gateway):
    _, token = invite(admin.post, "admin")
    demote(owner, admin)
    assert owner.put(f"{members(owner)}/{admin.id}", {"role": "admin"}).status == 200

    assert accept(gateway, token) == 410


def test_acceptance_asks_for_the_right_itself(owner, admin, invite, gateway, moto):
    """Even if the worker died before it could withdraw anything."""
    _, token = invite(admin.post)
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key={"pk": {"S": f"USER#{admin.id}"}, "sk": {"S": f"CLIENT#{owner.client_id}"}},
        UpdateExpression="SET #role = :viewer",
        ExpressionAttributeNames={"#role": "role"},
        ExpressionAttributeValues={":viewer": {"S": "viewer"}},
    )

    assert accept(gateway, token) == 410


@pytest.mark.parametrize("path", [None, "/organization/invitations"])
def test_a_demoted_admin_of_the_organization_invites_nobody(owner, people, invite, gateway, path):
    admin = people.member_of(owner, "admin")
    email, token = invite(admin.post, "admin", path)

    assert owner.put(f"/admin/users/{admin.id}", {"role": "member"}).status == 200

    assert accept(gateway, token) == 410
    assert states(owner, path)[email] == "revoked"


def test_what_the_lower_role_may_still_give_stays_good(owner, people, invite, gateway):
    other = people.member_of(owner)
    assert owner.post(members(owner), {"user_id": other.id, "role": "owner"}).status == 201
    _, too_high = invite(other.post, "owner")
    _, good = invite(other.post, "admin")

    assert owner.put(f"{members(owner)}/{other.id}", {"role": "admin"}).status == 200

    assert (accept(gateway, too_high), accept(gateway, good)) == (410, 200)


def test_who_sends_an_invitation_again_answers_for_it(owner, admin, invite, gateway, moto, advance):
    email, first = invite(admin.post)
    sent = next(invitation for invitation in owner.get(invitations(owner)).data if invitation["email"] == email)
    advance(seconds=61)
    assert owner.post(f"{invitations(owner)}/{sent['id']}/resend").data["invited_by"] == owner.id

    remove(owner, admin)

    assert accept(gateway, first) == 410
    assert accept(gateway, token_to(moto, email)) == 200


# --- API keys


def key_with(owner, scopes):
    answer = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": [*scopes]})
    assert answer.status == 201, answer.body
    return answer.data


def caller(owner, key):
    """Calls with that key."""
    return lambda path, body: owner.gateway.post(path, body, headers={"x-api-key": key["api_key"]})


@pytest.fixture
def key(owner):
    return key_with(owner, scopes_of(Role.EDITOR) | {Scope.MEMBERS_WRITE})


def test_what_a_key_invited_to_can_be_accepted_and_adds_no_more_than_a_viewer_to_the_organization(
    owner, key, invite, gateway, people
):
    email, token = invite(caller(owner, key))

    assert accept(gateway, token) == 200

    grace = people.sign_in(email)
    assert grace.get(f"/clients/{owner.client_id}/role").data["role"] == "editor"
    assert grace.user["role"] == "viewer"


def test_a_revoked_key_invites_nobody(owner, key, invite, gateway):
    email, token = invite(caller(owner, key))

    assert owner.delete(f"/clients/{owner.client_id}/api-keys/{key['id']}").status == 200

    assert accept(gateway, token) == 410
    assert states(owner)[email] == "revoked"


def test_a_rotated_key_goes_on_inviting_by_its_successor(owner, key, invite, gateway, advance):
    _, first = invite(caller(owner, key))
    _, second = invite(caller(owner, key))
    keys = f"/clients/{owner.client_id}/api-keys"
    successor = owner.post(f"{keys}/{key['id']}/rotate", {"overlap_seconds": 60}).data
    advance(seconds=61)
    assert accept(gateway, first) == 200

    owner.delete(f"{keys}/{successor['id']}")

    assert accept(gateway, second) == 410


def test_a_guest_who_administers_the_client_adds_no_more_than_viewers_to_its_organization(
    owner, people, invite, gateway, moto
):
    guest = people.sign_up()
    owner.post(invitations(owner), {"email": guest.email, "role": "admin"})
    assert guest.post(ACCEPT, {"token": token_to(moto, guest.email)}).status == 200
    email, token = invite(guest.post)

    assert accept(gateway, token) == 200

    assert people.sign_in(email).user["role"] == "viewer"
    assert people.sign_in(email).user["org_id"] == owner.user["org_id"]


def test_a_key_outlives_who_made_it(owner, people):
    """It is the client's: an integration does not stop when a colleague leaves. The log says who saw its secret."""
    admin = people.member_of(owner, "admin")
    made = admin.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": ["clients:read"]}).data

    deactivate(owner, admin)

    assert owner.gateway.get(f"/clients/{owner.client_id}", headers={"x-api-key": made["api_key"]}).status == 200
    listed = owner.get(f"/clients/{owner.client_id}/api-keys").data
    assert next(key for key in listed if key["id"] == made["id"])["created_by"] == admin.id
