"""The catalogue over HTTP, and what blocking an event does to those that come."""

import pytest

from tests.integration.analytics.tenant import Tenant


@pytest.fixture
def tenant(people):
    return Tenant(people.sign_up())


def event(number, name="viewed", **changes):
    return {"type": "track", "event": name, "id": f"{name} {number}", "userId": "u"} | changes


def test_events_and_properties_are_listed(tenant):
    tenant.send([event(1, properties={"plan": "team"}), event(2, properties={"plan": 5}), event(3, "left")])

    events = tenant.person.get("/analytics/catalogue/events").data
    catalogue = tenant.person.get("/analytics/catalogue/properties?event=viewed").data

    assert [(event["name"], event["count"], event["blocked"]) for event in events["events"]] == [
        ("viewed", 2, False),
        ("left", 1, False),
    ]
    assert [(prop["name"], prop["types"]) for prop in catalogue["properties"]] == [("plan", {"string": 1, "number": 1})]


def test_a_blocked_event_is_rejected_with_a_verdict_until_it_is_unblocked(tenant):
    path = "/analytics/catalogue/events/debug%2Fnoise/block"
    key = {"x-api-key": tenant.key("events:write")}
    for _ in range(2):
        assert tenant.person.put(path).status == 200

    def post(*events):
        return tenant.person.gateway.post("=/v1/batch", {"batch": list(events)}, headers=key)

    answer = post(event(1, "debug/noise"), event(2))
    tenant.count("0")

    assert answer.status == 200
    assert [(rejection["index"], rejection["code"]) for rejection in answer.json["rejected"]] == [(0, "blocked")]
    (blocked, seen) = sorted(tenant.person.get("/analytics/catalogue/events").data["events"], key=lambda e: e["name"])
    assert (blocked["name"], blocked["count"], blocked["blocked"]) == ("debug/noise", 0, True)
    assert seen["count"] == 1
    for _ in range(2):
        assert tenant.person.delete(path).status == 200
    assert post(event(3, "debug/noise")).json["rejected"] == []


def test_events_are_described_hidden_and_verified_and_questions_call_them_as_before(tenant, people):
    tenant.send([event(1), event(2, "$internal/x")])
    path, person = "/analytics/catalogue/events", tenant.person

    made = person.put(f"{path}/viewed", {"display_name": "Seen", "verified": True})
    assert (made.status, made.data["version"]) == (200, 1), made.body
    assert person.put(f"{path}/viewed", {"description": "A page"}).data["display_name"] == "Seen"
    assert person.put(f"{path}/viewed", {"hidden": True}, headers={"if-match": '"1"'}).status == 412
    assert person.put(f"{path}/%24internal%2Fx", {"hidden": True}).data["name"] == "$internal/x"
    assert person.put(f"{path}/planned", {"description": "Soon"}).status == 200
    assert person.put(f"{path}/viewed", {"hidden": None}).json["error"]["field"] == "hidden"

    def listed(query=""):
        return {event["name"]: event for event in person.get(f"{path}{query}").data["events"]}

    assert set(listed()) == {"viewed", "planned"}
    assert set(listed("?hidden=true")) == {"viewed", "planned", "$internal/x"}
    seen = listed()["viewed"]
    assert (seen["display_name"], seen["description"], seen["verified"], seen["count"]) == ("Seen", "A page", True, 1)
    assert listed()["planned"]["first_seen"] is None
    assert people.sign_up().get(path).data["events"] == [], "another tenant's names are its own"
