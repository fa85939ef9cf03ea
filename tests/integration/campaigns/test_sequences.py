"""Sequences: who begins, one step after another, and what stops them."""

from datetime import timedelta
from typing import Any

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.leads.store import DynamoLeadStore
from groundswell.schedules.timers import firing_body
from tests.gateway import call_handler
from tests.integration.campaigns.conftest import Dispatch
from tests.timers import due_timers


@pytest.fixture
def template(dispatch: Dispatch) -> str:
    body = {"name": "T", "subject": "Hi {{first_name}}", "html": "<p>Hi {{first_name}}</p>"}
    return dispatch.owner.post("/communication/email/templates", body).data["id"]


def sequence(dispatch: Dispatch, template: str, **more: Any) -> str:
    steps = [{"wait": "0m", "template_id": template}, {"wait": "2d", "template_id": template, "channel": "email"}]
    made = dispatch.owner.post("/campaigns/sequences", {"name": "Welcome", "steps": steps, **more})
    assert made.status == 201, made.body
    return made.data["id"]


def fire(dispatch: Dispatch, times: int = 2) -> int:
    """All steps that wait, whenever they are due, each delivered so many times."""
    firings = due_timers(dispatch.backend, dispatch.owner.client_id, "campaign.step")
    for firing in firings:
        for _ in range(times):
            assert dispatch.handle(firing_body(firing)) == []
    dispatch.run()
    return len(firings)


def progress(dispatch: Dispatch, sequence_id: str) -> dict[str, tuple[str, int, str | None]]:
    enrolments = dispatch.owner.get(f"/campaigns/sequences/{sequence_id}/enrolments").data
    return {
        enrolment["lead_id"]: (enrolment["status"], enrolment["step"], enrolment["reason"]) for enrolment in enrolments
    }


def changed(dispatch: Dispatch, *lead_ids: str) -> None:
    """What the stream of leads says of them."""
    rows = {row["id"]["S"]: row for row in dispatch.backend.items("core") if row["kind"]["S"] == "lead"}
    records = [
        {"eventName": "MODIFY", "dynamodb": {"NewImage": rows[lead_id], "SequenceNumber": str(number)}}
        for number, lead_id in enumerate(lead_ids)
    ]
    assert call_handler(dispatch.backend, "audience_keeper", {"Records": records})["batchItemFailures"] == []


def test_an_audience_goes_through_the_steps_each_lead_once(dispatch: Dispatch, template: str) -> None:
    owner, leads = dispatch.owner, [dispatch.lead() for _ in range(3)]
    made = sequence(dispatch, template, audience={"lead_ids": leads}, stop_when=[{"converted": True}])
    path = f"/campaigns/sequences/{made}"
    assert owner.get(path).data["status"] == "draft"
    started = owner.post(f"{path}/start")
    assert (started.status, started.data["status"]) == (200, "starting")
    assert owner.post(f"{path}/start").data["version"] == started.data["version"]
    bodies = dispatch.outbox()
    assert dispatch.handle(*bodies, *bodies) == []
    dispatch.run()
    assert owner.get(path).data["status"] == "active"
    assert owner.put(path, {"name": "x"}).code == "SEQUENCE_ACTIVE"

    assert fire(dispatch) == 3
    assert len(dispatch.mails()) == len({mail["To"] for mail in dispatch.mails()}) == 3
    first = owner.get(path).data["steps"][0]["campaign_id"]
    assert dispatch.states(first) == {"sent": 3}
    assert dispatch.get(first)["sequence_id"] == made

    owner.put(f"/leads/{leads[0]}", {"status": "converted"})
    assert owner.post(f"{path}/pause").data["status"] == "paused"
    assert fire(dispatch) == 3
    assert len(dispatch.mails()) == 3
    assert owner.post(f"{path}/start").data["status"] == "active"
    dispatch.run()
    assert fire(dispatch) == 3
    assert len(dispatch.mails()) == 5
    assert progress(dispatch, made) == {
        leads[0]: ("stopped", 1, "converted"),
        leads[1]: ("finished", 2, None),
        leads[2]: ("finished", 2, None),
    }
    owner.post(f"{path}/pause")
    assert owner.put(path, {"steps": []}).code == "SEQUENCE_LOCKED"
    assert owner.delete(path).status == 200
    dispatch.run()
    assert (owner.get(path).status, dispatch.get(first)["status"]) == (404, "sent")


def test_who_comes_to_a_list_begins_and_who_was_there_does_not(dispatch: Dispatch, template: str) -> None:
    owner = dispatch.owner
    members = owner.post("/audience/lists", {"name": "L"}).data["id"]
    old, new, other = (dispatch.lead() for _ in range(3))
    assert owner.post(f"/audience/lists/{members}/members", {"lead_ids": [old]}).status < 300
    stop = [{"segment": owner.post("/audience/segments", SEGMENT).data["id"]}]
    made = sequence(dispatch, template, start_when={"list": members}, stop_when=stop)
    owner.post(f"/campaigns/sequences/{made}/start")
    dispatch.run()
    assert owner.post(f"/audience/lists/{members}/members", {"lead_ids": [new]}).status < 300
    for _ in range(2):
        changed(dispatch, old, new, other)
    assert progress(dispatch, made) == {old: ("before", 0, None), new: ("active", 0, None)}
    assert fire(dispatch) == 1
    assert [mail["Subject"] for mail in dispatch.mails()] == ["Hi Name2"]


SEGMENT = {"name": "S", "rules": [{"field": "status", "operator": "equals", "value": "lost"}]}


def test_an_event_begins_and_another_one_stops(
    dispatch: Dispatch, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.campaigns.sequences.adapter_events import EventsOfLeads

    lead, other = dispatch.lead(), dispatch.lead()
    did: list[str] = []
    stored = DynamoLeadStore()
    monkeypatch.setattr(
        EventsOfLeads, "who_did", lambda _, client, event, _since, _until: stored.find_many(client, [lead])
    )
    monkeypatch.setattr(EventsOfLeads, "did", lambda _, who, event, _since, _until: event in did)
    made = sequence(dispatch, template, start_when={"event": "signed_up"}, stop_when=[{"event": "bought"}])
    started = dispatch.owner.post(f"/campaigns/sequences/{made}/start").data
    assert started["status"] == "active"
    for _ in range(2):
        (tick,) = due_timers(dispatch.backend, dispatch.owner.client_id, "campaign.events")
        assert dispatch.handle(firing_body(tick)) == []
    assert tick.due - utc_now() < timedelta(minutes=2)
    assert fire(dispatch) == 1
    did.append("bought")
    assert fire(dispatch) == 1
    assert progress(dispatch, made) == {lead: ("stopped", 1, "event")}
    assert len(dispatch.mails()) == 1
    assert other not in progress(dispatch, made)


def test_sequences_with_faults_are_refused_by_field(dispatch: Dispatch, template: str) -> None:
    owner = dispatch.owner
    for more, field in [
        ({"steps": [{"wait": "soon", "template_id": template}]}, "steps.0.wait"),
        ({"start_when": {"event": "a", "list": "b"}}, "start_when"),
        ({"start_when": {}}, "start_when"),
        ({"start_when": {"list": "none"}}, "start_when.list_ids"),
        ({"stop_when": [{"segment": "none"}]}, "stop_when.0.segment_ids"),
    ]:
        answer = owner.post("/campaigns/sequences", {"name": "S", **more})
        assert (answer.status, answer.json["error"]["field"]) == (400, field), answer.body
    assert owner.post("/campaigns/sequences", {"name": "S", "steps": [{"template_id": "none"}]}).status == 404
    empty = owner.post("/campaigns/sequences", {"name": "S"}).data["id"]
    assert owner.post(f"/campaigns/sequences/{empty}/start").json["error"]["field"] == "steps"
