"""Lead scoring over HTTP."""

import pytest

from functions.scoring.examples import CONFIG, SCORE
from tests.people import Person

HEAD, PRICING = CONFIG["rules"]


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


def lead(person: Person, **values) -> str:
    answer = person.post("/leads", values)
    assert answer.status == 201, answer.body
    return answer.data["id"]


def rules(person: Person, *rules_: dict, **more) -> int:
    answer = person.put("/leadscoring/config", {"rules": list(rules_), **more})
    assert answer.status == 200, answer.body
    return answer.data["version"]


def reconciles(result: dict) -> bool:
    points = sum(reason["points"] for reason in result["reasons"])
    return result["points"] == points and result["score"] == max(0, min(1, points / 100))


def test_a_config_has_versions_and_what_is_absent_stays(ada):
    assert (ada.get("/leadscoring/config").data["version"], ada.get("/leadscoring/config").data["rules"]) == (0, [])
    first = ada.put("/leadscoring/config", CONFIG)
    assert (first.status, first.data["version"], first.headers["etag"]) == (200, 1, '"1"')

    second = ada.put("/leadscoring/config", {"thresholds": {"A": 90}}, headers={"If-Match": '"1"'})

    assert second.data["thresholds"] == {**CONFIG["thresholds"], "A": 90}
    assert [rule["id"] for rule in second.data["rules"]] == ["head", "pricing"]
    assert ada.put("/leadscoring/config", CONFIG, headers={"If-Match": '"1"'}).status == 412
    assert ada.get("/leadscoring/config").data == second.data
    assert ada.get("/leadscoring/config?version=1").data == first.data
    assert ada.get("/leadscoring/config?version=3").status == 404


def test_leads_that_are_sent_are_scored_with_reasons_and_not_kept(ada):
    rules(ada, HEAD, {**PRICING, "half_life_days": None})

    [result] = ada.post("/leadscoring/score", SCORE).data

    assert (result["points"], result["score"], result["fit"], result["engagement"]) == (42, 0.42, 30, 12)
    assert [reason["rule"] for reason in result["reasons"]] == ["head", "pricing"]
    assert reconciles(result)
    assert ada.get("/leadscoring/results").data == []


def test_scores_of_stored_leads_are_kept_on_the_lead_and_in_the_results(ada):
    version = rules(
        ada, HEAD, {**HEAD, "id": "seats", "when": {"field": "seats", "operator": "gt", "value": 10}, "points": 42}
    )
    first = lead(ada, email="a@one.example", title="Head", custom_fields={"seats": 40})
    other = lead(ada, email="b@one.example", title="Head")

    answer = ada.post("/leadscoring/score", {"lead_ids": [other, first]})

    assert [(result["lead_id"], result["score"], result["grade"]) for result in answer.data] == [
        (other, 0.3, "D"),
        (first, 0.72, "B"),
    ]
    assert all(reconciles(result) and result["model_version"] == version for result in answer.data)
    stored = ada.get(f"/leads/{first}").data
    assert (stored["score"], stored["grade"], stored["scored_at"]) == (0.72, "B", answer.data[1]["scored_at"])
    assert [lead["id"] for lead in ada.get("/leads?min_score=0.7").data] == [first]
    assert ada.get("/leadscoring/results").data == answer.data[::-1]
    assert ada.get("/leadscoring/results?min_score=0.7").data == [answer.data[1]]
    assert ada.get("/leadscoring/results?grade=D").data == [answer.data[0]]


def test_results_come_in_pages_the_highest_first_and_each_lead_once(ada):
    rules(ada, {**HEAD, "points": 50})
    ids = [lead(ada, email=f"{number}@one.example", title="Head") for number in range(3)]
    for _ in range(2):
        assert ada.post("/leadscoring/score", {"lead_ids": ids}).status == 200

    one = ada.get("/leadscoring/results?limit=2")
    rest = ada.get(f"/leadscoring/results?limit=2&cursor={one.json['meta']['next_cursor']}")

    assert sorted(result["lead_id"] for result in (*one.data, *rest.data)) == sorted(ids)
    assert rest.json["meta"]["next_cursor"] is None


def test_one_leads_score_is_live_and_a_deleted_leads_is_gone(ada):
    rules(ada, HEAD)
    id_ = lead(ada, email="a@one.example", title="Head")
    ada.post("/leadscoring/score", {"lead_ids": [id_]})
    rules(ada, {**HEAD, "points": 10})

    assert ada.get(f"/leadscoring/results/{id_}").data["points"] == 10
    assert ada.get("/leadscoring/results").data[0]["points"] == 30
    ada.delete(f"/leads/{id_}")
    assert ada.get(f"/leadscoring/results/{id_}").status == 404
    assert ada.get("/leadscoring/results").data == []


def test_ids_that_are_no_leads_of_the_client_are_named_and_nothing_is_kept(ada, people):
    mine, foreign = lead(ada, email="a@one.example"), lead(people.sign_up(), email="a@one.example")

    refused = ada.post("/leadscoring/score", {"lead_ids": [mine, foreign, "none"]})

    assert (refused.status, refused.json["error"]["details"]["ids"]) == (404, [foreign, "none"])
    assert ada.get("/leadscoring/results").data == []


def test_a_preview_says_what_would_change_and_changes_nothing(ada):
    rules(ada, HEAD)
    head, _ = lead(ada, email="a@one.example", title="Head"), lead(ada, email="b@one.example")

    preview = ada.post("/leadscoring/config/preview", {"rules": [{**HEAD, "points": 60}]}).data

    assert preview == {
        "leads": 2,
        "changed": 1,
        "sample": [{"lead_id": head, "before": 0.3, "after": 0.6, "grade_before": "D", "grade_after": "B"}],
    }
    assert ada.get("/leadscoring/config").data["version"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rules": [{**HEAD, "when": {"field": "title", "operator": "gt", "value": 5}}]}, "rules.0.when.operator"),
        ({"rules": [{**HEAD, "when": {"field": "title", "operator": "like", "value": 5}}]}, "rules.0.when.operator"),
        ({"rules": [{**HEAD, "points": 0.1}]}, "rules.0.points"),
        ({"rules": [{**HEAD, "points": 5000}]}, "rules.0.points"),
        ({"rules": [HEAD, HEAD]}, "rules.1.id"),
        ({"thresholds": {"A": 0.3}}, "thresholds.A"),
        ({"model": "oracle"}, "model"),
    ],
)
def test_a_config_that_cannot_work_is_refused_by_the_path_of_what_is_wrong(ada, body, field):
    refused = ada.put("/leadscoring/config", body)
    assert (refused.status, refused.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    "body", [{}, {"lead_ids": [], "leads": []}, {"lead_ids": ["a"], "leads": [{}]}, {"all": False}]
)
def test_what_is_to_be_scored_is_ids_or_leads_or_all(ada, body):
    assert ada.post("/leadscoring/score", body).status == 400
