"""Interactions with leads, timelines and the consent ledger."""

import pytest

from groundswell.audience.adapter_recipients import StoredAudiences
from groundswell.events.people.privacy import personal_data
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import utc_now
from groundswell.leads.adapter_activity import timeline_entry
from groundswell.leads.timeline import Entry
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.scoring.adapter_events import event_log
from groundswell.storage.transaction import write
from tests.integration.analytics.tenant import Tenant


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def lead(owner):
    return owner.post("/leads", {"email": "a@a.example", "identities": {"distinct_id": "ann"}}).data


def everything(person, path, limit=2):
    entries, cursor = [], ""
    while cursor is not None:
        answer = person.get(f"{path}?limit={limit}{cursor and f'&cursor={cursor}'}")
        assert answer.status == 200, answer.body
        entries += answer.data
        cursor = answer.json["meta"]["next_cursor"]
    return entries


def test_what_people_note_is_listed_newest_first_and_found_again(owner, lead, advance):
    path = f"/leads/{lead['id']}/interactions"
    for number in range(5):
        advance(minutes=1)
        assert owner.post(path, {"type": "call", "body": f"call {number}"}).status == 201
    owner.post(path, {"type": "meeting", "body": "long ago", "at": "2020-01-01T10:00:00+01:00"})

    notes = everything(owner, path)

    assert [note["body"] for note in notes] == ["call 4", "call 3", "call 2", "call 1", "call 0", "long ago"]
    assert owner.get(f"{path}/{notes[0]['id']}").data == notes[0]
    assert notes[-1]["at"] == "2020-01-01T09:00:00.000Z"
    assert owner.get(f"/leads/{lead['id']}").data["last_activity_at"] == notes[0]["at"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_timeline_has_every_channel_once_newest_first_however_it_is_paged(owner, lead, advance, limit):
    texts, tenant = [], Tenant(owner)
    for number in range(3):
        advance(minutes=1)
        owner.post(f"/leads/{lead['id']}/interactions", {"type": "note", "body": f"note {number}"})
        advance(minutes=1)
        event = {"type": "track", "event": f"bought {number}", "id": f"e{number}", "userId": "ann"}
        tenant.send([event | {"timestamp": utc_now().isoformat()}])
        advance(minutes=1)
        entry = Entry(f"mail-{number}", utc_now(), "email", "opened", f"mail {number}")
        for _ in range(2):
            write([timeline_entry(owner.client_id, lead["id"], entry)])
        texts += [f"note {number}", f"bought {number}", f"mail {number}"]

    entries = everything(owner, f"/leads/{lead['id']}/timeline", limit)

    assert [entry["text"] for entry in entries] == texts[::-1]
    assert {entry["channel"] for entry in entries} == {"interaction", "product", "email"}


def test_a_site_whose_user_ids_are_addresses_tells_of_its_leads(owner, advance):
    tenant = Tenant(owner)
    known = owner.post("/leads", {"email": "Bob@a.example"}).data
    tenant.send([{"type": "identify", "id": "i1", "userId": "bob@a.example", "timestamp": utc_now().isoformat()}])
    tenant.send([{"type": "track", "event": "paid", "id": "t1", "userId": "bob@a.example"}])

    assert "paid" in {lead["text"] for lead in everything(owner, f"/leads/{known['id']}/timeline")}


def test_whoever_gives_a_leads_address_to_an_sdk_is_its_person_whichever_came_first(owner):
    tenant = Tenant(owner)
    before = owner.post("/leads", {"email": "first@a.example"}).data
    for user in ("first", "later"):
        tenant.send([{"type": "identify", "userId": user, "traits": {"email": f"{user.title()}@a.example"}}])
        tenant.send([{"type": "track", "event": f"paid by {user}", "userId": user}])
    after = owner.post("/leads", {"email": "later@a.example"}).data

    timelines = [
        {lead["text"] for lead in everything(owner, f"/leads/{lead['id']}/timeline")} for lead in (before, after)
    ]
    assert ["paid by first" in timelines[0], "paid by later" in timelines[1]] == [True, True]
    audience = StoredAudiences(PeopleService(event_log()))
    assert {person.id for person in audience.of_persons(owner.client_id, ["first", "later"])} == {
        before["id"],
        after["id"],
    }

    [people] = personal_data()
    wanted = {Identifier(IdKind.EMAIL, "first@a.example"), Identifier(IdKind.USER, "first")}
    assert wanted <= set(people.resolve(owner.client_id, [Identifier.of(IdKind.EMAIL, "FIRST@a.example")]))
    assert wanted <= set(people.resolve(owner.client_id, [Identifier.of(IdKind.USER, "first")]))


def test_the_ledger_keeps_every_consent_and_the_lead_the_newest(owner, lead, advance):
    for granted in (True, False, True):
        advance(minutes=1)
        consent = {"granted": granted, "source": "form", "text": "Yes", "text_version": "2"}
        owner.put(f"/leads/{lead['id']}", {"consent": {"email": consent}})

    ledger = everything(owner, f"/leads/{lead['id']}/consents")

    assert [entry["granted"] for entry in ledger] == [True, False, True]
    assert {(entry["channel"], entry["text_version"], entry["by"]) for entry in ledger} == {("email", "2", owner.id)}
    assert ledger[0]["network"].endswith("/24")
    assert {"channel": "email", **owner.get(f"/leads/{lead['id']}").data["consent"]["email"]} == ledger[0]


def test_a_follow_up_opens_a_task_that_is_due_then_for_the_leads_owner(people, owner, lead):
    member = people.member_of(owner)
    owner.post(f"/clients/{owner.client_id}/members", {"user_id": member.id, "role": "member"})
    body = {"type": "follow_up", "body": "Ask again", "due_at": "2027-01-01T10:00:00+01:00"}

    mine = owner.post(f"/leads/{lead['id']}/interactions", body).data
    owner.put(f"/leads/{lead['id']}", {"owner_id": member.id})
    theirs = owner.post(f"/leads/{lead['id']}/interactions", body).data

    tasks = [owner.get(f"/tasks/{interaction['task_id']}").data for interaction in (mine, theirs)]
    assert [task["assignees"] for task in tasks] == [[owner.id], [member.id]]
    assert {(task["name"], task["description"], task["due_date"]) for task in tasks} == {
        ("Follow up with a@a.example", "Ask again", "2027-01-01T09:00:00.000Z")
    }
    assert {(task["related_object_type"], task["related_object_id"]) for task in tasks} == {("lead", lead["id"])}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "fax"},
        {"body": "no type"},
        {"type": "note", "at": "2026-01-01T10:00:00"},
        {"type": "note", "due_at": "2026-01-01T10:00:00Z"},
        {"type": "follow_up"},
        {"type": "note", "body": "x" * 10_001},
    ],
)
def test_an_interaction_that_cannot_be_is_refused(owner, lead, body):
    assert owner.post(f"/leads/{lead['id']}/interactions", body).status == 400


def test_another_tenant_sees_nothing_of_it(people, owner, lead):
    noted = owner.post(f"/leads/{lead['id']}/interactions", {"type": "note", "body": "n"}).data
    stranger, path = people.sign_up(), f"/leads/{lead['id']}"

    places = ("interactions", f"interactions/{noted['id']}", "timeline", "consents")
    assert {stranger.get(f"{path}/{place}").status for place in places} == {404}
    assert stranger.post(f"{path}/interactions", {"type": "note"}).status == 404
