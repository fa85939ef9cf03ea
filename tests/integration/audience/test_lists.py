"""Lists over HTTP: who is added, confirms, leaves; and what is left when a list goes."""

import re

import pytest

from groundswell.audience.adapter_wiring import members
from groundswell.audience.model import MemberStatus
from tests.outbox import mail_to


def made(person, **fields):
    answer = person.post("/audience/lists", {"name": "News", **fields})
    assert answer.status == 201, answer.body
    return answer.data["id"]


def added(person, list_id, **body):
    answer = person.post(f"/audience/lists/{list_id}/members", body)
    assert answer.status == 200, answer.body
    return answer.data


def statuses(person, list_id, query=""):
    memberships = person.get(f"/audience/lists/{list_id}/members?{query}").data
    return {membership["email"]: membership["status"] for membership in memberships}


def test_leads_are_added_by_id_or_address_and_are_found_by_the_list(owner):
    list_id = made(owner)
    ada = owner.post("/leads", {"email": "ada@a.example"}).data["id"]
    results = added(owner, list_id, lead_ids=[ada, "0192f0c1-7c1a-7d3e-8f00-000000000000", ada])
    new = added(owner, list_id, emails=["Grace@a.example", "nobody", "ada@a.example"])

    assert [(result["status"], result["error"]) for result in results] == [
        ("subscribed", None),
        (None, "LEAD_NOT_FOUND"),
    ]
    assert [result["error"] for result in new] == [None, "INVALID_EMAIL", None]
    assert statuses(owner, list_id) == {"ada@a.example": "subscribed", "grace@a.example": "subscribed"}
    listed = owner.get(f"/leads?list_id={list_id}").json
    assert (len(listed["data"]), listed["meta"]["total"]) == (2, 2)
    assert owner.get("/audience/lists").data[0]["members"] == 2
    assert [lead["event"] for lead in owner.get(f"/leads/{ada}/timeline").data] == ["subscribed"]


def test_double_opt_in_asks_by_mail_once_and_the_link_confirms(owner, moto):
    list_id = made(owner, opt_in="double")
    for _ in range(2):
        [ada] = added(owner, list_id, emails=["ada@a.example"])
        assert ada["status"] == "pending"
    confirmation = mail_to(moto, "ada@a.example")
    mails = [item for item in moto.items("core") if item.get("queue", {}).get("S") == "mail"]
    assert sum('"to":"ada@a.example"' in item["body"]["S"] for item in mails) == 1
    assert owner.get(f"/leads?list_id={list_id}").json["meta"]["total"] == 0

    token = re.search(r"/c/(\S+)", confirmation["text"])[1]
    for _ in range(2):
        mailing_list, member = members().confirm(token)
        assert (mailing_list.id, member.status) == (list_id, MemberStatus.SUBSCRIBED)
    assert owner.get(f"/leads?list_id={list_id}").json["meta"]["total"] == 1
    [consent] = owner.get(f"/audience/consents?lead_id={ada['lead_id']}").data
    assert (consent["channel"], consent["granted"], consent["source"]) == ("email", True, "double opt-in")
    assert statuses(owner, list_id, "status=pending") == {}


def test_who_unsubscribed_stays_so_whoever_adds_them(owner):
    list_id = made(owner)
    [ada] = added(owner, list_id, emails=["ada@a.example"])
    path = f"/audience/lists/{list_id}/members/{ada['lead_id']}"

    assert owner.post(f"{path}/unsubscribe").data["status"] == "unsubscribed"
    assert added(owner, list_id, emails=["ada@a.example"])[0]["status"] == "unsubscribed"
    assert owner.get("/audience/lists").data[0]["members"] == 0
    assert owner.delete(path).status == 200
    assert owner.get(path).status == 404
    assert added(owner, list_id, emails=["ada@a.example"])[0]["status"] == "subscribed"


def test_pages_of_members_hold_everybody_once(owner):
    list_id = made(owner)
    added(owner, list_id, emails=[f"p{n}@a.example" for n in range(5)])
    for query in ("", "status=subscribed&"):
        emails, cursor = [], ""
        while cursor is not None:
            page = owner.get(f"/audience/lists/{list_id}/members?{query}limit=2{cursor and f'&cursor={cursor}'}").json
            emails += [member["email"] for member in page["data"]]
            cursor = page["meta"]["next_cursor"]
        assert sorted(emails) == [f"p{n}@a.example" for n in range(5)]


def test_a_deleted_list_is_gone_at_once_and_its_leads_are_taken_off(owner, work):
    list_id, other = made(owner), made(owner, name="Other")
    for target_id in (list_id, other):
        added(owner, target_id, emails=["ada@a.example"])

    assert owner.delete(f"/audience/lists/{list_id}").status == 200
    assert owner.get(f"/audience/lists/{list_id}").status == 404
    work()
    [ada] = owner.get("/leads").data
    assert ada["list_ids"] == [other]
    assert [audience_list["id"] for audience_list in owner.get("/audience/lists").data] == [other]


def test_lists_of_others_are_not_there(owner, people):
    list_id = made(owner)
    stranger = people.sign_up()

    for method, path in [("GET", ""), ("DELETE", ""), ("GET", "/members")]:
        assert stranger.call(method, f"/audience/lists/{list_id}{path}").status == 404
    assert stranger.post(f"/audience/lists/{list_id}/members", {"emails": ["a@a.example"]}).status == 404
    assert stranger.get("/leads").data == []


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "opt_in": "triple"}, {"name": "x", "more": 1}])
def test_a_list_that_is_none_is_refused(owner, body):
    assert owner.post("/audience/lists", body).status == 400
