"""Hosts who are busy elsewhere, as their own public calendars say."""

from urllib.parse import urlsplit

import pytest

from tests.receiver import Receiver, Reply, receiver

EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def calendar(*starts: str) -> bytes:
    """An hour from each of them on."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{start}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for start in starts
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n{events}END:VCALENDAR\r\n".encode()


@pytest.fixture
def elsewhere(moto):
    with receiver() as peer:
        moto.configure(ALLOW_LOOPBACK_HOSTS=peer.place)
        yield peer


def serve(peer: Receiver, body: bytes, status: int = 200) -> None:
    peer.reply = lambda _: Reply(status, {"content-type": "text/calendar"}, body)


def test_a_host_who_is_busy_elsewhere_is_not_offered_and_a_calendar_that_fails_says_so(
    ada, gateway, elsewhere, fire, advance, people
):
    address = f"{elsewhere.url}/secret/basic.ics"
    body = {"name": "Call", "duration_minutes": 60, "availability": {"weekly": EVERY_DAY}}
    kind = ada.post("/business/booking-types", {**body, "calendars": {ada.id: [address]}}).data
    place = f"/business/booking-types/{kind['id']}"
    slots = f"/business/bookings/slots?type_id={kind['id']}"
    free = [slot["starts_at"] for slot in gateway.get(slots).data]
    busy = free[5]
    serve(elsewhere, calendar(busy.replace("-", "").replace(":", "").replace(".000", "")))

    fire(ada.client_id, "booking.calendars")

    assert [start for start in free if start not in {one["starts_at"] for one in gateway.get(slots).data}] == [busy]
    wanted = {"type_id": kind["id"], "starts_at": busy, "attendee": {"email": "grace@people.example"}}
    assert gateway.post("/business/bookings", wanted).code == "SLOT_TAKEN"
    assert gateway.post("/business/bookings/holds", {"type_id": kind["id"], "starts_at": busy}).code == "SLOT_TAKEN"
    [read] = ada.get(f"{place}/calendars").data
    shown = (read["host_id"], read["address"], read["error"], read["busy"])
    assert shown == (ada.id, f"{urlsplit(address).hostname}/…", None, 1)
    assert "secret" not in str(ada.get(place).json)
    assert gateway.get(place).data["calendars"] == {}
    serve(elsewhere, b"", 503)
    advance(minutes=15)
    fire(ada.client_id, "booking.calendars")
    ada = people.sign_in(ada.email)
    [failed] = ada.get(f"{place}/calendars").data
    assert (failed["error"], failed["busy"], failed["read_at"]) == ("http_503", 1, read["read_at"])
    assert ada.put(place, {"calendars": None}).data["calendars"] == {}
    assert busy in {slot["starts_at"] for slot in gateway.get(slots).data}


def test_a_calendar_is_of_a_host_and_at_a_public_address(ada, fire):
    made = {"name": "Call", "availability": {"weekly": EVERY_DAY}}
    refused = ada.post("/business/booking-types", {**made, "calendars": {"stranger": ["https://a.example/b.ics"]}})
    assert refused.json["error"]["field"] == "calendars.stranger"
    assert ada.post("/business/booking-types", {**made, "calendars": {ada.id: ["file:///etc/passwd"]}}).status == 400
    inward = {ada.id: ["webcal://169.254.169.254/latest"]}
    kind = ada.post("/business/booking-types", {**made, "calendars": inward}).data

    fire(ada.client_id, "booking.calendars")

    [read] = ada.get(f"/business/booking-types/{kind['id']}/calendars").data
    assert (read["error"], read["read_at"]) == ("address_refused", None)
    assert ada.delete(f"/business/booking-types/{kind['id']}").status == 200
