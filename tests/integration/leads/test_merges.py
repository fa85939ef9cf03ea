"""Two leads that are one person, and two again."""

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.leads.adapter_activity import timeline_entry
from groundswell.leads.timeline import Entry
from groundswell.storage.transaction import write

KEEP = {
    "email": "ada@a.example",
    "first_name": "Ada",
    "tags": ["a", "both"],
    "custom_fields": {"plan": "team"},
    "consent": {"email": {"granted": True, "source": "form"}},
}
OTHER = {
    "email": "ada@home.example",
    "phone": "+4930901820",
    "first_name": "Augusta",
    "last_name": "Lovelace",
    "tags": ["both", "b"],
    "source": "web",
    "status": "qualified",
    "custom_fields": {"plan": "free", "seats": 3},
    "identities": {"distinct_id": "user-1", "external": {"crm": "1"}},
}


@pytest.fixture
def owner(people):
    return people.sign_up()


def made(person, fields):
    answer = person.post("/leads", fields)
    assert answer.status == 201, answer.body
    return answer.data


def noted(person, lead, body):
    answer = person.post(f"/leads/{lead['id']}/interactions", {"type": "note", "body": body})
    assert answer.status == 201, answer.body
    return answer.data


def merged(person, keep, other):
    return person.post("/leads/merge", {"keep_id": keep["id"], "other_id": other["id"]})


def timeline(person, lead):
    return person.get(f"/leads/{lead['id']}/timeline").data


def lasting(lead):
    return {name: value for name, value in lead.items() if name != "version"}


@pytest.fixture
def pair(owner):
    keep, other = made(owner, KEEP), made(owner, OTHER)
    for lead in (keep, other):
        noted(owner, lead, f"about {lead['first_name']}")
        entry = Entry(f"e-{lead['id']}", utc_now(), "email", "opened", "Opened the newsletter")
        write([timeline_entry(owner.client_id, lead["id"], entry)])
    return tuple(owner.get(f"/leads/{lead['id']}").data for lead in (keep, other))


def totals(person):
    queries = ("", "status=new", "status=qualified", "source=web")
    return [person.get(f"/leads?{query}").json["meta"]["total"] for query in queries]


def test_the_kept_lead_says_what_holds_and_the_other_fills_its_gaps(owner, pair):
    keep, other = pair

    answer = merged(owner, keep, other)
    lead = owner.get(f"/leads/{keep['id']}").data
    gone = owner.get(f"/leads/{other['id']}")

    assert answer.status == 201
    assert owner.get(f"/leads/merges/{answer.data['merge_id']}").data == answer.data
    assert (lead["first_name"], lead["last_name"], lead["status"]) == ("Ada", "Lovelace", "new")
    assert (lead["email"], lead["phone"], lead["aliases"]) == (keep["email"], "+4930901820", ["email:ada@home.example"])
    assert lead["tags"] == ["a", "both", "b"]
    assert lead["custom_fields"] == {"plan": "team", "seats": 3}
    assert lead["identities"]["distinct_id"] == "user-1"
    assert (gone.status, gone.code, gone.json["error"]["details"]["id"]) == (404, "LEAD_MERGED", keep["id"])
    assert owner.post("/leads", {"email": "ada@home.example"}).json["error"]["details"]["id"] == keep["id"]
    assert totals(owner) == [1, 1, 0, 1]
    assert [entry["event"] for entry in timeline(owner, keep)].count("note") == 2
    assert len(timeline(owner, keep)) == 4


def test_an_undone_merge_restores_both_to_the_last_field_timelines_included(owner, pair):
    before = [owner.get(f"/leads/{lead['id']}").data for lead in pair]
    timelines, counted = [timeline(owner, lead) for lead in pair], totals(owner)

    merge = merged(owner, *pair).data
    undone = owner.post(f"/leads/merges/{merge['id']}/undo")

    assert undone.status == 200, undone.body
    assert [lasting(owner.get(f"/leads/{lead['id']}").data) for lead in pair] == [lasting(lead) for lead in before]
    assert [timeline(owner, lead) for lead in pair] == timelines
    assert totals(owner) == counted
    for lead, email in zip(pair, ("ada@a.example", "ada@home.example"), strict=True):
        assert owner.post("/leads", {"email": email}).json["error"]["details"]["id"] == lead["id"]
    assert [lead["email"] for lead in owner.get("/leads?q=lovelace").data] == ["ada@home.example"]
    again = owner.post(f"/leads/merges/{merge['id']}/undo")
    assert (again.status, again.code) == (409, "MERGE_UNDONE")


def test_what_was_changed_since_a_merge_stays_when_it_is_undone(owner, pair):
    keep, other = pair
    merge = merged(owner, keep, other).data
    changes = {"title": "Countess", "last_name": "King", "custom_fields": {"seats": 5}, "tags": ["a", "both", "b", "c"]}
    owner.put(f"/leads/{keep['id']}", changes)

    owner.post(f"/leads/merges/{merge['id']}/undo")

    lead = owner.get(f"/leads/{keep['id']}").data
    assert (lead["title"], lead["last_name"], lead["phone"]) == ("Countess", "King", None)
    assert lead["custom_fields"] == {"plan": "team", "seats": 5}
    assert lead["tags"] == ["a", "both", "c"]
    assert owner.get(f"/leads/{other['id']}").data["last_name"] == "Lovelace"


def test_merges_make_no_circle(owner, pair):
    keep, other = pair
    third = made(owner, {"email": "third@a.example"})
    merged(owner, keep, other)

    back, on = merged(owner, other, keep), merged(owner, third, other)
    itself = merged(owner, keep, keep)

    assert [(answer.status, answer.code) for answer in (back, on)] == [(409, "ALREADY_MERGED")] * 2
    assert itself.status == 400
    assert back.json["error"]["details"]["id"] == keep["id"]


def test_merges_are_undone_in_any_order_but_from_the_outside_in(owner, pair):
    keep, other = pair
    third, fourth = made(owner, {"email": "third@a.example"}), made(owner, {"email": "fourth@a.example"})
    first, second = merged(owner, keep, other).data, merged(owner, keep, third).data
    around = merged(owner, fourth, keep).data

    inside = owner.post(f"/leads/merges/{first['id']}/undo")
    assert (inside.status, inside.code) == (409, "ALREADY_MERGED")
    for merge in (around, first, second):
        assert owner.post(f"/leads/merges/{merge['id']}/undo").status == 200

    leads = [owner.get(f"/leads/{lead['id']}").data for lead in (keep, other, third, fourth)]
    emails = ["ada@a.example", "ada@home.example", "third@a.example", "fourth@a.example"]
    assert [(lead["email"], lead["aliases"]) for lead in leads] == [(email, []) for email in emails]
    times = {"updated_at": None, "last_activity_at": None}  # those of the merge that was undone before its follower
    assert lasting(leads[0]) | times == lasting(pair[0]) | times


def test_another_tenants_leads_and_merges_are_not_there(people, owner, pair):
    stranger, merge = people.sign_up(), merged(owner, *pair).data

    assert merged(stranger, *pair).status == 404
    assert stranger.post(f"/leads/merges/{merge['id']}/undo").status == 404
    assert stranger.get(f"/leads/merges/{merge['id']}").status == 404


def test_a_deleted_lead_takes_those_with_it_that_went_into_it(owner, pair):
    keep, other = pair
    merged(owner, keep, other)

    owner.delete(f"/leads/{keep['id']}")

    mine = [item for item in owner.gateway.backend.items("core") if owner.client_id in item["pk"]["S"]]
    assert [item for item in mine if "ada@" in repr(item) or "M#" in item["sk"]["S"]] == []
    assert owner.post("/leads", {"email": "ada@home.example"}).status == 201
