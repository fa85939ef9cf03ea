"""What campaigns ask: who is meant, how many, and whom not to write to."""

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.audience.adapter_wiring import audience, lists, members, opt_outs
from groundswell.audience.model import Audience, Channel, OptIn, Reason
from groundswell.audience.privacy import personal_data
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture, lead_service
from groundswell.personal_data.identifiers import Identifier, IdKind


@pytest.fixture
def who(moto, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://api.example")
    return ClientContext(new_id(), "org", "me", Role.OWNER)


def lead(who, number, **values):
    return lead_capture().capture(who, {"email": f"p{number}@a.example", **values}).id


def mailing_list(who, *leads):
    made = lists().create(who, "News", OptIn.SINGLE, None).id
    members().add(who, made, leads)
    return made


def everybody(who, wanted, limit=2):
    return list(audience().all_of(who.client_id, wanted, limit))


def test_everybody_who_is_meant_comes_once_however_often_they_are_meant(who):
    leads = [lead(who, number) for number in range(6)]
    one, two = mailing_list(who, *leads[:3]), mailing_list(who, *leads[2:4])
    wanted = Audience(list_ids=(one, two), lead_ids=(leads[0], leads[5], leads[5], "nobody"))

    lead_ids = everybody(who, wanted)
    assert (sorted(lead_ids), len(set(lead_ids))) == (sorted([*leads[:4], leads[5]]), len(lead_ids))
    assert audience().count(who.client_id, wanted) == 5
    assert audience().count(who.client_id, Audience(list_ids=(one,))) == 3
    assert audience().count(who.client_id, Audience(all=True)) == 6
    assert sorted(everybody(who, Audience(all=True, list_ids=(one,)))) == sorted(leads)
    assert everybody(who, Audience(lead_ids=(leads[4],))) == [leads[4]]
    assert [lead.id for lead in audience().sample(who.client_id, Audience(all=True), 2)] == leads[:2]


def test_audiences_of_nobody_and_of_what_is_not_there_are_refused(who):
    for wanted in (Audience(), Audience(list_ids=("nope",)), Audience(cohort_ids=("nope",))):
        with pytest.raises(Invalid):
            audience().check(who.client_id, wanted)
    audience().check(who.client_id, Audience(list_ids=(mailing_list(who),)))


def test_refusals_of_a_hundred_leads_are_one_read(who, calls):
    ids = [lead(who, number) for number in range(4)]
    chat = lead_capture().capture(who, {"telegram_chat_id": "77"}).id
    lead_service().update(who, ids[1], {"consent": {"email": {"granted": False}}})
    audience().opt_out(who.client_id, Channel.EMAIL, "P2@a.example", Reason.HARD_BOUNCE, "ses")
    audience().opt_out(who.client_id, Channel.EMAIL, "p2@a.example", Reason.UNSUBSCRIBED, "link")
    audience().opt_out(who.client_id, Channel.TELEGRAM, "77", Reason.COMPLAINT, None)
    leads = [lead_service().get(who.client_id, identifier) for identifier in (*ids, chat)]

    with calls.counted() as made:
        refused = audience().refusals(who.client_id, leads, Channel.EMAIL)
    assert refused == {ids[1]: "consent_refused", ids[2]: "hard_bounce", chat: "no_address"}
    assert made == ["BatchGetItem"]
    assert audience().refusals(who.client_id, leads[-1:], Channel.TELEGRAM) == {chat: "complaint"}


def test_an_opt_out_outlives_the_person_who_is_forgotten(who):
    ada = lead(who, 1)
    opt_out = audience().opt_out(who.client_id, Channel.EMAIL, "p1@a.example", Reason.UNSUBSCRIBED, "link")
    news = mailing_list(who, ada)
    [mine] = personal_data()
    person = [Identifier.of(IdKind.EMAIL, "p1@a.example"), Identifier.of(IdKind.LEAD, ada)]

    records = mine.tell(who.client_id, person, None).records
    assert [next(iter(record)) for record in records] == ["membership", "opt_out"]
    for _ in range(2):
        mine.forget(who.client_id, person)
    assert opt_outs().get(who.client_id, opt_out.id).address is None
    assert opt_outs().find(who.client_id, Channel.EMAIL, "p1@a.example").reason is Reason.UNSUBSCRIBED
    assert members().page(who.client_id, news, None, 10, None).items == ()


def test_a_purge_leaves_nothing_of_a_client(who, moto):
    mailing_list(who, lead(who, 1))
    audience().opt_out(who.client_id, Channel.EMAIL, "p1@a.example", Reason.MANUAL, None)
    [mine] = personal_data()

    assert sum(mine.purge(who.client_id)) > 0
    assert sum(mine.purge(who.client_id)) == 0
    kinds = {item["kind"]["S"] for item in moto.items("core") if who.client_id in item["pk"]["S"]}
    assert not kinds & {"audience_list", "audience_member", "opt_out"}
