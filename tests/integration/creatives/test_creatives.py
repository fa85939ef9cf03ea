"""Creatives over HTTP: submitted, decided on, changed, discussed."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.schedules.timers import Firing, firing_body
from tests.gateway import call_handler
from tests.unit.media import files


def task_of(person, creative):
    return person.get(f"/tasks/{creative['task_id']}").data


def test_a_creative_is_checked_and_asks_for_its_review_by_one_task(ada, submit, work):
    due = "2027-03-01"
    bob = ada.id
    creative = submit(ada, text="x" * 31, platform="google_ads", placement="headline", due_date=due)

    assert (creative["status"], creative["creative_version"], creative["decisions"]) == ("pending", 1, [])
    assert creative["checks"] == [{"rule": "text_length", "ok": False, "message": "31 characters; 30 are shown"}]
    work()
    work()
    task = task_of(ada, creative)
    wanted = {"task_type": "review_creative", "status": "pending", "due_date": due, "related_object_type": "creative"}
    assert task.items() >= {**wanted, "related_object_id": creative["id"]}.items()
    assert len(ada.get(f"/tasks?related_object_id={creative['id']}").data) == 1
    assert ada.get("/creative-submissions").data == [creative]
    assert ada.get("/creative-submissions?status=approved").data == []
    assert ada.get(f"/creative-submissions?status=pending&status=rejected&submitted_by={bob}").data == [creative]


def test_nobody_approves_their_own_and_the_task_is_closed_once_with_the_decision(ada, colleague, submit, work):
    bob, eve = colleague("admin"), colleague("editor")
    creative = submit(ada)
    place = f"/creative-submissions/{creative['id']}"

    assert ada.post(f"{place}/approve", {"comment": "Mine"}).code == "OWN_WORK"
    assert eve.post(f"{place}/approve").code == "NOT_AN_APPROVER"
    approved = bob.post(f"{place}/approve", {"comment": "Lovely"})
    again = bob.post(f"{place}/approve", {"comment": "Lovely"})
    work()

    assert (approved.data["status"], again.data) == ("approved", approved.data)
    [decision] = approved.data["decisions"]
    assert decision.items() >= {"by": bob.id, "decision": "approve", "version": 1, "reason": "Lovely"}.items()
    assert task_of(ada, approved.data)["status"] == "completed"
    assert len(ada.get(f"/tasks/{creative['task_id']}/activity?limit=100").data) < 20
    assert bob.post(f"{place}/reject", {"reason": "no"}).code == "ALREADY_DECIDED"
    assert eve.post(f"{place}/reject", {}).json["error"]["field"] == "reason"


def test_n_of_m_in_ordered_stages(ada, colleague, submit):
    ann, bob, eve = (colleague("member") for _ in range(3))
    stages = [{"name": "brand", "approvers": [ann.id]}, {"required": 2, "approvers": [ann.id, bob.id, eve.id]}]
    creative = submit(ada, approval={"stages": stages})
    place = f"/creative-submissions/{creative['id']}"

    assert bob.post(f"{place}/approve").code == "NOT_AN_APPROVER"
    assert ann.post(f"{place}/approve").data["approval"]["stage"] == 1
    assert bob.post(f"{place}/approve").data["approval"]["missing"] == 1
    assert eve.post(f"{place}/approve").data["status"] == "approved"
    for approval in ({"required": 2, "approvers": [bob.id]}, {"approvers": [ada.id]}, {"approvers": ["nobody"]}):
        refused = ada.post("/creative-submissions", {"title": "a", "type": "copy", "text": "a", "approval": approval})
        assert (refused.status, refused.json["error"]["field"].partition(".")[0]) == (400, "approval")


def test_a_new_version_begins_anew_and_an_older_one_is_not_decided_on(ada, colleague, submit, work):
    bob = colleague("admin")
    creative = submit(ada)
    place = f"/creative-submissions/{creative['id']}"
    bob.post(f"{place}/request-changes", {"reason": "Shorter"})

    second = ada.put(place, {"text": "Spring"}).data
    work()

    assert (second["status"], second["creative_version"], len(second["decisions"])) == ("pending", 2, 1)
    assert second["task_id"] != creative["task_id"]
    assert (task_of(ada, creative)["status"], task_of(ada, second)["status"]) == ("completed", "pending")
    assert bob.post(f"{place}/approve", {"creative_version": 1}).code == "OLDER_VERSION"
    assert bob.post(f"{place}/approve", headers={"If-Match": '"1"'}).status == 412
    assert bob.post(f"{place}/approve", {"version": 2}).data["status"] == "approved"
    versions = ada.get(f"{place}/versions").data
    assert [(version["creative_version"], version["text"]) for version in versions] == [
        (1, "Spring is here"),
        (2, "Spring"),
    ]
    third = bob.put(place, {"text": "Summer"}).data
    assert (third["status"], third["creative_version"]) == ("pending", 3)
    assert bob.post(f"{place}/approve").code == "OWN_WORK"


def test_the_log_of_decisions_is_sealed_entry_by_entry(ada, colleague, submit):
    bob = colleague("admin")
    creative = submit(ada)
    place = f"/creative-submissions/{creative['id']}"
    bob.post(f"{place}/reject", {"reason": "No"})
    ada.put(place, {"text": "Other"})
    bob.post(f"{place}/approve")

    log = ada.get(f"{place}/decisions").data

    seal = ""
    for decision in log:
        seal = sha256(f"{seal}\0{decision['entry']}".encode()).hexdigest()
        assert decision["seal"] == seal
    shown = [json.loads(entry["entry"])["shown"] for entry in log]
    assert shown == [version["digest"] for version in ada.get(f"{place}/versions").data]
    assert [json.loads(entry["entry"])["decision"] for entry in log] == ["reject", "approve"]


def test_a_picture_is_of_the_clients_own_media_and_stays_while_any_version_shows_it(ada, people, submit):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = head + files.png(600, 600, colour=7) + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    asset = ada.post("/content/media", body, headers=headers).data
    foreign = people.sign_up().post("/content/media", body, headers=headers).data
    picture = {"title": "Square", "type": "image", "platform": "facebook", "placement": "feed"}

    creative = submit(ada, **picture, media_id=asset["id"], text=None)

    assert [check["rule"] for check in creative["checks"] if check["ok"]] == [
        "file_type",
        "file_size",
        "dimensions",
        "ratio",
    ]
    assert ada.post("/creative-submissions", {**picture, "media_id": foreign["id"]}).status == 404
    assert ada.post("/creative-submissions", {**picture, "type": "video", "media_id": asset["id"]}).status == 400
    assert ada.post("/creative-submissions", picture).json["error"]["field"] == "media_id"
    assert (
        ada.put(f"/creative-submissions/{creative['id']}", {"media_id": None, "url": "https://a.example/b.png"}).status
        == 200
    )
    assert ada.delete(f"/content/media/{asset['id']}").code == "IN_USE"
    assert ada.delete(f"/creative-submissions/{creative['id']}").status == 200
    assert ada.delete(f"/content/media/{asset['id']}").status == 200
    assert ada.get(f"/creative-submissions/{creative['id']}").status == 404
    assert task_of(ada, creative)["status"] == "cancelled"


def test_comments_are_anchored_and_resolved(ada, colleague, submit):
    eve, viewer = colleague("member"), colleague("viewer")
    place = f"/creative-submissions/{submit(ada)['id']}/comments"
    region = {"x": 70, "y": 5, "w": 25, "h": 10}

    first = eve.post(place, {"text": "Too small", "region": region}).data
    eve.post(place, {"text": "Here", "timecode": 12.5})
    resolved = ada.post(f"{place}/{first['id']}/resolve").data

    assert (first["region"], first["creative_version"], resolved["resolved_by"]) == (region, 1, ada.id)
    assert [comment["timecode"] for comment in ada.get(place).data] == [None, 12.5]
    assert ada.post(f"{place}/{first['id']}/unresolve").data["resolved_at"] is None
    assert eve.post(place, {"text": "x", "region": region | {"w": 40}}).status == 400
    assert eve.post(place, {"text": "x", "page": 0}).json["error"]["field"] == "page"
    assert viewer.post(place, {"text": "x"}).status == 403
    assert colleague("member").delete(f"{place}/{first['id']}").status == 403
    assert eve.delete(f"{place}/{first['id']}").status == 200


def test_members_change_what_they_submitted_and_nothing_else(ada, colleague, submit):
    eve, other = colleague("member"), colleague("member")
    place = f"/creative-submissions/{submit(eve)['id']}"

    assert other.put(place, {"text": "x"}).status == 403
    assert other.delete(place).status == 403
    assert other.post(f"{place}/share-links").status == 403
    assert eve.put(place, {"text": "x"}).status == 200
    assert ada.put(place, {"text": "y"}).status == 200


def test_a_review_without_progress_is_told_of_once(moto, ada, submit):
    due = utc_now() + timedelta(days=2)
    creative = submit(ada, due_date=rfc3339(due))

    def fire(when) -> list[str]:
        body = firing_body(Firing(ada.client_id, "creative.stalled", creative["id"], when, 0, False, {}))
        event = {"Records": [{"messageId": "1", "body": body}]}
        assert call_handler(moto, "content", event) == {"batchItemFailures": []}
        bodies = [item["body"]["S"] for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        return [body for body in bodies if "creative.stalled" in body]

    assert fire(utc_now()) == []
    when = datetime.fromisoformat(rfc3339(due)) + timedelta(days=1)
    assert len(fire(when)) == 1
    assert len(fire(when)) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "a", "type": "copy"}, "text"),
        ({"title": "a", "type": "link"}, "url"),
        ({"title": "a", "type": "link", "url": "javascript:alert(1)"}, "url"),
        ({"title": "a", "type": "banner"}, "type"),
        ({"title": "a", "type": "copy", "text": "a", "due_date": "2027-01-01T10:00:00"}, "due_date"),
        ({"title": "a", "type": "copy", "text": "a", "status": "approved"}, "status"),
    ],
)
def test_bad_input_names_its_field(ada, body, field):
    answer = ada.post("/creative-submissions", body)

    assert (answer.status, answer.json["error"]["field"]) == (400, field)
