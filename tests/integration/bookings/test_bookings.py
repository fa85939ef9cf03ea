"""Bookings as visitors and hosts make them."""

import json
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ANY_TIME = {"timezone": "UTC", "weekly": EVERY_DAY}


@pytest.fixture
def kind(ada):
    def make(**values) -> dict:
        wanted = {"name": "Call", "duration_minutes": 60, "availability": ANY_TIME, **values}
        answer = ada.post("/business/booking-types", wanted)
        assert answer.status == 201, answer.body
        return answer.data

    return make


@pytest.fixture
def slots(gateway):
    def of(kind: dict, query: str = "") -> list[dict]:
        answer = gateway.get(f"/business/bookings/slots?type_id={kind['id']}{query}")
        assert answer.status == 200, answer.body
        return answer.data

    return of


@pytest.fixture
def book(gateway):
    def call(kind: dict, starts_at: str, email: str = "grace@people.example", **values):
        body = {"type_id": kind["id"], "starts_at": starts_at, "attendee": {"email": email, "name": "Grace Hopper"}}
        return gateway.post("/business/bookings", {**body, **values})

    return call


def test_a_type_is_made_read_changed_and_deleted(ada, gateway, kind, slots, book):
    made = kind(buffer_after="15m", min_notice="2h", location="Room 1")
    path = f"/business/booking-types/{made['id']}"
    assert (made["hosts"], made["buffer_after"], made["min_notice"]) == ([ada.id], "15m", "2h")
    assert gateway.get(path).data["location"] is None
    assert ada.call("PATCH", path, {"per_day": 3}).data["per_day"] == 3
    assert ada.put(path, {"per_day": None}, headers={"If-Match": '"1"'}).status == 412
    assert [kind["id"] for kind in ada.get("/business/booking-types").data] == [made["id"]]
    assert ada.put(path, {"hosts": ["stranger"]}).json["error"]["field"] == "hosts.0"
    assert ada.put(path, {"availability": {"weekly": {"mon": [["10:00", "09:00"]]}}}).status == 400
    booked = book(made, slots(made)[0]["starts_at"])
    assert ada.delete(path).code == "IN_USE"
    ada.put(f"/business/bookings/{booked.data['id']}", {"status": "cancelled"})
    assert ada.delete(path).status == 200
    assert gateway.get(path).status == 404


def test_slots_are_in_the_callers_zone(kind, slots, ada, gateway):
    office = {"timezone": "Europe/Berlin", "weekly": {"sun": [["09:00", "11:00"]]}, "holidays": ["2027-03-21"]}
    made = kind(availability=office, horizon_days=365)
    offered_slots = slots(made, "&from=2027-03-14&to=2027-04-01&timezone=America/New_York")
    # Clocks changed in New York on the 14th and in Berlin on the 28th; the 21st is a holiday.
    assert [slot["starts_at"] for slot in offered_slots] == [
        "2027-03-14T04:00:00.000-04:00",
        "2027-03-14T05:00:00.000-04:00",
        "2027-03-28T03:00:00.000-04:00",
        "2027-03-28T04:00:00.000-04:00",
    ]
    assert offered_slots[0]["hosts"] == []
    url = f"/business/bookings/slots?type_id={made['id']}&from=2027-03-14&to=2027-03-15"
    assert ada.get(url).data[0]["hosts"] == [ada.id]
    assert gateway.get(url + "&timezone=Mars").json["error"]["field"] == "timezone"
    assert gateway.get(f"/business/bookings/slots?type_id={made['id']}&from=2027-01-01&to=2027-06-01").status == 400


def test_a_slot_is_sold_once_and_held_for_who_asked_first(ada, gateway, kind, slots, book, advance):
    made = kind()
    first, second = (slot["starts_at"] for slot in slots(made)[:2])
    held = gateway.post("/business/bookings/holds", {"type_id": made["id"], "starts_at": first}).data
    assert book(made, first).code == "SLOT_TAKEN"
    assert slots(made)[0]["starts_at"] == second
    booked = book(made, first, hold_id=held["id"])
    assert (booked.status, booked.data["status"], booked.data["host_id"]) == (201, "confirmed", ada.id)
    assert book(made, first, "other@people.example").code == "SLOT_TAKEN"
    spent = f"/business/bookings/holds/{held['id']}"
    assert (gateway.get(spent).code, gateway.delete(spent).code) == ("HOLD_NOT_FOUND", "HOLD_NOT_FOUND")
    gateway.post("/business/bookings/holds", {"type_id": made["id"], "starts_at": second})
    advance(minutes=6)
    assert book(made, second, "other@people.example").status == 201
    assert book(made, "2026-01-01T00:00:00Z").json["error"]["field"] == "starts_at"
    assert book(made, "2027-01-01T00:00:00").status == 400


def test_a_hold_is_read_and_given_back_by_its_id(gateway, kind, slots, book, advance):
    made = kind(buffer_before="15m")
    start = slots(made)[3]["starts_at"]
    held = gateway.post("/business/bookings/holds", {"type_id": made["id"], "starts_at": start})
    path = f"/business/bookings/holds/{held.data['id']}"
    assert held.headers["location"] == f"/api/v1{path}"
    assert gateway.get(path).data == held.data
    assert gateway.delete(path).status == 200
    assert gateway.delete(path).code == "HOLD_NOT_FOUND"
    assert start in {slot["starts_at"] for slot in slots(made)}
    again = gateway.post("/business/bookings/holds", {"type_id": made["id"], "starts_at": start}).data
    other = f"{again['id'][:-1]}{'0' if again['id'][-1] != '0' else '1'}"
    for wrong in (other, made["id"], "x", "0" * 64):
        assert gateway.delete(f"/business/bookings/holds/{wrong}").status == 404
    assert book(made, start).code == "SLOT_TAKEN"
    advance(minutes=6)
    assert gateway.get(f"/business/bookings/holds/{again['id']}").status == 404
    assert book(made, start).status == 201


def test_it_is_moved_and_cancelled_by_its_own_link(ada, gateway, kind, slots, book, work, mails):
    made = kind()
    first, second, third = (slot["starts_at"] for slot in slots(made)[2:5])
    mine, other = (
        book(made, first, "mine@people.example", timezone="Europe/Berlin").data,
        book(made, second, "other@people.example").data,
    )
    path, token = f"/business/bookings/{mine['id']}", mine["manage_url"].rpartition("/")[2]
    assert gateway.get(path).status == 401
    assert gateway.get(f"{path}?token={token}").data["attendee"]["name"] == "Grace Hopper"
    assert gateway.put(f"/business/bookings/{other['id']}?token={token}", {"status": "cancelled"}).status == 404
    assert gateway.put(f"{path}?token={token}", {"status": "confirmed"}).code == "INVALID_TRANSITION"
    assert gateway.put(f"{path}?token={token}", {"starts_at": second}).code == "SLOT_TAKEN"
    moved = gateway.put(f"{path}?token={token}", {"starts_at": third}).data
    assert (moved["sequence"], moved["id"]) == (1, mine["id"])
    assert book(made, first, "third@people.example").status == 201
    assert book(made, third, "fourth@people.example").code == "SLOT_TAKEN"
    off = gateway.put(f"{path}?token={token}", {"status": "cancelled", "reason": "Ill"}).data
    assert (off["status"], off["reason"]) == ("cancelled", "Ill")
    assert gateway.put(f"{path}?token={token}", {"status": "cancelled"}).data["version"] == off["version"]
    assert book(made, third, "fourth@people.example").status == 201
    work()
    assert mails("mine@people.example") == ["Confirmed: Call", "New time: Call", "Cancelled: Call"]
    sent = [Calendar.from_ical(mail["calendar"]) for mail in mails("mine@people.example", whole=True)]
    assert [(str(message["METHOD"]), message.walk("VEVENT")[0]["SEQUENCE"]) for message in sent] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
    ]
    assert {str(message.walk("VEVENT")[0]["UID"]) for message in sent} == {f"booking-{mine['id']}@groundswell"}
    assert len(mails(ada.email)) >= 3
    parts = urlsplit(mine["calendar_url"])
    shown = Calendar.from_ical(gateway.get(f"={parts.path}?{parts.query}").body)
    assert (str(shown["METHOD"]), shown.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    lead = ada.get(f"/leads/{ada.get(path).data['lead_id']}").data
    assert (lead["email"], lead["last_name"]) == ("mine@people.example", "Hopper")
    assert {lead["event"] for lead in ada.get(f"/leads/{lead['id']}/timeline").data} >= {"booking_cancelled"}


def test_a_request_waits_for_a_yes_and_the_clock_ends_it(ada, kind, slots, book, fire, mails, advance, people):
    made = kind(confirmation="manual")
    first, second = (slot["starts_at"] for slot in slots(made)[30:32])
    one, two = book(made, first, "one@people.example").data, book(made, second, "two@people.example").data
    assert one["status"] == "pending"
    parts = urlsplit(one["calendar_url"])
    shown = Calendar.from_ical(ada.gateway.get(f"={parts.path}?{parts.query}").body)
    assert shown.walk("VEVENT")[0]["STATUS"] == "TENTATIVE"
    path = f"/business/bookings/{one['id']}"
    assert ada.put(path, {"status": "no_show"}).code == "INVALID_TRANSITION"
    assert ada.put(path, {"status": "confirmed"}).data["status"] == "confirmed"
    assert ada.put(path, {"status": "completed"}).status == 400
    fire(ada.client_id, "booking.remind_day")
    fire(ada.client_id, "booking.remind_hour")
    pending = ada.get("/business/bookings?status=pending")
    assert ([booking["id"] for booking in pending.data], pending.json["meta"]["total"]) == ([two["id"]], 1)
    advance(days=3)
    fire(ada.client_id, "booking.start")
    fire(ada.client_id, "booking.end")
    ada = people.sign_in(ada.email)
    assert ada.get(path).data["status"] == "completed"
    assert ada.put(path, {"status": "no_show"}).data["status"] == "no_show"
    assert ada.get(f"/business/bookings/{two['id']}").data["status"] == "declined"
    assert sorted(mails("one@people.example")) == [
        "Confirmed: Call",
        "In an hour: Call",
        "Tomorrow: Call",
        "Your request: Call",
    ]
    assert mails("two@people.example")[-1] == "Declined: Call"


def test_who_only_reads_gets_no_link_to_change_it(ada, people, kind, slots, book):
    made = kind()
    booked = book(made, slots(made)[0]["starts_at"]).data
    viewer = people.member_of(ada)
    ada.post(f"/clients/{ada.client_id}/members", {"user_id": viewer.id, "role": "viewer"})
    seen = viewer.get(f"/business/bookings/{booked['id']}").data
    assert (seen["manage_url"], "token" in seen["calendar_url"]) == (None, False)
    assert viewer.put(f"/business/bookings/{booked['id']}", {"status": "cancelled"}).status == 403
    assert ada.get("/business/bookings").data[0]["manage_url"] == booked["manage_url"]


def test_only_a_hold_that_nobody_used_or_released_is_told_of_as_expired(ada, gateway, kind, slots, book, fire, moto):
    made = kind()
    holds = [
        gateway.post("/business/bookings/holds", {"type_id": made["id"], "starts_at": slot["starts_at"]}).data
        for slot in slots(made)[:3]
    ]
    assert book(made, holds[0]["starts_at"], hold_id=holds[0]["id"]).status == 201
    assert gateway.delete(f"/business/bookings/holds/{holds[1]['id']}").status == 200
    fire(ada.client_id, "booking.hold")

    outbox = [row for row in moto.items("core") if row["kind"]["S"] == "outbox"]
    events = [json.loads(row["body"]["S"]) for row in outbox if row["queue"]["S"] == "webhook_events"]
    [expired] = [
        event for event in events if event["type"] == "booking.hold_expired" and event["client_id"] == ada.client_id
    ]
    assert expired["data"] == {name: holds[2][name] for name in ("id", "type_id", "starts_at", "ends_at")}
