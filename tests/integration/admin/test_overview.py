"""The organization in numbers, the state of the system, and the organization itself."""

import pytest


@pytest.fixture
def owner(people):
    return people.sign_up()


def test_numbers_are_of_the_own_organization(owner, people):
    people.member_of(owner)
    people.sign_up()

    numbers = owner.get("/admin/analytics").data

    assert (numbers["users"], numbers["active_users"], numbers["clients"]) == (2, 2, 1)
    assert numbers["events"] == {"today": 0, "last_7_days": 0, "last_30_days": 0}


def test_an_operator_names_any_organization_and_nobody_else_does(owner, people):
    stranger = people.sign_up()
    people.member_of(owner)
    path = f"/admin/analytics?org_id={owner.user['org_id']}"

    assert people.operator().get(path).data["users"] == 2
    assert stranger.get(path).status in (403, 404)


def test_the_systems_state_names_every_table_queue_dead_letter_and_schedule(owner, moto):
    state = owner.get("/admin/system-health")

    assert state.status == 200
    assert state.data["services"].keys() == {"core", "events", "ephemeral"}
    assert set(moto.resources.queues) <= set(state.data["queues"]) | {"dead"}
    assert {"reconcile", "purge", "usage", "key_rotation"} <= set(state.data["schedules"])
    assert state.data["dead_letters"]["mail"]["letters"] == 0


def test_members_see_neither(owner, people):
    member = people.member_of(owner)
    for path in ("/admin/analytics", "/admin/system-health"):
        assert member.get(path).status == 403


def test_an_admin_renames_the_organization_and_a_stale_change_is_refused(owner, people):
    read = owner.get("/organization")

    changed = owner.put("/organization", {"name": "Engines"}, headers={"if-match": read.headers["etag"]})

    assert changed.data["name"] == "Engines"
    assert owner.put("/organization", {"name": "X"}, headers={"if-match": read.headers["etag"]}).status == 412
    member = people.member_of(owner)
    assert member.get("/organization").data["name"] == "Engines"
    assert member.put("/organization", {"name": "Mine"}).status == 403


def test_people_of_an_organization_are_listed_to_its_admins(owner, people):
    member = people.member_of(owner)
    people.sign_up()

    assert [user["id"] for user in owner.get("/organization/users").data] == [owner.id, member.id]
    assert member.get("/organization/users").status == 403
