"""Nobody is taken for the owner of an address that only looks like theirs."""

import pytest

from tests.outbox import token_to
from tests.people import PASSWORD, new_email

LOOK_ALIKES = [
    ("{}@straße.example", "{}@strasse.example"),
    ("{}@fa\u03c2.example", "{}@fa\u03c3.example"),
    ("{}@\u0131da.example", "{}@ida.example"),
    ("{}ß@b.example", "{}ss@b.example"),
    ("{}\u017f@b.example", "{}s@b.example"),
    ("{}ﬁ@b.example", "{}fi@b.example"),
    ("{}²@b.example", "{}2@b.example"),
]
OTHERS_PASSWORD = "another horse battery"
alike = pytest.mark.parametrize(("one", "other"), LOOK_ALIKES, ids=ascii)


@pytest.fixture
def pair(one, other):
    local = new_email().partition("@")[0]
    return one.format(local), other.format(local)


def form(email, password=PASSWORD):
    return {"email": email, "password": password, "name": "Ada Lovelace"}


@alike
def test_two_that_look_alike_are_two_accounts(gateway, pair) -> None:
    one, other = pair
    ids = [
        gateway.post("/auth/register", form(one)).data["id"],
        gateway.post("/auth/register", form(other, OTHERS_PASSWORD)).data["id"],
    ]

    signed_in = [
        gateway.post("/auth/login", {"email": email, "password": password})
        for email in (one, other)
        for password in (PASSWORD, OTHERS_PASSWORD)
    ]

    assert [answer.status for answer in signed_in] == [200, 401, 401, 200]
    assert [signed_in[0].data["user"]["id"], signed_in[3].data["user"]["id"]] == ids
    assert len(set(ids)) == 2


@alike
def test_an_invitation_is_for_one_of_them_alone(people, moto, pair) -> None:
    one, other = pair
    owner, stranger = people.sign_up(), people.sign_up(other)
    invitations = f"/clients/{owner.client_id}/invitations"
    invited = owner.post(invitations, {"email": one, "role": "admin"})
    token = token_to(moto, invited.data["email"])

    assert stranger.post("/invitations/accept", {"token": token}).status == 403
    assert owner.post(f"/clients/{owner.client_id}/members", {"email": one, "role": "viewer"}).status == 404
    assert owner.post(invitations, {"email": other, "role": "admin"}).status == 201
