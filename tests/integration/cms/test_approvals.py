"""Pages that are published when somebody else has said yes, by the rules of creatives."""

from datetime import timedelta

import pytest

from groundswell.cms.adapter_wiring import pages
from groundswell.kernel.clock import rfc3339, utc_now


@pytest.fixture
def colleague(ada, people):
    colleague = people.member_of(ada)
    ada.post(f"/clients/{ada.client_id}/members", {"user_id": colleague.id, "role": "admin"})
    return colleague


def test_a_page_is_published_when_somebody_else_has_approved_that_revision(ada, colleague, make, seen):
    page = make(ada, approval={"required": 1})
    place = f"/content/pages/{page['id']}"

    assert (page["approval"]["status"], page["approval"]["missing"]) == ("pending", 1)
    assert ada.post(f"{place}/publish").code == "AWAITS_APPROVAL"
    assert ada.put(place, {"status": "published"}).code == "AWAITS_APPROVAL"
    assert ada.post(f"{place}/approve").code == "OWN_WORK"
    assert colleague.post(f"{place}/reject", {"reason": ""}).status == 400
    approved = colleague.post(f"{place}/approve", {"comment": "Fine", "revision": 1}).data
    assert (approved["approval"]["status"], approved["decisions"][0]["by"]) == ("approved", colleague.id)
    assert colleague.post(f"{place}/approve").data["version"] == approved["version"]  # again: nothing new
    assert ada.post(f"{place}/publish").data["is_published"]
    edited = ada.put(place, {"title": {"en": "Dear"}}).data
    assert (edited["approval"]["status"], edited["is_published"]) == ("pending", True)
    assert colleague.post(f"{place}/approve", {"revision": 1}).code == "OLDER_VERSION"
    assert ada.post(f"{place}/publish").code == "AWAITS_APPROVAL"
    assert b"Pricing" in seen(ada, "pricing").body
    refused = colleague.post(f"{place}/request-changes", {"reason": "Too dear"}).data
    assert (refused["approval"]["status"], len(refused["decisions"])) == ("changes_requested", 2)
    assert ada.put(place, {"approval": None}).data["approval"] is None
    assert ada.post(f"{place}/publish").status == 200
    assert colleague.post(f"{place}/approve").code == "NOTHING_TO_APPROVE"


def test_a_publication_in_time_waits_for_the_last_approval(ada, colleague, make, seen, advance, people):
    due = utc_now() + timedelta(minutes=5)
    approval = {"approvers": [colleague.id]}
    page = make(ada, "later", publish_at=rfc3339(due), approval=approval)
    advance(minutes=6)

    assert pages().publish_on_time(ada.client_id, page["id"], due) is False
    assert seen(ada, "later").status == 404
    approved = people.sign_in(colleague.email).post(f"/content/pages/{page['id']}/approve?client_id={ada.client_id}")
    assert approved.data["is_published"]
    assert seen(ada, "later").status == 200


def test_approvers_work_for_the_client(ada, make):
    body = {"slug": "x", "title": {"en": "X"}, "approval": {"approvers": ["nobody"]}}
    assert ada.post("/content/pages", body).json["error"]["field"] == "approval.approvers"
    alone = {**body, "approval": {"approvers": [ada.id]}}
    assert ada.post("/content/pages", alone).json["error"]["field"] == "approval.required"
