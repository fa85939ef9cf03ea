"""An address belongs to who confirmed it, whoever entered it."""

import pytest

from tests.outbox import token_to
from tests.people import PASSWORD, new_email

OWN = "my own " + PASSWORD


@pytest.fixture
def occupier(people):
    return people.sign_up()


def sign_up(gateway, email):
    return gateway.post("/auth/register", {"email": email, "password": OWN, "name": "Grace Hopper"})


def confirm(gateway, moto, email):
    return gateway.post("/auth/verify", {"token": token_to(moto, email)})


def login(gateway, email, password=OWN):
    return gateway.post("/auth/login", {"email": email, "password": password})


def occupy(occupier, email):
    body = {"email": email, "name": "Not Me", "password": PASSWORD}
    return occupier.post("/admin/users", body).data["id"]


@pytest.mark.parametrize("deactivated", [False, True])
def test_whom_an_admin_entered_signs_up_and_takes_the_address_along(occupier, gateway, moto, deactivated):
    email = new_email()
    entered = occupy(occupier, email)
    if deactivated:
        occupier.delete(f"/admin/users/{entered}")

    mine = sign_up(gateway, email)
    assert mine.status == 201, mine.body
    assert login(gateway, email).status == 401  # nothing is anybody's before the mail is read
    assert confirm(gateway, moto, email).data["is_verified"]

    me = login(gateway, email)
    assert (me.status, me.data["user"]["id"]) == (200, mine.data["id"])
    assert me.data["user"]["org_id"] != occupier.user["org_id"]
    assert login(gateway, email, PASSWORD).status == 401
    assert not occupier.get(f"/admin/users/{entered}").data["is_active"]


def test_who_does_not_read_the_mail_takes_nothing(occupier, people, gateway):
    grace = people.member_of(occupier)

    assert sign_up(gateway, grace.email).status == 201

    assert login(gateway, grace.email, PASSWORD).status == 200
    assert login(gateway, grace.email).status == 401


def test_a_confirmed_member_keeps_the_address_until_deactivated(occupier, people, gateway, moto):
    grace = people.member_of(occupier)
    assert confirm(gateway, moto, grace.email).status == 200
    assert sign_up(gateway, grace.email).code == "EMAIL_TAKEN"

    occupier.delete(f"/admin/users/{grace.id}")

    assert sign_up(gateway, grace.email).status == 201
    assert confirm(gateway, moto, grace.email).status == 200
    assert login(gateway, grace.email).status == 200


def test_who_signed_up_themselves_keeps_it_unconfirmed(people, gateway):
    assert sign_up(gateway, people.sign_up().email).code == "EMAIL_TAKEN"


def test_of_two_who_confirm_the_first_has_it(occupier, people, gateway, moto):
    grace = people.member_of(occupier)
    first = token_to(moto, grace.email)
    sign_up(gateway, grace.email)
    assert gateway.post("/auth/verify", {"token": first}).data["id"] == grace.id

    assert confirm(gateway, moto, grace.email).status == 410
    assert login(gateway, grace.email, PASSWORD).status == 200


def test_a_claim_clicked_twice_is_one(occupier, gateway, moto):
    email = new_email()
    occupy(occupier, email)
    sign_up(gateway, email)

    assert [confirm(gateway, moto, email).status for _ in range(2)] == [200, 200]


def test_an_address_that_went_is_not_taken_back(occupier, gateway, moto):
    email = new_email()
    entered = occupy(occupier, email)
    sign_up(gateway, email)
    confirm(gateway, moto, email)

    back = occupier.put(f"/admin/users/{entered}", {"is_active": True})

    assert back.code == "EMAIL_TAKEN"
    assert occupier.post("/admin/users", {"email": email, "name": "Not Me"}).code == "EMAIL_TAKEN"
    assert login(gateway, email).status == 200
