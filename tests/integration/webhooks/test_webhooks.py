"""Webhooks over HTTP, the queue and loopback receivers, as the deployed system has them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.storage.transaction import write
from groundswell.webhooks.events import event_message
from groundswell.webhooks.store import DynamoDeliveryLog
from tests.backend import Backend
from tests.calls import Calls, Crash
from tests.gateway import Answer, call_handler
from tests.people import People, Person
from tests.receiver import Received, Receiver, Reply, receiver
from tests.ssrf import REFUSED


class Hooks:
    """A client with webhooks, and the queue between."""

    def __init__(self, backend: Backend, admin: Person) -> None:
        self.backend = backend
        self.admin = admin

    @contextmanager
    def receiver(self, reply: Callable[[Received], Reply] = lambda _: Reply()) -> Iterator[Receiver]:
        with receiver(reply) as peer:
            self.backend.configure(ALLOW_LOOPBACK_HOSTS=peer.place)
            yield peer

    def create(self, url: str, **more) -> Answer:
        return self.admin.post("/webhooks", {"url": url, **more})

    def say(self, event_id: str | None = None, count: int = 1) -> list[str]:
        """Events of the client's, in the outbox. Their ids."""
        ids = [event_id or new_id() for _ in range(count)]
        for identifier in ids:
            write([], [event_message(self.admin.client_id, "webhook.test", {"n": 1}, id=identifier, at=utc_now())])
        return ids

    def say_all(self) -> dict[str, str]:
        """One event of each type in the catalogue, with its example. Their types by id."""
        types: dict[str, str] = {}
        for event in self.admin.get("/webhooks/events").data:
            event_id = new_id()
            types[event_id] = event["type"]
            data = event["payload"]["data"]
            write([], [event_message(self.admin.client_id, event["type"], data, id=event_id, at=utc_now())])
        return types

    def outbox(self) -> list[str]:
        """Bodies that wait, and do not any more."""
        bodies = []
        for item in self.backend.items("core"):
            if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "webhook_events":
                bodies.append(item["body"]["S"])
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.backend.aws.dynamodb.delete_item(TableName=self.backend.resources.tables["core"], Key=key)
        return bodies

    def deliver(self, *bodies: str) -> list[str]:
        """Which messages came back."""
        records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
        answer = call_handler(self.backend, "webhook_sender", {"Records": records})
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def run(self) -> None:
        """Everything that is waiting, until nothing is."""
        while bodies := [*self.outbox(), *(message["Body"] for message in self.backend.messages("webhook_events"))]:
            assert self.deliver(*bodies[:10]) == []
            for body in bodies[10:]:
                assert self.deliver(body) == []

    def timers(self) -> list[str]:
        """Messages of all timers that are set."""
        items = [item for item in self.backend.items("core") if "webhook.retry" in json.dumps(item)]
        return [json.dumps({"kind": "webhook.retry", "payload": _payload(item)}) for item in items]

    def deliveries(self, webhook_id: str, query: str = "") -> list[dict]:
        return self.admin.get(f"/webhooks/{webhook_id}/deliveries{query}").data


def _payload(item: dict) -> dict:
    return json.loads(item["payload"]["S"])


@pytest.fixture
def hooks(moto: Backend, people: People) -> Hooks:
    return Hooks(moto, people.sign_up())


def test_an_event_arrives_signed_and_is_in_the_log(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        made = hooks.create(f"{peer.url}/hook", events=["webhook.test"])
        (event_id,) = hooks.say()
        hooks.run()

        (received,) = peer.requests
        body = Webhook(made.data["secret"]).verify(received.body.decode(), received.headers)
        assert (received.method, received.path, received.headers["webhook-id"]) == ("POST", "/hook", event_id)
        assert (body["type"], body["data"]) == ("webhook.test", {"n": 1})

    (delivery,) = hooks.deliveries(made.data["id"])
    assert (delivery["status"], delivery["event_id"]) == ("delivered", event_id)
    assert [(attempt["status_code"], attempt["response"]) for attempt in delivery["attempts"]] == [(200, "thanks")]
    assert (
        json.loads(hooks.admin.get(f"/webhooks/{made.data['id']}/deliveries/{delivery['id']}").data["payload"]) == body
    )


def test_the_secret_is_shown_once_and_kept_sealed(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        made = hooks.create(peer.url)

    secret = made.data["secret"].removeprefix("whsec_")
    assert made.headers["location"] == f"/api/v1/webhooks/{made.data['id']}"
    assert "secret" not in hooks.admin.get(f"/webhooks/{made.data['id']}").data
    assert "secret" not in hooks.admin.get("/webhooks").data[0]
    assert secret not in json.dumps(hooks.backend.items("core"))


def test_every_event_arrives_once_per_success_at_a_peer_that_fails_a_third(hooks: Hooks, advance) -> None:
    count = iter(range(10_000))
    arrived: list[tuple[str, str]] = []

    def reply(received: Received) -> Reply:
        if next(count) % 3 == 0:
            return Reply(500)
        payload = Webhook(secret).verify(received.body.decode(), received.headers)
        arrived.append((received.headers["webhook-id"], payload["type"]))
        return Reply()

    with hooks.receiver(reply) as peer:
        secret = hooks.create(peer.url).data["secret"]
        events = hooks.say_all()
        bodies = hooks.outbox()
        hooks.deliver(*bodies[:20], *bodies[10:])
        hooks.run()
        while timers := hooks.timers():
            advance(hours=25)
            hooks.deliver(*bodies[:5])
            for timer in timers:
                assert hooks.deliver(timer) == []
            hooks.run()

    assert len(events) > 50
    assert sorted(arrived) == sorted(events.items())


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(3))
def test_a_killed_delivery_is_finished_by_the_next(hooks: Hooks, calls: Calls, advance, step: int, after: bool) -> None:
    """Twice at most, under one id, where it died between the answer and the note of it."""
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url).data["id"]
        (event_id,) = hooks.say()
        (body,) = hooks.outbox()
        hooks.backend.configure()
        with calls.crashing(step, after=after), pytest.raises(Crash):
            hooks.deliver(body)
        advance(seconds=71)
        assert hooks.deliver(body) == []
        assert hooks.deliver(body) == []

    assert {request.headers["webhook-id"] for request in peer.requests} == {event_id}
    assert len(peer.requests) <= 2
    assert [delivery["status"] for delivery in hooks.deliveries(webhook)] == ["delivered"]


def test_a_delivery_costs_three_calls_at_most(hooks: Hooks, calls: Calls, advance) -> None:
    answers = iter([200] * 12 + [500] * 12)
    with hooks.receiver(lambda _: Reply(next(answers))) as peer:
        hooks.create(peer.url)
        hooks.say(count=22)
        bodies = hooks.outbox()
        hooks.deliver(bodies[0])  # opens the secret
        advance(minutes=1)
        with calls.counted() as alone:
            hooks.deliver(bodies[1])
        with calls.counted() as together:
            hooks.deliver(*bodies[2:12])

    assert alone == ["Query", "PutItem", "PutItem"]
    assert len(together) == 22, "and of calls beyond its first one in a minute it tells DynamoDB, fifty at a time"


def test_a_delivery_that_comes_alone_costs_three_calls(hooks: Hooks, calls: Calls, advance) -> None:
    with hooks.receiver() as peer:
        hooks.create(peer.url)
        hooks.say(count=2)
        bodies = hooks.outbox()
        hooks.deliver(bodies[0])  # opens the secret
        advance(minutes=1)
        with calls.counted() as made:
            hooks.deliver(bodies[1])

    assert made == ["Query", "PutItem", "PutItem"]


def test_a_failure_is_noted_with_its_timer_in_one_transaction(hooks: Hooks, calls: Calls) -> None:
    with hooks.receiver(lambda _: Reply(500)) as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.say()
        (body,) = hooks.outbox()
        with calls.counted() as made:
            hooks.deliver(body)

    assert "TransactWriteItems" in made
    assert len(hooks.timers()) == 1
    (delivery,) = hooks.deliveries(webhook, "?status=pending")
    assert delivery["next_attempt_at"] is not None


def test_410_disables_and_says_so(hooks: Hooks) -> None:
    with hooks.receiver(lambda _: Reply(410)) as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.say()
        hooks.run()
        hooks.say()
        hooks.run()
        assert len(peer.requests) == 1

    subscription = hooks.admin.get(f"/webhooks/{webhook}").data
    assert (subscription["status"], subscription["disabled_reason"]) == ("disabled", "gone")
    waiting = [item for item in hooks.backend.items("core") if item["kind"]["S"] == "outbox"]
    (notice,) = [item["body"]["S"] for item in waiting if webhook in item["body"]["S"]]
    assert (hooks.admin.id in notice, "127.0.0.1 is disabled" in notice) == (True, True)
    assert hooks.admin.put(f"/webhooks/{webhook}", {"status": "active"}).data["disabled_reason"] is None


def test_redirects_are_failures_and_are_not_followed(hooks: Hooks) -> None:
    with receiver() as ours, hooks.receiver(lambda _: Reply(302, {"Location": ours.url})) as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.say()
        hooks.deliver(*hooks.outbox())

    assert ours.requests == []
    assert hooks.deliveries(webhook)[0]["attempts"][0]["status_code"] == 302


def test_an_address_that_is_not_public_any_more_is_refused_at_delivery(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.backend.configure(ALLOW_LOOPBACK_HOSTS="")
        hooks.say()
        hooks.deliver(*hooks.outbox())
        assert peer.requests == []

    assert "not a public address" in hooks.deliveries(webhook)[0]["attempts"][0]["error"]


@pytest.mark.parametrize("url", REFUSED[::9])  # each of them is refused in the unit tier
def test_a_webhook_to_a_private_address_is_refused_and_names_the_field(hooks_once: Hooks, url: str) -> None:
    answer = hooks_once.create(url)

    assert answer.status == 400
    assert [error["field"] for error in answer.json["error"]["details"]["errors"]] == ["url"]


@pytest.fixture(scope="module")
def _shared() -> dict:
    return {}


@pytest.fixture
def hooks_once(moto: Backend, people: People, _shared: dict) -> Hooks:
    """One person for the whole corpus."""
    moto.configure(RATE_LIMITS="off")
    return _shared.setdefault("hooks", Hooks(moto, people.sign_up()))


def test_a_webhook_to_ourselves_is_refused(hooks: Hooks) -> None:
    hooks.backend.configure(PUBLIC_URL="https://api.acme.example", ALLOW_LOOPBACK_HOSTS="127.0.0.1:8000")
    assert hooks.create("https://API.acme.example:443/webhooks").status == 400

    hooks.backend.configure(PUBLIC_URL="http://127.0.0.1:8000")
    assert hooks.create("http://127.0.0.1:8000/auth/login").status == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "https://example.com/", "events": ["task.nothing"]}, "events.0"),
        ({"url": "https://example.com/", "events": "webhook.test"}, "events"),
        ({"url": "https://example.com/", "events": ["x"] * 101}, "events"),
        ({"url": "https://example.com/", "secret": "whsec_mine"}, "secret"),
        ({"url": "http://example.com/"}, "url"),
        ({"url": None}, "url"),
        ({"url": 7}, "url"),
    ],
)
def test_bad_input_names_its_field(hooks_once: Hooks, body: dict, field: str) -> None:
    answer = hooks_once.admin.post("/webhooks", body)

    assert answer.status == 400
    assert [error["field"] for error in answer.json["error"]["details"]["errors"]] == [field]


def test_a_client_has_a_bounded_number(hooks: Hooks) -> None:
    hooks.backend.configure(RATE_LIMITS="off")
    with hooks.receiver() as peer:
        statuses = [hooks.create(peer.url).status for _ in range(21)]

    assert statuses == [201] * 20 + [409]


def test_changes_keep_what_is_absent_and_heed_the_version(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        made = hooks.create(peer.url, events=["webhook.test"], description="ours").data
        path = f"/webhooks/{made['id']}"
        changed = hooks.admin.call("PATCH", path, {"events": []}, headers={"If-Match": '"1"'})
        stale = hooks.admin.put(path, {"events": []}, headers={"If-Match": '"1"'})

    assert (changed.data["events"], changed.data["description"], changed.data["version"]) == ([], "ours", 2)
    assert stale.status == 412
    assert hooks.admin.put(path, {"url": "http://10.0.0.1/"}).status == 400
    assert hooks.admin.put(path, {"url": None}).status == 400


def test_a_test_event_arrives_whatever_is_subscribed_to(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url, events=["webhook.test"]).data["id"]
        other = hooks.create(peer.url).data["id"]
        delivery = hooks.admin.post(f"/webhooks/{webhook}/test")
        hooks.run()

    assert (delivery.status, delivery.data["status"]) == (202, "pending")
    assert [delivery["id"] for delivery in hooks.deliveries(webhook)] == [delivery.data["id"]]
    assert hooks.deliveries(other) == []


def test_a_delivery_is_replayed_under_its_id_and_not_while_it_waits(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.say()
        hooks.run()
        path = f"/webhooks/{webhook}/deliveries/{hooks.deliveries(webhook)[0]['id']}/replay"
        replayed, again = hooks.admin.post(path), hooks.admin.post(path)
        hooks.run()

    assert (replayed.status, replayed.data["round"]) == (202, 1)
    assert (again.status, again.code) == (409, "DELIVERY_PENDING")
    assert len({request.headers["webhook-id"] for request in peer.requests}) == 1
    assert [attempt["status_code"] for attempt in hooks.deliveries(webhook)[0]["attempts"]] == [200, 200]


def test_a_rotated_secret_overlaps_and_a_leaked_one_ends(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        made = hooks.create(peer.url).data
        rotate = f"/webhooks/{made['id']}/rotate-secret"
        second = hooks.admin.post(rotate).data["secret"]
        hooks.say()
        hooks.run()
        third = hooks.admin.post(rotate, {"overlap": "0m"}).data["secret"]
        hooks.say()
        hooks.run()

    overlapping, after = peer.requests
    for secret in (made["secret"], second):
        Webhook(secret).verify(overlapping.body.decode(), overlapping.headers)
    assert after.headers["webhook-signature"].count("v1,") == 1
    Webhook(third).verify(after.body.decode(), after.headers)


@pytest.mark.parametrize("overlap", ["", "8d", "-1h", "soon", "1w", "99999d", 4])
def test_an_overlap_is_a_duration_of_a_week_at_most(hooks_once: Hooks, overlap: object) -> None:
    answer = hooks_once.admin.post(f"/webhooks/{new_id()}/rotate-secret", {"overlap": overlap})

    assert answer.status == 400


def test_the_log_is_paged_and_filtered(hooks: Hooks, advance) -> None:
    answers = iter([200, 410])
    with hooks.receiver(lambda _: Reply(next(answers, 200))) as peer:
        webhook = hooks.create(peer.url).data["id"]
        for _ in range(2):
            hooks.say()
            hooks.run()
            advance(seconds=1)
    path = f"/webhooks/{webhook}/deliveries"
    first = hooks.admin.get(f"{path}?limit=1").json
    second = hooks.admin.get(f"{path}?limit=1&cursor={first['meta']['next_cursor']}").json

    assert [delivery["status"] for delivery in first["data"] + second["data"]] == ["failed", "delivered"]
    assert second["meta"]["next_cursor"] is None
    assert [delivery["status"] for delivery in hooks.deliveries(webhook, "?status=failed")] == ["failed"]
    later = DynamoDeliveryLog(lambda: utc_now() + timedelta(days=15))
    assert later.page(hooks.admin.client_id, webhook, 10, None, None).items == ()


def test_another_clients_webhooks_are_nobodys(hooks: Hooks, people: People) -> None:
    stranger = people.sign_up()
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url).data["id"]
        hooks.say()
        hooks.run()
    delivery = hooks.deliveries(webhook)[0]["id"]

    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/rotate-secret"),
        ("GET", "/deliveries"),
        ("GET", f"/deliveries/{delivery}"),
        ("POST", f"/deliveries/{delivery}/replay"),
    ):
        answer = stranger.call(method, f"/webhooks/{webhook}{path}", {} if method == "PUT" else None)
        assert (answer.status, answer.code) == (404, "WEBHOOK_NOT_FOUND"), path
    assert stranger.get("/webhooks").data == []


def test_a_deleted_webhook_gets_nothing_more(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        webhook = hooks.create(peer.url).data["id"]
        assert hooks.admin.delete(f"/webhooks/{webhook}").status == 200
        hooks.say()
        hooks.run()

    assert peer.requests == []
    assert hooks.admin.get(f"/webhooks/{webhook}").status == 404


def test_a_viewer_looks_and_an_admin_changes(hooks: Hooks, people: People) -> None:
    viewer = people.member_of(hooks.admin)
    hooks.admin.post(f"/clients/{hooks.admin.client_id}/members", {"user_id": viewer.id, "role": "viewer"})
    query = f"?client_id={hooks.admin.client_id}"

    assert viewer.get(f"/webhooks{query}").status == 200
    assert viewer.post(f"/webhooks{query}", {"url": "https://example.com/"}).status == 403


def test_the_catalogue_has_an_example_and_a_schema_of_every_event(hooks: Hooks) -> None:
    catalogue = {event["type"]: event for event in hooks.admin.get("/webhooks/events").data}

    assert catalogue["webhook.test"]["payload"]["type"] == "webhook.test"
    assert catalogue["webhook.test"]["schema"]["properties"]["type"] == {"const": "webhook.test"}


def test_nobody_signed_in_sees_nothing(gateway) -> None:
    assert gateway.get("/webhooks").status == 401
    assert gateway.post("/webhooks", {"url": "https://example.com/"}).status == 401


def test_a_message_that_is_none_is_a_dead_letter_and_the_rest_arrives(hooks: Hooks) -> None:
    with hooks.receiver() as peer:
        hooks.create(peer.url)
        hooks.say()
        assert hooks.deliver("no json", *hooks.outbox(), '{"client_id": "c"}') == []
        assert len(peer.requests) == 1

    url = hooks.backend.resources.dead_letters["webhook_sender"]
    assert len(hooks.backend.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 2
