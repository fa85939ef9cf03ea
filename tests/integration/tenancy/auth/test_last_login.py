"""When somebody last signed in, as they and their admins see it."""

import pytest

from groundswell.kernel.clock import utc_now
from tests.people import PASSWORD, new_email


def test_it_is_nothing_until_the_first_sign_in(people):
    body = {"email": new_email(), "password": PASSWORD, "name": "Grace Hopper"}

    assert people.sign_up().post("/auth/register", body).data["last_login"] is None


def test_it_is_the_newest_sign_in(people, advance):
    person = people.sign_up()
    first = person.get("/users/me").data["last_login"]
    advance(seconds=30)

    again = people.sign_in(person.email)

    assert again.user["last_login"] > first
    assert again.get("/users/me").data["last_login"] == again.user["last_login"]
    assert again.get("/admin/users").data[0]["last_login"] == again.user["last_login"]
    assert again.user["last_login"][:10] == utc_now().isoformat()[:10]


def test_a_sign_in_refuses_no_change_of_the_profile_under_way(people):
    person = people.sign_up()
    read = person.get("/users/me").headers["etag"]

    again = people.sign_in(person.email)

    assert person.put("/users/me", {"name": "New"}, headers={"If-Match": read}).status == 200
    assert person.get("/users/me").data["last_login"] == again.user["last_login"]


@pytest.mark.parametrize("path", ["/users/me", "/auth/me", "/admin/users/{id}"])
def test_no_cache_keeps_the_sign_in_before(people, advance, path):
    person = people.sign_up()
    path = path.format(id=person.id)
    read = person.get(path)
    known = {"If-None-Match": read.headers["etag"]}
    assert person.get(path, headers=known).status == 304
    advance(seconds=30)
    people.sign_in(person.email)

    again = person.get(path, headers=known)

    assert (again.status, again.data["last_login"] > read.data["last_login"]) == (200, True)
    assert again.headers["etag"] != read.headers["etag"]
    assert person.get(path, headers={"If-None-Match": again.headers["etag"]}).status == 304


def test_a_change_meanwhile_refuses_a_change_whoever_signed_in(people):
    person = people.sign_up()
    read = person.get("/users/me").headers["etag"]
    person.put("/users/me", {"name": "New"})
    people.sign_in(person.email)

    stale = person.put("/users/me", {"name": "Old"}, headers={"If-Match": read})

    assert (stale.status, person.get("/users/me").data["name"]) == (412, "New")


def test_somebody_who_is_deactivated_meanwhile_does_not_get_in(people, gateway, moto, monkeypatch):
    from groundswell.tenancy.auth.adapter_signin import DynamoSignInStore

    person = people.sign_up()
    admit = DynamoSignInStore.admit

    def late(self, admission):
        moto.aws.dynamodb.update_item(
            TableName=moto.resources.tables["core"],
            Key={"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}},
            UpdateExpression="SET is_active = :no",
            ExpressionAttributeValues={":no": {"BOOL": False}},
        )
        admit(self, admission)

    monkeypatch.setattr(DynamoSignInStore, "admit", late)

    refused = gateway.post("/auth/login", {"email": person.email, "password": PASSWORD})

    assert (refused.status, refused.code) == (401, "INVALID_CREDENTIALS")
