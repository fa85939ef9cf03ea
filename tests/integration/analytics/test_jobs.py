"""Questions that a worker answers, from the request to the answer, through the real handlers."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.analytics.engine.adapter_kept import ObjectAnswers
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.rows import RowReader
from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant

RANGE = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-04T00:00:00Z", "tz": "Asia/Kolkata"}
FUNNEL = {
    "steps": [{"name": "viewed"}, {"name": "paid", "where": [{"field": "value", "operator": "gt", "value": 5.5}]}],
    "by": "properties.plan",
}
POSTED = [
    ("breakdown", "breakdown", {"by": "properties.plan", "measure": "unique", "top": 1}),
    ("funnel", "funnels", FUNNEL),
    ("retention", "retention", {"start": {"name": "viewed"}, "period": "day", "periods": 2}),
    ("paths", "paths", {"start": {"name": "viewed"}}),
    ("sessions", "sessions", {"granularity": "hour"}),
    ("sessions", "sessions", {"where": [{"field": "web3.value", "operator": "lt", "value": 2**200}]}),
]
GOTTEN = [
    ("uniques", "metrics", {"granularity": "day"}, "&measure=unique&granularity=day"),
    ("transactions", "web3/transactions", {"limit": 1}, "&limit=1"),
    ("volume", "web3/volume", {"by": "wallet"}, "&by=wallet"),
    ("conversion", "web3/conversion", {}, ""),
]


@pytest.fixture
def tenant(moto, people):
    moto.configure(RATE_LIMITS="off")
    tenant = Tenant(people.sign_up())
    tenant.send([event(number) for number in range(90)])
    return tenant


def event(number):
    payload = {"type": "track", "event": "paid" if number % 3 else "viewed", "id": str(uuid4())}
    if number % 7 == 0:
        payload = {"type": "page", "name": "Home", "id": str(uuid4())}
    if number % 5 == 0:
        tx = {"wallet_address": f"0x{number % 2:040x}", "chain_id": "1", "transaction_hash": f"0x{number % 4}"}
        payload |= tx | {"properties": {"status": "confirmed", "value": str(2**100)}}
    payload = {"properties": {"plan": "ab"[number % 2], "revenue": number, "currency": "EUR"}} | payload
    when = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=17 * number)
    return payload | {"userId": f"user {number % 8}", "timestamp": when.isoformat()}


def start(tenant, body):
    answer = tenant.person.post("/analytics/questions", RANGE | body | {"client_id": tenant.client_id})
    assert answer.status == 202, answer.body
    assert answer.headers["location"] == f"/api/v1/analytics/questions/{answer.data['id']}"
    assert (answer.data["status"], answer.data["progress"], answer.data["result"]) == ("queued", 0, None)
    return answer.data["id"]


def message(tenant, question):
    body = json.dumps({"client_id": tenant.client_id, "operation_id": question})
    return {"Records": [{"messageId": "m", "body": body}]}


def get(tenant, question):
    return tenant.person.get(f"/analytics/questions/{question}?client_id={tenant.client_id}")


def work(moto, tenant, question):
    assert call_handler(moto, "question_jobs", message(tenant, question)) == {"batchItemFailures": []}
    answer = get(tenant, question)
    assert answer.status == 200, answer.body
    done = answer.data
    if done["result"]:
        del done["result"]["cached_at"]  # what a request computes is not kept
    return done


@pytest.mark.parametrize(("kind", "path", "body"), POSTED)
def test_a_question_asked_as_a_job_gets_the_answer_it_gets_at_once(moto, tenant, kind, path, body):
    at_once = tenant.person.post(f"/analytics/{path}", RANGE | body | {"client_id": tenant.client_id})
    assert at_once.status == 200, at_once.body

    done = work(moto, tenant, start(tenant, {"kind": kind} | body))

    assert (done["status"], done["progress"], done["error"]) == ("succeeded", 100, None)
    assert done["result"] == at_once.data
    assert done["question"]["kind"] == kind


@pytest.mark.parametrize(("kind", "path", "body", "query"), GOTTEN)
def test_so_does_one_that_is_asked_by_get(moto, tenant, kind, path, body, query):
    span = "&".join(f"{name}={value}" for name, value in RANGE.items())
    at_once = tenant.person.get(f"/analytics/{path}?client_id={tenant.client_id}&{span}{query}")
    assert at_once.status == 200, at_once.body

    assert work(moto, tenant, start(tenant, {"kind": kind} | body))["result"] == at_once.data


def test_what_was_noted_of_its_time_stands_beside_the_answer_of_a_question_over_time(moto, tenant):
    for at, text, events in (
        ("2026-03-02T00:00:00Z", "launch", []),
        ("2026-03-03T00:00:00Z", "checkout", ["paid"]),
        ("2026-02-01T00:00:00Z", "before", []),
    ):
        made = tenant.person.post("/analytics/annotations", {"at": at, "text": text, "events": events})
        assert made.status == 201, made.body

    def noted(body: dict) -> list[str] | None:
        question = start(tenant, body)
        assert get(tenant, question).data["annotations"] is None
        annotations = work(moto, tenant, question)["annotations"]
        return annotations and [annotation["text"] for annotation in annotations]

    assert noted({"kind": "uniques", "granularity": "day"}) == ["launch", "checkout"]
    assert noted({"kind": "sessions", "granularity": "day", "name": "viewed"}) == ["launch"]
    assert noted({"kind": "breakdown", "by": "name"}) is None


def test_persons_listed_as_a_job_are_those_listed_at_once(moto, tenant):
    span = "&".join(f"{name}={RANGE[name]}" for name in ("from", "to"))
    at_once = tenant.person.get(f"/analytics/persons?client_id={tenant.client_id}&{span}").data

    first_three = work(moto, tenant, start(tenant, {"kind": "persons", "limit": 3}))["result"]
    everybody = work(moto, tenant, start(tenant, {"kind": "persons"}))["result"]

    assert (len(first_three["persons"]), first_three["total"], len(at_once)) == (3, 8, 8)
    assert first_three["persons"] == everybody["persons"][:3]
    assert [(person["id"], person["events"]) for person in everybody["persons"]] == [
        (person["id"], person["events"]) for person in at_once
    ]


def test_a_list_of_persons_needs_the_scope_of_persons_to_be_asked_for_and_to_be_read(moto, tenant):
    question = {"kind": "persons", "client_id": tenant.client_id} | RANGE
    post, reads = tenant.person.gateway.post, {"x-api-key": tenant.key("analytics:read")}
    both = {"x-api-key": tenant.key("analytics:read", "people:read")}

    refused = post("/analytics/questions", question, headers=reads)
    assert (refused.status, refused.code) == (403, "SCOPE_REQUIRED")
    assert b"people:read" in refused.body

    started = post("/analytics/questions", question, headers=both)
    assert started.status == 202, started.body
    work(moto, tenant, started.data["id"])
    path = f"/analytics/questions/{started.data['id']}"
    assert tenant.person.gateway.get(path, headers=reads).code == "SCOPE_REQUIRED"
    assert tenant.person.gateway.get(path, headers=both).data["result"]["total"] == 8


def test_persons_of_too_many_events_are_refused_and_told_of_the_job(moto, tenant, monkeypatch):
    monkeypatch.setattr(RowReader.__init__, "__defaults__", (10, None, None))

    refused = tenant.person.get(
        f"/analytics/persons?client_id={tenant.client_id}&from={RANGE['from']}&to={RANGE['to']}"
    )

    assert (refused.status, refused.json["error"]["code"]) == (400, "TOO_MANY_EVENTS")
    assert "POST /analytics/questions" in refused.json["error"]["message"]


@pytest.mark.parametrize("after", [False, True])
def test_the_worker_may_be_killed_at_any_call_and_be_told_twice(moto, tenant, calls, monkeypatch, after):
    monkeypatch.setattr(ObjectAnswers, "find", lambda *_: None)
    expected = work(moto, tenant, start(tenant, {"kind": "sessions"}))["result"]
    question, step, died = start(tenant, {"kind": "sessions"}), 0, True
    while died:
        try:
            with calls.crashing(step, after=after):
                call_handler(moto, "question_jobs", message(tenant, question))
            died = False
        except Crash:
            step += 1

    assert step > 6, "each call of the one step was the last"
    assert work(moto, tenant, question)["result"] == expected
    assert work(moto, tenant, question)["result"] == expected


def test_too_many_events_say_how_to_ask_for_them(moto, tenant, monkeypatch):
    monkeypatch.setattr(QuestionService.__init__, "__defaults__", (10,))
    moto.configure()

    refused = tenant.person.post("/analytics/sessions", RANGE | {"client_id": tenant.client_id})

    assert (refused.status, refused.json["error"]["code"]) == (400, "TOO_MANY_EVENTS")
    assert "POST /analytics/questions" in refused.json["error"]["message"]


def test_a_question_that_cannot_be_answered_says_why(moto, tenant):
    tenant.send([event(1) | {"properties": {"revenue": 1, "currency": "USD"}}])

    failed = work(moto, tenant, start(tenant, {"kind": "breakdown", "by": "name", "measure": "sum"}))

    assert (failed["status"], failed["result"]) == ("failed", None)
    assert failed["error"] == "currency: money of several currencies is not added up: choose one of EUR, USD"


def test_an_erasure_takes_the_answers_and_the_next_one_is_without_the_erased(moto, tenant):
    body = {"kind": "breakdown", "by": "user_id", "top": 50}
    before = start(tenant, body)
    assert "user 3" in json.dumps(work(moto, tenant, before)["result"])
    erasure = tenant.person.post("/privacy/erasures", {"person": "user 3", "client_id": tenant.client_id}).data
    call_handler(moto, "privacy_jobs", message(tenant, erasure["id"]))

    gone = get(tenant, before)

    assert (gone.status, gone.json["error"]["code"]) == (410, "ANSWER_GONE")
    assert "user 3" not in json.dumps(work(moto, tenant, start(tenant, body))["result"])


def test_only_questions_of_ones_own_are_found(moto, tenant, people):
    question = start(tenant, {"kind": "sessions"})
    stranger = people.sign_up()
    erasure = tenant.person.post("/privacy/erasures", {"user_id": "nobody", "client_id": tenant.client_id}).data

    assert stranger.get(f"/analytics/questions/{question}?client_id={tenant.client_id}").status == 404
    assert stranger.get(f"/analytics/questions/{question}").status == 404
    assert get(tenant, erasure["id"]).status == 404


def test_questions_are_listed_newest_first_in_pages_and_only_ones_own(moto, tenant, people):
    question_ids = [start(tenant, {"kind": kind}) for kind in ("sessions", "volume", "conversion")]
    tenant.person.post("/privacy/erasures", {"user_id": "nobody", "client_id": tenant.client_id})
    work(moto, tenant, question_ids[0])
    listed, query = [], f"client_id={tenant.client_id}&limit=2"
    while query:
        page = tenant.person.get(f"/analytics/questions?{query}")
        listed += page.data
        cursor = page.json["meta"]["next_cursor"]
        query = f"client_id={tenant.client_id}&limit=2&cursor={cursor}" if cursor else None

    assert [question["id"] for question in listed] == question_ids[::-1]
    assert [(question["status"], question["question"]["kind"]) for question in listed] == [
        ("queued", "conversion"),
        ("queued", "volume"),
        ("succeeded", "sessions"),
    ]
    assert all(question["result"] is None for question in listed)
    stranger = people.sign_up()
    assert stranger.get(f"/analytics/questions?client_id={tenant.client_id}").status == 404
    assert stranger.get("/analytics/questions").data == []


BAD = [
    ({}, "body"),
    ({"kind": "horoscope"}, "body"),
    ({"kind": "breakdown", "by": "plan"}, "by"),
    ({"kind": "funnel", "steps": [{"name": "a"}]}, "funnel.steps"),
    ({"kind": "retention", "period": "hour"}, "period"),
    ({"kind": "sessions", "surprise": 1}, "sessions.surprise"),
    ({"kind": "uniques", "granularity": "minute", "from": "2020-01-01T00:00:00Z"}, "granularity"),
    ({"kind": "sessions", "granularity": "minute", "from": "2020-01-01T00:00:00Z"}, "granularity"),
    ({"kind": "sessions", "where": [{"field": "name", "operator": "in", "value": ["x" * 2_000] * 40}]}, "body"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
def test_a_bad_question_is_refused_when_it_is_asked(tenant, body, field):
    refused = tenant.person.post("/analytics/questions", RANGE | body | {"client_id": tenant.client_id})

    assert (refused.status, refused.json["error"]["field"]) == (400, field)
