"""Segments over HTTP, the worker that fills them, and the one that keeps them current."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from groundswell.kernel.clock import rfc3339
from groundswell.leads.store import DynamoLeadStore
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant

HEADS = {"name": "Heads", "rules": [{"field": "title", "operator": "contains", "value": "head"}]}


def made(person, **body):
    answer = person.post("/audience/segments", body)
    assert answer.status == 201, answer.body
    return answer.data["id"]


def emails(person, segment_id):
    listed = person.get(f"/leads?segment_id={segment_id}").json
    assert len(listed["data"]) == listed["meta"]["total"]
    return sorted(lead["email"] for lead in listed["data"])


def lead(person, name, **fields):
    return person.post("/leads", {"email": f"{name}@a.example", **fields}).data["id"]


def kept(moto):
    """What the stream hands out: every lead as it is."""
    images = [item for item in moto.items("core") if item["kind"]["S"] == "lead"]
    records = [{"eventName": "MODIFY", "dynamodb": {"NewImage": image, "SequenceNumber": "1"}} for image in images]
    assert call_handler(moto, "audience_keeper", {"Records": records}) == {"batchItemFailures": []}


def test_a_segment_is_filled_follows_its_leads_and_its_rules_and_goes(owner, work, moto):
    ada, bob = lead(owner, "ada", title="Head of Growth"), lead(owner, "bob", title="Clerk")
    segment_id = made(owner, **HEADS)
    work()
    assert emails(owner, segment_id) == ["ada@a.example"]
    shown = owner.get(f"/audience/segments/{segment_id}").data
    assert (shown["members"], shown["refreshed_at"] is not None, shown["rules"]) == (1, True, HEADS["rules"])

    owner.put(f"/leads/{bob}", {"title": "Headmaster"})
    owner.put(f"/leads/{ada}", {"title": "Retired"})
    for _ in range(2):
        kept(moto)
    assert emails(owner, segment_id) == ["bob@a.example"]

    rules = [{"field": "title", "operator": "equals", "value": "retired"}, {"score": 0.5}]
    assert owner.put(f"/audience/segments/{segment_id}", {"match": "any", "rules": rules}).status == 200
    assert owner.get(f"/audience/segments/{segment_id}/preview").data["count"] == 1
    work()
    assert emails(owner, segment_id) == ["ada@a.example"]
    assert owner.delete(f"/audience/segments/{segment_id}").status == 200
    assert owner.get(f"/audience/segments/{segment_id}").status == 404
    work()
    assert emails(owner, segment_id) == []
    assert DynamoLeadStore().find(owner.client_id, ada).segment_ids == ()


def test_what_people_did_counts_and_is_asked_again_by_a_timer(owner, work, moto):
    lead(owner, "ada", identities={"distinct_id": "ada"})
    lead(owner, "bob", identities={"distinct_id": "bob"})
    rule = {"event": "Paid", "operator": "gte", "value": 2, "within": "30d"}
    body = {"name": "Buyers", "rules": [rule]}
    now = rfc3339(datetime.now(UTC))

    def pays(user, times):
        event = {"type": "track", "event": "Paid", "userId": user, "timestamp": now}
        Tenant(owner).send([{**event, "id": str(uuid4())} for _ in range(times)])

    pays("ada", 2)
    pays("bob", 1)
    preview = owner.post("/audience/segments/preview", body).data
    assert (preview["count"], [lead["email"] for lead in preview["sample"]]) == (1, ["ada@a.example"])
    segment_id = made(owner, **body)
    work()
    assert emails(owner, segment_id) == ["ada@a.example"]

    pays("bob", 1)
    kept(moto)
    assert emails(owner, segment_id) == ["ada@a.example"]
    firing = {"tenant": owner.client_id, "kind": "segment.refresh", "key": segment_id, "due": now, "payload": {}}
    message = {"messageId": "1", "body": json.dumps({**firing, "late_seconds": 0, "missed": False})}
    assert call_handler(moto, "audience_jobs", {"Records": [message]}) == {"batchItemFailures": []}
    assert emails(owner, segment_id) == ["ada@a.example", "bob@a.example"]


def test_a_list_that_a_segment_needs_is_in_use(owner):
    news = owner.post("/audience/lists", {"name": "News"}).data["id"]
    segment_id = made(owner, name="Readers", rules=[{"list": news}])

    refused = owner.delete(f"/audience/lists/{news}")
    assert (refused.status, refused.code) == (409, "IN_USE")
    assert refused.json["error"]["details"]["used_by"] == [{"kind": "segment", "id": segment_id}]
    assert owner.delete(f"/audience/segments/{segment_id}").status == 200
    assert owner.delete(f"/audience/lists/{news}").status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "rules": []},
        {"name": "x", "rules": [{"list": "nope"}]},
        {"name": "x", "rules": [{"field": "title", "operator": "gt", "value": 1}]},
        {"name": "x", "rules": [{"more": 1}]},
    ],
)
def test_a_segment_that_is_none_is_refused(owner, body):
    assert owner.post("/audience/segments", body).status == 400
