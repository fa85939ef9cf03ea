"""Campaigns that start when somebody else has said yes, by the rules of pages and creatives."""

from datetime import timedelta

import pytest

from groundswell.kernel.clock import rfc3339, utc_now
from tests.integration.campaigns.conftest import Dispatch
from tests.people import People, Person


@pytest.fixture
def colleague(dispatch: Dispatch, people: People) -> Person:
    colleague = people.member_of(dispatch.owner)
    members = f"/clients/{dispatch.owner.client_id}/members"
    assert dispatch.owner.post(members, {"user_id": colleague.id, "role": "admin"}).status == 201
    return colleague


def test_a_campaign_starts_when_somebody_else_has_approved_that_revision(dispatch: Dispatch, colleague: Person) -> None:
    owner = dispatch.owner
    campaign = dispatch.campaign([dispatch.lead()], approval={"required": 1})
    place = f"/campaigns/{campaign}"

    assert dispatch.get(campaign)["approval"]["missing"] == 1
    assert dispatch.start(campaign).code == "AWAITS_APPROVAL"
    assert owner.post(f"{place}/approve").code == "OWN_WORK"
    assert colleague.post(f"{place}/reject", {"reason": ""}).status == 400
    approved = colleague.post(f"{place}/approve", {"comment": "Fine", "revision": 1}).data
    assert (approved["approval"]["status"], approved["decisions"][0]["by"]) == ("approved", colleague.id)
    assert colleague.post(f"{place}/approve").data["version"] == approved["version"]  # again: nothing new

    edited = owner.put(place, {"subject": "Another one"}).data
    assert (edited["approval"]["status"], edited["revision"]) == ("pending", 2)
    assert dispatch.start(campaign).code == "AWAITS_APPROVAL"
    assert colleague.post(f"{place}/approve", {"revision": 1}).code == "OLDER_VERSION"
    refused = colleague.post(f"{place}/request-changes", {"reason": "Too loud"}).data
    assert (refused["approval"]["status"], len(refused["decisions"])) == ("changes_requested", 2)
    assert dispatch.start(campaign).code == "AWAITS_APPROVAL"

    owner.put(place, {"subject": "Quietly"})
    colleague.post(f"{place}/approve")
    assert dispatch.start(campaign).status == 202
    dispatch.run()
    assert dispatch.states(campaign) == {"sent": 1}
    assert colleague.post(f"{place}/reject", {"reason": "Too late"}).code == "CAMPAIGN_LOCKED"


def test_a_scheduled_one_that_is_changed_is_a_draft_until_it_is_approved_again(
    dispatch: Dispatch, colleague: Person
) -> None:
    schedule = {"at": rfc3339(utc_now() + timedelta(days=2))}
    campaign = dispatch.campaign([dispatch.lead()], approval={"approvers": [colleague.id]}, schedule=schedule)
    colleague.post(f"/campaigns/{campaign}/approve")
    assert dispatch.start(campaign).data["status"] == "scheduled"

    changed = dispatch.owner.put(f"/campaigns/{campaign}", {"name": "Sale!"}).data
    assert (changed["status"], changed["approval"]["status"]) == ("draft", "pending")
    assert dispatch.start(campaign).code == "AWAITS_APPROVAL"


def test_a_template_that_is_changed_after_the_approval_is_approved_again(dispatch: Dispatch, colleague: Person) -> None:
    owner = dispatch.owner
    template = owner.post(
        "/communication/email/templates", {"name": "Plain", "subject": "Hi", "text": "Dear all"}
    ).data["id"]
    campaign = dispatch.campaign([dispatch.lead()], approval={}, body=None, template_id=template)
    colleague.post(f"/campaigns/{campaign}/approve")
    owner.put(f"/communication/email/templates/{template}", {"text": "Buy now!"})

    assert dispatch.start(campaign).code == "AWAITS_APPROVAL"
    assert colleague.post(f"/campaigns/{campaign}/approve", {"revision": 1}).code == "OLDER_VERSION"
    assert colleague.post(f"/campaigns/{campaign}/approve").data["revision"] == 2
    assert dispatch.start(campaign).status == 202


def test_approvers_work_for_the_client_and_without_a_policy_there_is_nothing_to_approve(
    dispatch: Dispatch, colleague: Person
) -> None:
    unknown = dispatch.owner.post("/campaigns", {"name": "x", "approval": {"approvers": ["nobody"]}})
    assert unknown.json["error"]["field"] == "approval.approvers"
    alone = dispatch.owner.post("/campaigns", {"name": "x", "approval": {"approvers": [dispatch.owner.id]}})
    assert alone.json["error"]["field"] == "approval.required"
    campaign = dispatch.campaign([dispatch.lead()])
    assert colleague.post(f"/campaigns/{campaign}/approve").code == "NOTHING_TO_APPROVE"
    assert dispatch.start(campaign).status == 202
