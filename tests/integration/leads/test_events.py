"""What a client's webhooks hear of leads: each change once, with what it left."""

import json

import pytest


@pytest.fixture
def owner(people):
    return people.sign_up()


def heard(person):
    outbox = [item for item in person.gateway.backend.items("core") if item["kind"]["S"] == "outbox"]
    bodies = [json.loads(item["body"]["S"]) for item in outbox if item["queue"]["S"] == "webhook_events"]
    mine = [body for body in bodies if body["client_id"] == person.client_id and body["type"].startswith("lead.")]
    return sorted(((body["type"], body["data"]) for body in mine), key=lambda pair: pair[0])


def test_what_becomes_of_leads_is_told_with_the_change_and_once(owner):
    lead, other = (owner.post("/leads", {"email": f"{name}@a.example"}).data for name in ("a", "b"))
    owner.put(f"/leads/{lead['id']}", {"status": "lost"})
    owner.put(f"/leads/{lead['id']}", {"status": "lost"})
    owner.post("/leads", {"email": "a@a.example"})
    merge = owner.post("/leads/merge", {"keep_id": lead["id"], "other_id": other["id"]}).data
    kept = owner.get(f"/leads/{lead['id']}").data
    owner.delete(f"/leads/{lead['id']}")

    events = heard(owner)

    assert [event for event, _ in events] == ["lead.created"] * 2 + ["lead.deleted", "lead.merged", "lead.updated"]
    data = dict(events)
    assert data["lead.deleted"] == {"lead_id": lead["id"]}
    assert (data["lead.updated"]["changed"], data["lead.updated"]["lead"]["status"]) == (["status"], "lost")
    assert data["lead.updated"]["lead"]["version"] == 2
    merged = data["lead.merged"]
    assert (merged["merge_id"], merged["other_id"], merged["undone"]) == (merge["id"], other["id"], False)
    assert merged["lead"]["version"] == kept["version"]


def test_the_catalogue_names_them(owner):
    names = {event["type"] for event in owner.get("/webhooks/events").data}

    assert {"lead.created", "lead.updated", "lead.merged", "lead.deleted"} <= names
