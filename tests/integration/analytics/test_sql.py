"""A tenant's SQL through the real handlers: the own events, whether archived or not, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from groundswell.analytics.engine import service
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant

_hours = count()


@pytest.fixture
def tenant(moto, people):
    moto.configure(RATE_LIMITS="off")
    return Tenant(people.sign_up())


def sent(name, user=None, **fields):
    identity = {"userId": user} if user else {"anonymousId": str(uuid4())}
    return {"type": "track", "event": name, "id": str(uuid4()), "timestamp": "2026-03-01T12:00:00Z"} | identity | fields


def ask(tenant, sql, parameters=(), **headers):
    body = {"sql": sql, "parameters": parameters, "client_id": tenant.client_id}
    return tenant.person.post("/analytics/sql", body, headers=headers)


def rows(tenant, sql, parameters=()):
    answer = ask(tenant, sql, parameters)
    assert answer.status == 200, answer.body
    return answer.data["rows"]


def archive(moto):
    due = datetime(2050, 1, 1, tzinfo=UTC) + timedelta(hours=next(_hours))
    assert call_handler(moto, "archiver", {"schedule": "archiver", "due": due.isoformat()})["done"]


NAMES = "SELECT name, count(*) FROM events GROUP BY ALL ORDER BY ALL"


def test_archive_and_tail_are_one_and_an_erasure_is_seen_at_once(moto, tenant, people):
    other = Tenant(people.sign_up())
    other.send([sent("theirs", "eve")])
    assert rows(tenant, NAMES) == []

    tenant.send([sent("a", "ada"), sent("b", "eve", properties={"plan": "team", "revenue": "1.10", "currency": "EUR"})])
    assert rows(tenant, NAMES) == [["a", 1], ["b", 1]]
    archive(moto)
    assert rows(tenant, NAMES) == [["a", 1], ["b", 1]]
    tenant.send([sent("a", "bob")])
    assert rows(tenant, NAMES) == [["a", 2], ["b", 1]]
    plan = "SELECT value, currency, properties ->> '$.plan', time, person FROM events WHERE name = $name"
    assert rows(tenant, plan, {"name": "b"}) == [[1.1, "EUR", "team", "2026-03-01T12:00:00.000Z", "eve"]]

    log = Log(tenant.client_id, "0")
    store = DynamoEventLog(moto.aws.dynamodb, moto.resources.tables["events"])
    eve = Somebody(frozenset({"eve"}), frozenset(), frozenset())
    affected_blocks = find(store.blocks_between(log, "B#", "C"), eve)
    Eraser(store, Committer(store, utc_now), utc_now).erase(log, affected_blocks, eve)

    assert rows(tenant, NAMES) == [["a", 2]], "the archive still has it, and the commit after it says what counts"
    archive(moto)
    assert rows(tenant, NAMES) == [["a", 2]]
    assert rows(other, NAMES) == [["theirs", 1]]


def test_a_person_is_one_whatever_ids_the_events_have(tenant):
    device = str(uuid4())
    tenant.send([sent("seen", anonymousId=device), sent("signed up", "ada", anonymousId=device), sent("seen", "bob")])
    tenant.send([sent("told", "ada", type="identify", traits={"plan": "pro"})])

    assert rows(tenant, "SELECT person, count(*) FROM events GROUP BY ALL ORDER BY ALL") == [["ada", 3], ["bob", 1]]
    persons = "SELECT person, events, user_ids, anonymous_ids, traits ->> '$.plan' FROM persons ORDER BY person"
    assert rows(tenant, persons) == [["ada", 3, ["ada"], [device], "pro"], ["bob", 1, ["bob"], [], None]]


def test_what_is_no_select_or_takes_too_much_is_a_400_that_says_why(tenant):
    for sql, code in {
        "DROP VIEW events": "SQL_REFUSED",
        "SELECT * FROM read_csv('/etc/passwd')": "SQL_REFUSED",
        "SELEC 1": "SQL_REFUSED",
        "SELECT * FROM range(20000)": "SQL_TOO_HEAVY",
    }.items():
        answer = ask(tenant, sql)
        assert (answer.status, answer.code) == (400, code), answer.body
    assert ask(tenant, "").status == ask(tenant, "SELECT 1\0").status == ask(tenant, "x" * 30_000).status == 400


@pytest.mark.parametrize("preferred", [True, False])
def test_what_is_too_much_for_a_request_a_worker_answers(moto, tenant, monkeypatch, preferred):
    tenant.send([sent("a", "ada"), sent("a", "bob")])
    if not preferred:
        monkeypatch.setattr(service, "MOST_AT_ONCE", 1)
    headers = {"prefer": "respond-async"} if preferred else {}

    answer = ask(tenant, NAMES, **headers)
    assert (answer.status, answer.data["status"], answer.data["result"]) == (202, "queued", None)
    where = answer.headers["location"]
    assert where == f"/api/v1/analytics/questions/{answer.data['id']}"
    body = json.dumps({"client_id": tenant.client_id, "operation_id": answer.data["id"]})
    for _ in range(2):
        call = call_handler(moto, "question_jobs", {"Records": [{"messageId": "m", "body": body}]})
        assert call == {"batchItemFailures": []}

    done = tenant.person.get(f"/analytics/questions/{answer.data['id']}?client_id={tenant.client_id}").data
    assert (done["status"], done["result"]["rows"]) == ("succeeded", [["a", 2]])
    assert done["question"]["sql"] == NAMES
    key = {"x-api-key": tenant.key("analytics:read")}
    refused = tenant.person.gateway.get(f"/analytics/questions/{answer.data['id']}", headers=key)
    assert refused.status == 403, "who may not see people may not see what was said of them"


def test_a_statement_that_fails_as_a_job_says_why(moto, tenant):
    answer = ask(tenant, "SELECT nothing FROM events", prefer="respond-async")
    body = json.dumps({"client_id": tenant.client_id, "operation_id": answer.data["id"]})
    call_handler(moto, "question_jobs", {"Records": [{"messageId": "m", "body": body}]})

    done = tenant.person.get(f"/analytics/questions/{answer.data['id']}?client_id={tenant.client_id}").data
    assert done["status"] == "failed"
    assert "nothing" in done["error"]


@pytest.mark.parametrize("late", [False, True])
def test_lifecycle_and_stickiness_answer_at_once_or_by_a_worker(moto, tenant, monkeypatch, late):
    days = {"ada": (1, 2, 4), "bob": (2,)}
    tenant.send(
        [
            sent("a", who, timestamp=f"2026-03-0{day}T12:00:00Z")
            for who, active_days in days.items()
            for day in active_days
        ]
    )
    if late:
        monkeypatch.setattr(service, "MOST_AT_ONCE", 1)
    body = {"from": "2026-03-01", "to": "2026-03-05", "timezone": "UTC", "client_id": tenant.client_id}

    def answered(path):
        answer = tenant.person.post(f"/analytics/{path}", body)
        assert answer.status == (202 if late else 200), answer.body
        if not late:
            return answer.data
        message = json.dumps({"client_id": tenant.client_id, "operation_id": answer.data["id"]})
        call_handler(moto, "question_jobs", {"Records": [{"messageId": "m", "body": message}]})
        done = tenant.person.get(f"/analytics/questions/{answer.data['id']}?client_id={tenant.client_id}").data
        return done["result"]

    counts = [
        (point["new"], point["returning"], point["resurrecting"], point["dormant"])
        for point in answered("lifecycle")["series"]
    ]
    assert counts == [(1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 2), (0, 0, 1, 0)]
    sticky = answered("stickiness")
    assert [interval["persons"] for interval in sticky["intervals"]] == [1, 0, 1, 0]
    assert tenant.person.post("/analytics/lifecycle", body | {"granularity": "minute"}).status == 400
