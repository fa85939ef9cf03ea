"""What a client sets for its leads, over HTTP: types that hold everywhere, names of stages, and turns."""

import json

import pytest


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def editor(people, owner):
    person = people.member_of(owner)
    assert owner.post(f"/clients/{owner.client_id}/members", {"user_id": person.id, "role": "editor"}).status == 201
    return person


def test_a_field_of_a_type_takes_no_other_value_and_no_other_rule(owner):
    fields = [{"name": "seats", "type": "number"}, {"name": "plan", "type": "Choice", "options": ["free", "pro"]}]
    kept = owner.put("/leads/settings", {"custom_fields": fields})
    assert (kept.status, kept.data["version"]) == (200, 1)
    assert owner.get("/leads/settings").data == kept.data

    lead = owner.post("/leads", {"email": "a@a.example", "custom_fields": {"seats": 3, "plan": "pro", "free": 1}})
    assert lead.status == 201
    for answer in (
        owner.post("/leads", {"email": "b@a.example", "custom_fields": {"seats": "three"}}),
        owner.put(f"/leads/{lead.data['id']}", {"custom_fields": {"seats": True}}),
        owner.post("/leads?upsert=true", {"email": "a@a.example", "custom_fields": {"seats": "x"}}),
    ):
        assert (answer.status, answer.json["error"]["field"]) == (400, "custom_fields.seats")
    for rule, path in (
        ({"field": "custom_fields.seats", "operator": "starts_with", "value": "3"}, "rules.0.operator"),
        ({"field": "seats", "operator": "gt", "value": "2026-11-30"}, "rules.0.value"),
        ({"field": "plan", "operator": "in", "value": ["pro", "gold"]}, "rules.0.value"),
        ({"field": "custom_fields.plan", "operator": "within", "within": "1d"}, "rules.0.field"),
    ):
        answer = owner.post("/audience/segments", {"name": "s", "match": "all", "rules": [rule]})
        assert (answer.status, answer.json["error"]["field"]) == (400, path)
    scored = {
        "id": "a",
        "name": "a",
        "axis": "fit",
        "when": {"field": "seats", "operator": "contains", "value": "3"},
        "points": 5,
    }
    answer = owner.put("/leadscoring/config", {"model": "rules", "rules": [scored]})
    assert (answer.status, answer.json["error"]["field"]) == (400, "rules.0.when.operator")
    rules = [{"field": "seats", "operator": "gt", "value": 2}]
    assert owner.post("/audience/segments/preview", {"name": "s", "match": "all", "rules": rules}).data["count"] == 1


def test_new_leads_go_round_and_their_owners_hear_of_it(owner, editor, moto):
    names = [{"status": "lost", "name": "Gone"}, {"status": "new", "name": "Inbox"}]
    assert owner.put("/leads/settings", {"round_robin": [owner.id, editor.id], "stages": names}).status == 200
    leads = [owner.post("/leads", {"email": f"p{n}@a.example"}).data for n in range(4)]
    mine = owner.post("/leads", {"email": "none@a.example", "owner_id": None}).data

    assert [lead["owner_id"] for lead in leads] == [owner.id, editor.id] * 2
    assert mine["owner_id"] is None
    assert [stage["name"] for stage in owner.get("/leads/stages").data][:3] == ["Gone", "Inbox", "Contacted"]
    outbox = [json.loads(item["body"]["S"]) for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    notices = [
        message
        for message in outbox
        if message.get("kind") == "lead.assigned" and message["client_id"] == owner.client_id
    ]
    assert {(*notice["user_ids"], notice["object_id"]) for notice in notices} == {
        (editor.id, leads[n]["id"]) for n in (1, 3)
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"round_robin": ["nobody"]}, "round_robin.0"),
        ({"custom_fields": [{"name": "a", "type": "colour"}]}, "custom_fields.0.type"),
        ({"custom_fields": [{"name": "a", "type": "choice"}]}, "custom_fields.0.options"),
        ({"stages": [{"status": "new", "name": "a"}, {"status": "new", "name": "b"}]}, "stages"),
        ({"stages": None}, "stages"),
    ],
)
def test_settings_that_cannot_be_are_refused(owner, body, field):
    answer = owner.put("/leads/settings", body)
    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_admins_change_settings_and_everybody_reads_them(owner, editor):
    query = f"?client_id={owner.client_id}"
    assert editor.put(f"/leads/settings{query}", {"round_robin": []}).status == 403
    assert editor.get(f"/leads/settings{query}").data["round_robin"] == []
