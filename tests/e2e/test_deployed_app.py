"""The unmodified CDK app on the emulator: packaged assets, API, queues, streams, schedules, with IAM enforced."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from segment.analytics.client import Client

from infra import catalogue
from tests.e2e.conftest import PREFIX, Deployed

pytestmark = pytest.mark.e2e

EMAIL, PASSWORD = "owner@e2e.test", "correct-horse-battery-9"
EVENTS = 1000
READABLE_SECONDS = 20
PATIENCE_SECONDS = 30


def eventually[T](look: Callable[[], T], good: Callable[[T], bool], seconds: float = PATIENCE_SECONDS) -> T:
    """What `look` sees once it is good, or at the last moment."""
    deadline = time.monotonic() + seconds
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.25)
    return seen


@pytest.fixture(scope="module")
def owner(app: Deployed) -> Iterator[httpx.Client]:
    """Registered and signed in."""
    body = {"email": EMAIL, "password": PASSWORD, "name": "Olga Owner"}
    assert app.http.post("/api/v1/auth/register", json=body).status_code == 201
    answer = app.http.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 200, app.log("auth")
    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    with httpx.Client(base_url=app.base_url, headers=bearer, timeout=30) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def client_id(owner: httpx.Client) -> str:
    answer = owner.post("/api/v1/clients", json={"name": "Measured"})
    assert answer.status_code == 201, answer.text
    created_id: str = answer.json()["data"]["id"]
    return created_id


@pytest.fixture(scope="module")
def api_key(owner: httpx.Client, client_id: str) -> str:
    answer = owner.post(f"/api/v1/clients/{client_id}/api-keys", json={"name": "e2e"})
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["data"]["api_key"]
    return key


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/health", "/health", "/health/", "/docs", "/redoc", "/"])
def test_http_answers_in_every_spelling(app: Deployed, path: str) -> None:
    assert app.http.get(path).status_code == 200


def test_the_deployed_document_describes_the_deployed_api(app: Deployed) -> None:
    document = app.http.get("/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/auth/login", "/api/v1/clients", "/v1/batch"} <= set(document["paths"])


def test_a_path_that_nobody_owns_is_a_problem_in_our_words(app: Deployed) -> None:
    answer = app.http.get("/nobody/owns/this")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_table_and_queue_is_reached_by_who_may(app: Deployed) -> None:
    services = app.http.get("/api/v1/health/detailed").json()["data"]["services"]

    expected = ("core", "events", "ephemeral", "mail")
    assert {name: service["status"] for name, service in services.items()} == dict.fromkeys(expected, "healthy")


def test_a_signed_in_user_is_who_the_token_says(owner: httpx.Client) -> None:
    assert owner.get("/api/v1/auth/me").json()["data"]["email"] == EMAIL
    assert httpx.get(f"{owner.base_url}/api/v1/auth/me").status_code == 401


def test_a_registrations_mail_leaves_through_outbox_and_queue_once(app: Deployed, owner: httpx.Client) -> None:
    def mails() -> list[Any]:
        return [item for item in app.items("ephemeral") if item["pk"]["S"] == f"MAILBOX#{EMAIL}"]

    assert len(eventually(mails, lambda items: len(items) > 0)) == 1
    assert eventually(lambda: _waiting(app, "mail"), lambda count: count == 0) == 0
    assert len(mails()) == 1
    assert not [item for item in app.items("core") if item["kind"]["S"] == "outbox"], "said, and so forgotten"


def test_a_poison_message_ends_in_the_dead_letter_queue_and_blocks_nothing(app: Deployed) -> None:
    before = _waiting(app, "mail-dlq")

    app.client("sqs").send_message(QueueUrl=_queue(app, "mail"), MessageBody='{"not": "a mail"}')

    assert eventually(lambda: _waiting(app, "mail-dlq"), lambda count: count > before) == before + 1
    assert _waiting(app, "mail") == 0


def test_events_of_a_real_sdk_are_counted_exactly_through_the_stream(
    app: Deployed, owner: httpx.Client, client_id: str, api_key: str
) -> None:
    name = f"bought {uuid4()}"
    ids = [str(uuid4()) for _ in range(EVENTS)]
    refused: list[Any] = []

    for _ in range(2):
        sdk = Client(api_key, host=app.base_url, gzip=True, on_error=lambda error, _: refused.append(error))
        for number, message_id in enumerate(ids):
            sdk.track(user_id=f"user-{number}", event=name, properties={"price": number}, message_id=message_id)
        sdk.shutdown()

    def counted() -> int:
        query = {"metric": "events", "name": name, "granularity": "hour", **_around_now()}
        answer = owner.get("/api/v1/analytics/metrics/", params=query, headers={"x-client-id": client_id})
        assert answer.status_code == 200, answer.text
        total: int = answer.json()["data"]["total"]
        return total

    assert refused == []
    assert eventually(counted, lambda total: total >= EVENTS, READABLE_SECONDS) == EVENTS
    assert len(list(_events(owner, client_id, name))) == EVENTS


def _events(owner: httpx.Client, client_id: str, name: str) -> Iterator[dict[str, Any]]:
    """Every event of that name, page by page."""
    cursor = None
    while True:
        query = {"name": name, "limit": 1000} | ({"cursor": cursor} if cursor else {})
        answer = owner.get(f"/api/v1/dashboard/client-companies/{client_id}/events/", params=query)
        assert answer.status_code == 200, answer.text
        yield from answer.json()["data"]
        meta = answer.json()["meta"]
        cursor = meta["next_cursor"]
        if not meta["has_more"]:
            return


def test_gzip_that_a_browser_calls_text_arrives_whole(app: Deployed, api_key: str) -> None:
    batch = {
        "batch": [{"type": "track", "event": "clicked", "userId": "u", "messageId": str(uuid4())}],
        "writeKey": api_key,
    }

    answer = app.http.post(
        "/v1/batch", content=gzip.compress(json.dumps(batch).encode()), headers={"content-type": "text/plain"}
    )

    assert answer.status_code == 200, answer.text


def test_a_schedule_runs_its_function_with_its_name_and_due_time(app: Deployed, owner: httpx.Client) -> None:
    rule = f"{PREFIX}-reconcile"
    app.client("events").put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="ENABLED")

    def due_times() -> list[str]:
        return [item["sk"]["S"] for item in app.items("ephemeral") if item["pk"]["S"] == "SCHEDULE#reconcile"]

    ran = eventually(due_times, lambda times: len(times) > 0, 90)
    assert [datetime.fromisoformat(due).tzinfo for due in ran], app.log("reconcile")


def test_no_function_was_refused_what_it_needs(app: Deployed) -> None:
    """Last: the emulator holds every call of every function against its role."""
    for function in catalogue.FUNCTIONS:
        refusals = [line for line in app.log(function.name) if "AccessDenied" in line or "not authorized" in line]
        assert refusals == [], function.name


def _queue(app: Deployed, name: str) -> str:
    url: str = app.client("sqs").get_queue_url(QueueName=f"{PREFIX}-{name}")["QueueUrl"]
    return url


def _waiting(app: Deployed, queue: str) -> int:
    """Messages in a queue, those in somebody's hands included."""
    kinds = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = app.client("sqs").get_queue_attributes(QueueUrl=_queue(app, queue), AttributeNames=kinds)["Attributes"]
    return sum(int(attributes[kind]) for kind in kinds)


def _around_now() -> dict[str, str]:
    hour = 3600
    start = time.time() // hour * hour - hour
    return {name: _rfc3339(at) for name, at in (("from", start), ("to", start + 3 * hour))}


def _rfc3339(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
