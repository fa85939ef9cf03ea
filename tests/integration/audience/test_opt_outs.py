"""Opt-outs and consents over HTTP."""

import pytest


def test_an_address_opts_out_once_and_is_found_by_it(owner):
    ada = owner.post("/leads", {"email": "ada@a.example"}).data["id"]
    answers = [
        owner.post("/audience/opt-outs", {"email": "ADA@a.example", "reason": reason}) for reason in ("manual",) * 2
    ]
    worse = owner.post("/audience/opt-outs", {"email": "ada@a.example", "reason": "complaint"})

    assert [answer.status for answer in (*answers, worse)] == [201, 200, 200]
    assert len({answer.data["id"] for answer in (*answers, worse)}) == 1
    [opt_out] = owner.get("/audience/opt-outs?email=Ada@a.example").data
    assert (opt_out["email"], opt_out["reason"]) == ("ada@a.example", "complaint")
    assert owner.get(f"/audience/opt-outs/{opt_out['id']}").data == opt_out
    assert [lead["event"] for lead in owner.get(f"/leads/{ada}/timeline").data] == ["opted_out", "opted_out"]
    assert owner.delete(f"/audience/opt-outs/{opt_out['id']}").status == 200
    assert owner.get("/audience/opt-outs").data == []


@pytest.mark.parametrize(
    "body", [{}, {"email": "no"}, {"email": "a@a.example", "telegram_chat_id": 1}, {"telegram_chat_id": "x"}]
)
def test_what_is_no_address_is_refused(owner, body):
    assert owner.post("/audience/opt-outs", body).status == 400


def test_consents_are_noted_and_the_newest_holds(owner):
    ada = owner.post("/leads", {"email": "ada@a.example"}).data["id"]
    for granted in (True, False):
        body = {"lead_id": ada, "channel": "email", "granted": granted, "source": "call"}
        assert owner.post("/audience/consents", body).status == 201

    assert [consent["granted"] for consent in owner.get(f"/audience/consents?lead_id={ada}").data] == [False, True]
    assert owner.get(f"/leads/{ada}").data["consent"]["email"]["granted"] is False
    assert owner.get("/audience/consents").status == 400
