"""Queries over HTTP: what the body may say, whose events they are of, and that a worker answers the same."""

import json

import pytest

from functions.analytics.query import examples
from groundswell.analytics.engine.adapter_kept import ObjectAnswers
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant
from tests.integration.analytics.test_sql import sent

RANGE = {"from": "2026-03-01", "to": "2026-03-02"}
LARGE = 2**255 + 1


@pytest.fixture
def tenant(moto, people):
    moto.configure(RATE_LIMITS="off")
    return Tenant(people.sign_up())


def ask(tenant, headers=None, **body):
    return tenant.person.post("/analytics/query", RANGE | {"client_id": tenant.client_id} | body, headers=headers or {})


def totals(answer, name="A"):
    assert answer.status == 200, answer.body
    return {tuple(group["values"].values()): group["figures"][name]["total"] for group in answer.data["groups"]}


def test_one_query_has_series_conditions_breakdowns_formulas_and_cohorts(tenant, people):
    Tenant(people.sign_up()).send([sent("bought", "eve", properties={"plan": "team"})])
    tenant.send(
        [
            sent("identify", "ada", type="identify", traits={"plan": "gold"}),
            *(sent("bought", "ada", properties={"plan": "team", "price": price}) for price in (1.10, "2.2")),
            sent("bought", "bob", properties={"plan": "solo", "price": 5}),
            sent("viewed", "bob", properties={"plan": "solo"}),
        ]
    )
    definition = {"name": "gold", "rules": [{"trait": "plan", "equals": "gold"}]}
    cohort = tenant.person.post("/analytics/cohorts", {"client_id": tenant.client_id} | definition)
    assert cohort.status == 201, cohort.body

    bought = {"name": "bought", "measure": "sum", "of": "properties.price"}
    by_plan = ask(tenant, series=[bought, {"name": "viewed"}], breakdowns=["properties.plan"], formulas={"F": "A / B"})
    inside = ask(tenant, series=[{"name": "bought"}], where=[{"cohort": cohort.data["id"]}], granularity="quarter")
    outside = ask(tenant, series=[{"name": "bought"}], where=[{"not": {"field": "person.plan", "operator": "is_set"}}])

    assert totals(by_plan) == {("solo",): 5, ("team",): 3.3}
    assert totals(by_plan, "F") == {("solo",): 5, ("team",): None}
    assert inside.data["total"]["figures"]["A"] == {"total": 2, "points": [2]}
    assert outside.data["total"]["figures"]["A"]["total"] == 1
    assert ask(tenant, series=[{}], where=[{"cohort": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"}]).status == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"series": [{"where": [{"field": "nothing", "value": 1}]}]}, "series.0.where.0"),
        ({"series": [{"where": [{"field": "name", "operator": "regex", "value": "("}]}]}, "series.0.where.0"),
        (
            {"series": [{"where": [{"any": [{"field": "name", "operator": "in", "value": 1}]}]}]},
            "series.0.where.0.any.0",
        ),
        ({"series": [{"where": [{"field": "name", "cohort": "c"}]}]}, "series.0.where.0"),
        ({"series": [{"measure": "sum", "of": "nothing"}]}, "series.0.of"),
        ({"series": [{"measure": "count", "of": "path"}]}, "series.0.of"),
        ({"series": [{}], "breakdowns": ["name", "nothing"]}, "breakdowns.1"),
        ({"series": [{}], "formulas": {"F": "A + Z"}}, "formulas.F"),
        ({"series": [{}], "formulas": {"A": "A + 1"}}, "series"),
        ({"series": [{}] * 11}, "series"),
        ({"series": [{}], "granularity": "minute", "from": "2020-01-01"}, "granularity"),
        ({"series": [{}], "week_start": "someday"}, "week_start"),
    ],
)
def test_what_is_no_query_is_refused_by_the_name_of_the_field(tenant, said, field):
    refused = ask(tenant, **said)

    assert refused.status == 400, refused.body
    assert refused.json["error"]["field"] == field


def test_a_worker_answers_what_a_request_would_have(moto, tenant, monkeypatch):
    tenant.send(
        [sent("bought", "ada", properties={"price": 2**255 + 1}), sent("bought", "bob", properties={"price": 1})]
    )
    body = {
        "series": [
            {"measure": "sum", "of": "properties.price", "where": [{"field": "properties.price", "value": 2**255 + 1}]}
        ],
        "granularity": None,
    }
    at_once = ask(tenant, **body)

    monkeypatch.setattr("groundswell.analytics.engine.service.MOST_AT_ONCE", 1)
    monkeypatch.setattr(ObjectAnswers, "find", lambda *_: None)
    started = ask(tenant, **body)
    assert started.status == 202, started.body
    message = json.dumps({"client_id": tenant.client_id, "operation_id": started.data["id"]})
    event = {"Records": [{"messageId": "1", "body": message}]}
    assert call_handler(moto, "question_jobs", event) == {"batchItemFailures": []}
    later = tenant.person.get(f"/analytics/questions/{started.data['id']}?client_id={tenant.client_id}")

    assert at_once.json["data"]["total"]["figures"]["A"]["total"] == LARGE
    assert later.data["result"]["total"] == at_once.data["total"]


def test_funnels_list_who_converted_and_visits_say_where_they_came_from(tenant):
    def later(minute, name, user, **fields):
        return sent(name, user, **fields) | {"timestamp": f"2026-03-01T12:{minute:02d}:00Z"}

    page = {"type": "page", "context": {"page": {"path": "/pricing"}, "campaign": {"source": "news"}}}
    tenant.send(
        [
            later(0, "viewed", "ada", **page),
            later(1, "bought", "ada"),
            later(0, "viewed", "bob", **page),
            later(1, "left", "bob"),
            later(2, "bought", "bob"),
        ]
    )
    steps = [{"where": [{"field": "kind", "value": "page"}]}, {"name": "bought"}]
    body = RANGE | {"client_id": tenant.client_id, "steps": steps, "exclude": [{"name": "left"}]}

    funnel = tenant.person.post("/analytics/conversions", body)
    lost = tenant.person.post("/analytics/conversions", body | {"listed": {"step": 1, "converted": False}})
    wrong = tenant.person.post("/analytics/conversions", body | {"listed": {"step": 2}})
    web = tenant.person.post("/analytics/web", RANGE | {"client_id": tenant.client_id, "breakdowns": ["source"]})

    assert [step["count"] for step in funnel.data["steps"]] == [2, 1]
    assert funnel.data["steps"][1]["median_ms"] == 60_000
    assert [person["id"] for person in lost.data["listed"]] == ["bob"]
    assert (wrong.status, wrong.json["error"]["field"]) == (400, "listed.step")
    assert [(group["values"], group["visits"]) for group in web.data["groups"]] == [({"source": "news"}, 2)]
    assert {row["value"]: row["views"] for row in web.data["lists"]["page"]} == {"/pricing": 2}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("query", examples.QUERY),
        ("web", examples.WEB),
        ("conversions", examples.CONVERSIONS),
        ("returning", examples.RETURNING),
        ("journeys", examples.JOURNEYS),
    ],
)
def test_the_examples_are_answered(tenant, path, body):
    assert tenant.person.post(f"/analytics/{path}", body | {"client_id": tenant.client_id}).status == 200
