"""Callers who mean the same person at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import People


@pytest.fixture
def owner(emulator, new_gateway):
    emulator.configure(RATE_LIMITS="off")
    return People(new_gateway(emulator)).sign_up()


def at_once(call, number):
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(lambda _: call(), range(number)))


@pytest.mark.emulator
def test_of_ten_leads_with_one_address_at_once_one_wins_and_the_others_hear_its_id(owner):
    answers = at_once(lambda: owner.post("/leads", {"email": "ada@a.example"}), 10)

    [won] = [answer.data["id"] for answer in answers if answer.status == 201]
    lost = [answer.json["error"] for answer in answers if answer.status != 201]
    assert {(error["code"], error["details"]["id"]) for error in lost} == {("LEAD_EXISTS", won)}
    listed = owner.get("/leads").json
    assert ([lead["id"] for lead in listed["data"]], listed["meta"]["total"]) == ([won], 1)


@pytest.mark.emulator
def test_of_five_upserts_at_once_one_makes_the_lead_and_each_leaves_its_tag(owner):
    tags = iter(range(5))
    answers = at_once(
        lambda: owner.post("/leads?upsert=true", {"email": "ada@a.example", "tags": [f"t{next(tags)}"]}), 5
    )

    assert sorted(answer.status for answer in answers) == [200, 200, 200, 200, 201]
    [lead] = owner.get("/leads").data
    assert sorted(lead["tags"]) == ["t0", "t1", "t2", "t3", "t4"]
