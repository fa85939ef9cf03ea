"""Scores are kept current: as leads are made, change and do something; and what a threshold's crossing sets off."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.kernel.clock import rfc3339
from groundswell.scoring import adapter_leads
from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant
from tests.integration.audience.test_segments import kept

HEAD = {
    "id": "head",
    "name": "Head",
    "axis": "fit",
    "when": {"field": "title", "operator": "contains", "value": "head"},
}
PAID = {"id": "paid", "name": "Paid", "axis": "engagement", "when": {"event": "Paid"}, "points": 30, "repeatable": True}


def configured(person, *rules, **more):
    answer = person.put("/leadscoring/config", {"rules": list(rules), **more})
    assert answer.status == 200, answer.body
    return answer.data


def lead(person, name="ada", **fields):
    answer = person.post("/leads", {"email": f"{name}@a.example", **fields})
    assert answer.status == 201, answer.body
    return answer.data


def fired(person, moto, kind, due):
    firing = {"tenant": person.client_id, "kind": kind, "key": kind, "due": due, "payload": {"org_id": "o"}}
    message = {"messageId": "1", "body": json.dumps({**firing, "late_seconds": 0, "missed": False})}
    assert call_handler(moto, "audience_jobs", {"Records": [message]}) == {"batchItemFailures": []}


def test_a_lead_is_answered_with_its_score_and_so_is_each_change_of_it(owner):
    configured(owner, {**HEAD, "points": 65})

    made = lead(owner, title="Head of Growth")
    assert (made["score"], made["grade"]) == (0.65, "B")
    [listed] = owner.get("/leadscoring/results").data
    assert (listed["lead_id"], listed["points"], listed["scored_at"]) == (made["id"], 65, made["scored_at"])

    changed = owner.put(f"/leads/{made['id']}", {"title": "Clerk"}).data
    assert (changed["score"], changed["grade"]) == (0, "D")
    assert owner.get("/leadscoring/results").data[0]["reasons"] == []


def test_where_rules_count_events_the_maker_is_answered_with_a_score_too_and_webhooks_are_told_it(owner, moto):
    Tenant(owner).send([{"type": "track", "event": "Paid", "userId": "ada", "id": str(uuid4())}])
    configured(owner, {**HEAD, "points": 40}, PAID)

    new = lead(owner, "new", title="Head")
    known = lead(owner, title="Head", identities={"distinct_id": "ada"})

    assert (new["score"], known["score"]) == (0.4, 0.7)
    leads = [
        message["data"]["lead"] for message in outbox(moto, "lead.created") if message["client_id"] == owner.client_id
    ]
    assert {lead["id"]: (lead["score"], lead["grade"]) for lead in leads} == {
        new["id"]: (0.4, "C"),
        known["id"]: (0.7, "B"),
    }
    assert owner.put(f"/leads/{known['id']}", {"title": "Clerk"}).data["score"] == 0.3


def outbox(moto, kind):
    bodies = [json.loads(item["body"]["S"]) for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    return [body for body in bodies if body.get("type") == kind]


def test_a_crossing_acts_once_and_again_only_after_the_lead_was_below(owner, work, moto):
    news = owner.post("/audience/lists", {"name": "Hot"}).data["id"]
    action = {"create_task": {"assignees": [owner.id], "priority": "high"}, "webhook": True, "list_id": news}
    configured(owner, {**HEAD, "points": 60}, actions={"mql": action})
    id_ = lead(owner, title="Head", first_name="Ada")["id"]

    for _ in range(2):
        work()
        owner.post("/leadscoring/score", {"lead_ids": [id_]})
        kept(moto)
    [task] = owner.get(f"/tasks?related_object_id={id_}").data
    assert (task["name"], task["priority"], task["assignees"]) == ("Ada is MQL", "High", [owner.id])
    assert (task["related_object_type"], owner.get(f"/leads/{id_}").data["list_ids"]) == ("lead", [news])
    assert [event["crossing"] for event in reached(owner, moto)] == [1]

    owner.put(f"/leads/{id_}", {"title": "Clerk"})
    owner.put(f"/leads/{id_}", {"title": "Head"})
    work()
    assert len(owner.get(f"/tasks?related_object_id={id_}").data) == 2
    assert sorted(event["crossing"] for event in reached(owner, moto)) == [1, 2]
    owner.post(f"/tasks/{task['id']}/complete")
    work()


def reached(person, moto):
    messages = outbox(moto, "lead.stage_reached")
    return [message["data"] for message in messages if message["client_id"] == person.client_id]


def test_all_leads_are_scored_again_and_a_killed_worker_is_followed_by_another(owner, work, moto, monkeypatch):
    ids = [lead(owner, f"a{number}", title="Head")["id"] for number in range(3)]
    configured(owner, {**HEAD, "points": 70}, actions={"mql": {"webhook": True}})
    started = owner.post("/leadscoring/score", {"all": True})
    assert (started.status, started.headers["location"]) == (202, f"/api/v1/operations/{started.data['id']}")

    save = adapter_leads.LeadScores.save
    monkeypatch.setattr(adapter_leads.LeadScores, "save", dies_after(save))
    waiting = [item["body"]["S"] for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    [body] = [body for body in waiting if started.data["id"] in body]
    message = {"Records": [{"messageId": "1", "body": body}]}
    with pytest.raises(Crash):
        call_handler(moto, "audience_jobs", message)
    monkeypatch.setattr(adapter_leads.LeadScores, "save", save)
    work()

    operation = owner.get(f"/operations/{started.data['id']}").data
    assert (operation["status"], operation["result"]["leads"]) == ("succeeded", 3)
    assert {result["lead_id"]: result["score"] for result in owner.get("/leadscoring/results").data} == dict.fromkeys(
        ids, 0.7
    )
    assert sorted(event["lead_id"] for event in reached(owner, moto)) == sorted(ids)


def dies_after(save):
    def dying(self, *arguments):
        save(self, *arguments)
        raise Crash

    return dying


def test_what_a_lead_did_counts_within_five_minutes_and_a_repeat_changes_nothing(owner, moto):
    configured(owner, PAID)
    id_ = lead(owner, identities={"distinct_id": "ada"})["id"]
    kept(moto)
    assert owner.get(f"/leads/{id_}").data["score"] == 0
    now = rfc3339(datetime.now(UTC))
    events = [{"type": "track", "event": "Paid", "userId": "ada", "timestamp": now, "id": str(uuid4())} for _ in "ab"]
    Tenant(owner).send(events)

    assert owner.get(f"/leadscoring/results/{id_}").data["points"] == 60
    fired(owner, moto, "scoring.events", now)
    scored = owner.get(f"/leads/{id_}").data
    assert (scored["score"], scored["grade"]) == (0.6, "B")
    fired(owner, moto, "scoring.events", rfc3339(datetime.now(UTC) + timedelta(minutes=5)))
    assert owner.get(f"/leads/{id_}").data["version"] == scored["version"]


def test_scores_that_decay_are_made_anew_by_a_timer(owner, moto, work):
    configured(owner, {**PAID, "half_life_days": 1})
    lead(owner)
    due = rfc3339(datetime.now(UTC))
    for _ in range(2):
        fired(owner, moto, "scoring.decay", due)
    work()
    jobs = [item for item in moto.items("core") if item["kind"]["S"] == "operation"]
    jobs = [item for item in jobs if item["client_id"]["S"] == owner.client_id]
    assert [(item["job"]["S"], item["status"]["S"]) for item in jobs] == [("scoring_rescore", "succeeded")]


def test_points_by_hand_are_a_reason_of_the_score_and_can_be_taken_back(owner):
    configured(owner, {**HEAD, "points": 30}, caps={"fit": 20})
    id_ = lead(owner, title="Head")["id"]
    path = f"/leadscoring/results/{id_}/adjustments"

    answer = owner.post(path, {"points": 15.5, "reason": "Met at the fair"})
    assert (answer.status, answer.data["points"], answer.data["score"]) == (201, 35.5, 0.355)
    assert sum(reason["points"] for reason in answer.data["reasons"]) == 35.5
    assert answer.data["reasons"][-1]["text"] == "+15.5 Met at the fair"
    [kept_] = owner.get(path).data
    assert (kept_["by"], kept_["reason"]) == (owner.id, "Met at the fair")
    assert owner.put(f"/leads/{id_}", {"title": "Clerk"}).data["score"] == 0.155
    assert owner.get("/leads?min_score=0.15").data[0]["id"] == id_

    assert owner.delete(f"{path}/{kept_['id']}").data["points"] == 0
    assert owner.get(path).data == []
    assert owner.post(path, {"points": 0.1, "reason": "x"}).status == 400
    assert owner.post(path, {"points": 1}).status == 400


def test_past_scores_are_held_against_what_became_of_the_leads(owner):
    version = configured(owner, {**HEAD, "points": 85})["version"]
    won, lost, back = (
        lead(owner, name, title=title)["id"] for name, title in (("a", "Head"), ("b", "x"), ("c", "Head"))
    )
    owner.put(f"/leads/{won}", {"status": "converted", "title": "Gone"})
    owner.put(f"/leads/{lost}", {"status": "lost"})
    owner.put(f"/leads/{back}", {"status": "lost"})
    owner.put(f"/leads/{back}", {"status": "contacted"})

    performance = owner.get("/leadscoring/performance").data
    assert (performance["won"], performance["lost"], performance["auc"]) == (1, 1, 1)
    bands = {band["low"]: (band["won"], band["lost"]) for band in performance["bands"] if band["leads"]}
    assert bands == {0.8: (1, 0), 0.0: (0, 1)}
    assert owner.get(f"/leadscoring/performance?version={version}").data["won"] == 1
    assert owner.get("/leadscoring/performance?version=99").data["won"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"actions": {"mql": {"create_task": {"assignees": ["nobody"]}}}}, "actions.mql.create_task.assignees"),
        ({"actions": {"sql": {"list_id": "none"}}}, "actions.sql.list_id"),
        ({"weights": {"rules": 0.5, "logistic": 0.6}}, "weights"),
    ],
)
def test_what_a_config_names_is_there(owner, body, field):
    refused = owner.put("/leadscoring/config", body)
    assert (refused.status, refused.json["error"]["field"]) == (400, field)
