"""Erasures and exports of people whom no event names: by their lead, their address, their number."""

import pytest

from tests.integration.privacy.test_exports import lines, opened


@pytest.fixture
def lead(owner):
    body = {"email": "ada@a.example", "phone": "+49 30 901820", "identities": {"distinct_id": "qz-ada"}}
    made = owner.post("/leads", body).data
    owner.post(f"/leads/{made['id']}/interactions", {"type": "note", "body": "met her"})
    return made


@pytest.mark.parametrize("name", ["lead_id", "email", "phone"])
def test_an_export_names_a_lead_and_has_what_is_known_of_it(worker, owner, moto, lead, name):
    value = {"lead_id": lead["id"], "email": "ADA@a.example", "phone": "+49 30 901820"}[name]
    done = worker.finish(worker.start({name: value}, "exports"))

    assert done["status"] == "succeeded", done
    _, members = opened(moto, owner, done)
    [record] = [line["lead"] for line in lines(members, "leads.jsonl") if "lead" in line]
    assert (record["id"], record["email"]) == (lead["id"], "ada@a.example")


@pytest.mark.parametrize("name", ["lead_id", "email", "phone"])
def test_an_erasure_by_a_lead_takes_the_lead_and_its_events(worker, owner, past, lead, name):
    past.send(
        {"type": "track", "event": "Seen", "userId": "qz-ada"}, {"type": "track", "event": "Seen", "userId": "bob"}
    )
    value = {"lead_id": lead["id"], "email": lead["email"], "phone": lead["phone"]}[name]
    other = owner.post("/leads", {"email": "bob@a.example"}).data

    done = worker.erase({name: value})

    assert (done["status"], done["result"]["events_erased"]) == ("succeeded", 1), done
    assert owner.get(f"/leads/{lead['id']}").status == 404
    assert owner.get(f"/leads/{other['id']}").status == 200


def test_a_number_that_is_none_is_refused(owner):
    for what in ("erasures", "exports"):
        answer = owner.post(f"/privacy/{what}", {"phone": "12"})
        assert (answer.status, answer.json["error"]["field"]) == (400, "phone")
        assert owner.post(f"/privacy/{what}", {"phone": "+49 30 901820", "email": "a@a.example"}).status == 400
