"""Models of what becomes of leads: trained by the worker, activated, and asked for scores that reconcile."""

from math import log

import pytest

from groundswell.scoring.regression import job as training
from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.audience.test_imports import result, sent

PLANS = ("free", "pro", "team", "free")


def leads_csv(rows: int = 120) -> str:
    """Leads of `team` are mostly won, those of `free` are not; the more seats, the likelier."""
    lines = ["Code,Plan,Seats,Kept"]
    for at in range(rows):
        plan, seats = PLANS[at % 4], (at * 7) % 40
        won = int(plan == "team" or (plan == "pro" and seats > 20) or at % 11 == 0)
        lines.append(f"c{at},{plan},{seats if at % 5 else ''},{won}")
    return "\n".join(lines)


@pytest.fixture
def imported(owner, work):
    operation = sent(owner, leads_csv())
    work()
    assert result(owner, operation)["created"] == 120
    return owner


def trained(person, work, **body):
    answer = person.post("/leadscoring/train", body)
    assert (answer.status, answer.headers["location"]) == (202, f"/api/v1/operations/{answer.data['id']}")
    work()
    return answer.data["id"]


def logit(score: float) -> float:
    return log(score / (1 - score))


def test_a_model_is_trained_activated_and_asked_and_its_scores_reconcile(imported, work):
    outcome = result(imported, trained(imported, work, target={"field": "Kept", "equals": 1}))
    won = sum(line.endswith(",1") for line in leads_csv().splitlines())
    assert (outcome["rows"], outcome["positives"], outcome["folds"]) == (120, won, 5)
    assert 0.8 < outcome["auc"] <= 1
    assert sum(band["n"] for band in outcome["calibration"]) == 120
    assert {coefficient["feature"] for coefficient in outcome["coefficients"]} == {"(intercept)", "Plan", "Seats"}

    [model] = imported.get("/leadscoring/models").data
    assert (model["id"], model["active"], model["auc"]) == (outcome["model_id"], False, outcome["auc"])
    config = imported.post(f"/leadscoring/models/{model['id']}/activate").data
    assert (config["model"], config["model_id"], config["version"]) == ("logistic", model["id"], 1)
    assert imported.post(f"/leadscoring/models/{model['id']}/activate").data["version"] == 1
    assert imported.get(f"/leadscoring/models/{model['id']}").data["active"] is True

    ids = [lead["id"] for lead in imported.get("/leads?limit=20").data]
    scores = imported.post("/leadscoring/score", {"lead_ids": ids}).data
    for score in scores:
        assert score["logit"] == score["intercept"] + sum(reason["contribution"] for reason in score["reasons"])
        assert logit(score["score"]) == pytest.approx(score["logit"], abs=1e-9)
        assert (score["model"], score["model_id"], score["points"]) == ("logistic", model["id"], None)
    [team, free] = imported.post(
        "/leadscoring/score",
        {"leads": [{"custom_fields": {"Plan": "TEAM", "Seats": "30"}}, {"custom_fields": {"Plan": "free"}}]},
    ).data
    assert team["score"] > free["score"]

    rule = {
        "name": "Team",
        "axis": "fit",
        "when": {"field": "Plan", "operator": "equals", "value": "team"},
        "points": 40,
    }
    body = {"model": "combined", "rules": [rule], "weights": {"rules": 0.25, "logistic": 0.75}}
    assert imported.put("/leadscoring/config", body).status == 200
    [both] = imported.post("/leadscoring/score", {"leads": [{"custom_fields": {"Plan": "team", "Seats": 30}}]}).data
    parts = both["components"]
    assert parts["rules"] == {"score": both["points"] / 100, "weight": 0.25}
    assert parts["logistic"]["score"] == pytest.approx(team["score"])
    assert both["score"] == 0.25 * parts["rules"]["score"] + 0.75 * parts["logistic"]["score"]


def test_a_trainer_that_is_killed_is_followed_by_one_that_makes_one_and_the_same_model(
    imported, work, moto, monkeypatch
):
    monkeypatch.setattr(training, "_PIECE", 50)
    target = {"target": {"field": "Kept", "equals": "1"}, "exclude": ["Seats"]}
    first = result(imported, trained(imported, work, **target))

    answer = imported.post("/leadscoring/train", target)
    body = {"Records": [{"messageId": "1", "body": _message(moto, answer.data["id"])}]}
    for step in ("put", "clean"):
        store = training_store(monkeypatch, step)
        with pytest.raises(Crash):
            call_handler(moto, "audience_jobs", body)
        store()
    call_handler(moto, "audience_jobs", body)

    again = result(imported, answer.data["id"])
    assert {**again, "model_id": None} == {**first, "model_id": None}
    assert len(imported.get("/leadscoring/models").data) == 2
    assert {coefficient["feature"] for coefficient in again["coefficients"]} == {"(intercept)", "Plan"}


def training_store(monkeypatch, step: str):
    """The next worker dies in this step; gives what takes that back."""
    from groundswell.scoring.regression.store import S3TrainingRows

    known = getattr(S3TrainingRows, step)

    def dies(self, *arguments):
        known(self, *arguments)
        raise Crash

    monkeypatch.setattr(S3TrainingRows, step, dies)
    return lambda: monkeypatch.setattr(S3TrainingRows, step, known)


def _message(moto, operation_id: str) -> str:
    waiting = [item["body"]["S"] for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    return next(body for body in waiting if operation_id in body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"target": {"field": "Kept", "equals": "never"}}, "0 of 120 leads"),
        ({"target": {"field": "Kept", "equals": 1}, "features": ["Nowhere"]}, "Nowhere"),
        ({}, "0 of 0 leads"),
    ],
)
def test_what_cannot_be_trained_fails_with_its_reason(imported, work, body, reason):
    operation = imported.get(f"/operations/{trained(imported, work, **body)}").data
    assert operation["status"] == "failed"
    assert reason in operation["error"]
    assert imported.get("/leadscoring/models").data == []


def test_a_model_of_somebody_else_is_none(imported, people):
    assert imported.post("/leadscoring/models/none/activate").status == 404
    assert imported.get("/leadscoring/models/none").status == 404
    refused = imported.post("/leadscoring/train", {"features": ["a"], "exclude": ["a"]})
    assert (refused.status, refused.json["error"]["field"]) == (400, "features")
