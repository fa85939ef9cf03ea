"""What is left of leads when their client, or a person, goes: nothing."""

import pytest

from groundswell.leads.privacy import personal_data
from groundswell.personal_data.identifiers import Identifier, IdKind


@pytest.fixture
def owner(people):
    return people.sign_up()


def filled(person):
    """A lead with everything that there may be of one."""
    body = {"email": "ada@a.example", "phone": "+4930901820", "source": "web", "tags": ["a"], "company": "Acme"}
    identities = {
        "telegram_chat_id": "77",
        "distinct_id": "user-1",
        "wallet": "0x52908400098527886E0F7030069857D2E4169EE7",
        "external": {"crm": "1"},
    }
    consent = {"email": {"granted": True}}
    lead = person.post("/leads", body | {"identities": identities, "consent": consent}).data
    other = person.post("/leads", {"email": "ada@home.example"}).data
    for stored_lead in (lead, other):
        person.post(f"/leads/{stored_lead['id']}/interactions", {"type": "note", "body": "ada@"})
    person.put(f"/leads/{lead['id']}", {"title": "t"})
    person.post("/leads/merge", {"keep_id": lead["id"], "other_id": other["id"]})
    return lead


def left(person):
    """Keys of the client's items of leads that are not nothing."""
    items = person.gateway.backend.items("core")
    mine = [item for item in items if item["pk"]["S"].startswith("LEAD") and person.client_id in item["pk"]["S"]]
    return sorted(f"{item['pk']['S']} {item['sk']['S']}" for item in mine)


def test_a_purge_leaves_nothing_of_a_client_and_everything_of_others(people, owner):
    other = people.sign_up()
    for person in (owner, other):
        filled(person)
    before = left(other)

    [leads] = personal_data()
    pages = [sum(leads.purge(owner.client_id)) for _ in range(2)]

    assert pages[0] > 0
    assert pages[1] == 0
    assert left(owner) == []
    assert left(other) == before


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdKind.EMAIL, "ADA@a.example"),
        (IdKind.EMAIL, "ada@home.example"),
        (IdKind.PHONE, "+4930901820"),
        (IdKind.TELEGRAM, "77"),
        (IdKind.USER, "user-1"),
        (IdKind.WALLET, "eip155:137:0x52908400098527886e0f7030069857d2e4169ee7"),
        (IdKind.LEAD, None),
    ],
)
def test_a_person_is_known_told_and_forgotten_by_whatever_names_them(owner, kind, value):
    lead, [leads] = filled(owner), personal_data()
    stays = owner.post("/leads", {"email": "bob@a.example"}).data
    persons = [Identifier.of(kind, value or lead["id"])]

    known = set(leads.resolve(owner.client_id, persons))
    kinds = [next(iter(record)) for record in leads.tell(owner.client_id, persons, None).records]
    for _ in range(2):
        leads.forget(owner.client_id, persons)

    assert {Identifier(IdKind.EMAIL, "ada@home.example"), Identifier(IdKind.LEAD, lead["id"]), *persons} <= known
    assert kinds == ["lead", "interaction", "consent", "interaction"]
    assert leads.resolve(owner.client_id, persons) == []
    mine = [item for item in owner.gateway.backend.items("core") if owner.client_id in item["pk"]["S"]]
    assert [item for item in mine if "ada@" in repr(item)] == []
    assert [lead["id"] for lead in owner.get("/leads").data] == [stays["id"]]
    assert owner.get("/leads").json["meta"]["total"] == 1


def test_a_person_is_forgotten_by_a_solana_address_whatever_the_chain(owner):
    address = "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"
    account = f"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{address}"
    assert owner.post("/leads", {"identities": {"wallet": account}}).status == 201
    [leads] = personal_data()

    leads.forget(owner.client_id, [Identifier.of(IdKind.WALLET, address.swapcase())])
    assert len(owner.get("/leads").data) == 1, "another address"
    leads.forget(owner.client_id, [Identifier.of(IdKind.WALLET, address)])

    assert owner.get("/leads").data == []
