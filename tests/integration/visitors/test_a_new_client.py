"""What a new client does in its first week, from start to end, over HTTP and with forms as browsers without JavaScript
send them: a page in two languages, a webinar that is full, a whitepaper, bookings over a change of clocks, a creative
that somebody without an account approves. Visitors are one lead each, and every calendar on the way is held against the
grammar and read by a parser of others."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.icalendar_grammar import problems_of, sequence_of

GUESTS = [f"guest{number}@people.example" for number in range(8)]
ATTENDEES = [f"attendee{number}@people.example" for number in range(3)]
GRACE, BOOKER = GUESTS[1], ATTENDEES[0]
ZONES = ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WEBINAR_AT = datetime(2027, 3, 3, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_address(moto) -> None:
    moto.configure(PUBLIC_URL="https://app.example")  # what mails and calendars lead to


@pytest.fixture
def visit(gateway):
    """The page that an address leads to, or what it says to a form."""

    def call(url: str, form: dict[str, str] | None = None, **headers: str):
        parts = urlsplit(url)
        path = f"={parts.path}" + (f"?{parts.query}" if parts.query else "")
        if form is None:
            return gateway.get(path, headers=headers)
        return gateway.post(path, urlencode(form).encode(), headers=FORM | headers)

    return call


@pytest.fixture
def events():
    """Of a calendar: (METHOD, SEQUENCE, start), as others read it."""

    def read(text: str | bytes) -> tuple[str, int, datetime]:
        plain = text.decode() if isinstance(text, bytes) else text
        assert problems_of(plain) == []
        [event] = Calendar.from_ical(plain).walk("VEVENT")
        _, sequence, method = sequence_of(plain)
        return method, sequence, event.decoded("DTSTART")

    return read


def test_a_page_is_read_in_two_languages(ada, visit):
    texts = {"title": {"en": "Growth", "de": "Wachstum"}, "content": {"en": "<p>Read</p>", "de": "<p>Lesen</p>"}}
    assert ada.post("/content/pages", {"slug": "growth", **texts, "status": "published"}).status == 201
    address = f"/public/pages/growth?client_id={ada.client_id}"

    english, german = visit(address), visit(address, None, **{"Accept-Language": "de-AT,en;q=0.3"})

    assert (b'<html lang="en">' in english.body, b"<p>Read</p>" in english.body) == (True, True)
    assert (b'<html lang="de">' in german.body, b"<p>Lesen</p>" in german.body) == (True, True)
    assert visit(address, None, **{"If-None-Match": german.headers["etag"], "Accept-Language": "de"}).status == 304


def test_five_seats_for_eight_and_a_free_one_is_offered_in_turn(
    ada, gateway, visit, events, work, fire, mails, advance, people
):
    body = {"title": "Growth", "starts_at": WEBINAR_AT.isoformat(), "timezone": "Europe/Berlin", "capacity": 5}
    body |= {"waitlist": True, "offer_valid_for": "1h", "status": "published", "join_url": "https://meet.example/g"}
    webinar = ada.post("/business/webinars", body).data
    place = f"/business/webinars/{webinar['id']}"
    registered = []
    for email, zone in zip(GUESTS, ZONES * 3, strict=False):
        who = {"email": email, "name": "Grace Hopper", "timezone": zone, "consent": True}
        registered.append(gateway.post(f"{place}/register", who).data)
        advance(seconds=1)

    assert [registration["status"] for registration in registered] == ["confirmed"] * 5 + ["waitlisted"] * 3
    confirmation = mails(GRACE, whole=True)[0]
    assert "19:45 (Asia/Kathmandu" in confirmation["text"]
    assert events(confirmation["calendar"]) == ("REQUEST", 0, WEBINAR_AT)
    visit(registered[0]["manage_url"], {"action": "cancel"})
    work()
    advance(hours=2)
    fire(ada.client_id, "webinar.offer")
    late = visit(registered[5]["manage_url"], {"action": "accept"})
    accepted = visit(registered[6]["manage_url"], {"action": "accept"})
    assert (late.status, accepted.status) == (410, 200)
    ada = people.sign_in(ada.email)
    statuses = {
        registration["email"]: registration["status"] for registration in ada.get(f"{place}/registrations").data
    }
    assert [statuses[guest] for guest in GUESTS] == [
        "cancelled",
        *["confirmed"] * 4,
        "expired",
        "confirmed",
        "waitlisted",
    ]
    moved = ada.put(place, {"starts_at": "2027-03-03T15:00:00Z"}).data
    work()
    assert moved["sequence"] == 1
    sent = [events(mail["calendar"]) for mail in mails(GRACE, whole=True) if mail["calendar"]]
    assert sent[-1] == ("REQUEST", 1, WEBINAR_AT.replace(hour=15))
    assert events(visit(registered[1]["calendar_url"]).body) == sent[-1]
    assert events(visit(registered[0]["calendar_url"]).body)[0] == "CANCEL"
    assert events(visit(webinar["calendar_url"]).body)[0] == "PUBLISH"


def test_slots_over_a_change_of_clocks_are_booked_in_three_zones(ada, gateway, visit, events, work, mails):
    office = {"timezone": "Europe/Berlin", "weekly": {"sat": [["09:00", "11:00"]], "sun": [["09:00", "11:00"]]}}
    kind = {"name": "Call", "duration_minutes": 60, "availability": office, "horizon_days": 365}
    kind = ada.post("/business/booking-types", kind).data
    slots = f"/business/bookings/slots?type_id={kind['id']}&from=2027-03-27&to=2027-03-29&timezone="
    slots_by_zone = [gateway.get(slots + zone).data for zone in ZONES]

    # Berlin goes from UTC+1 to UTC+2 in that night: 9:00 there is an hour earlier on Sunday, for everybody else.
    assert [slot["starts_at"] for slot in slots_by_zone[0]] == [
        "2027-03-27T04:00:00.000-04:00",
        "2027-03-27T05:00:00.000-04:00",
        "2027-03-28T03:00:00.000-04:00",
        "2027-03-28T04:00:00.000-04:00",
    ]
    moments = [[datetime.fromisoformat(slot["starts_at"]) for slot in zone] for zone in slots_by_zone]
    assert moments[0] == moments[1] == moments[2]
    for moment, zone, email in zip(moments[0][1:], ZONES, ATTENDEES, strict=False):
        page = visit(f"/b/{kind['id']}?{urlencode({'timezone': zone, 'at': moment.isoformat()})}")
        assert page.status == 200
        form = {"email": email, "name": "Grace Hopper", "timezone": zone, "at": moment.isoformat(), "consent": "yes"}
        assert visit(f"/b/{kind['id']}?{urlencode({'timezone': zone, 'at': moment.isoformat()})}", form).status == 200
        mail = mails(email, whole=True)[-1]
        assert events(mail["calendar"]) == ("REQUEST", 0, moment.astimezone(UTC))
        assert f"{moment.astimezone(ZoneInfo(zone)):%H:%M} ({zone}" in mail["text"]
    manage = re.search(r"http\S+/b/m/\S+", mails(BOOKER, whole=True)[-1]["text"])[0]
    [booked] = [booking for booking in ada.get("/business/bookings").data if booking["attendee"]["email"] == BOOKER]
    token = manage.rpartition("/")[2]
    gateway.put(f"/business/bookings/{booked['id']}?token={token}", {"starts_at": moments[0][0].isoformat()})
    visit(manage, {"action": "cancel", "reason": "Ill"})
    sent = [mail["calendar"] for mail in mails(BOOKER, whole=True) if mail["calendar"]]
    assert [events(message)[:2] for message in sent] == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    assert len({sequence_of(message)[0] for message in sent}) == 1
    assert events(visit(booked["calendar_url"]).body)[:2] == ("CANCEL", 2)


def test_whoever_registers_downloads_and_books_is_one_lead_with_one_timeline(ada, gateway, visit, work, people):
    webinar = {"title": "Growth", "starts_at": WEBINAR_AT.isoformat(), "status": "published"}
    webinar = ada.post("/business/webinars", webinar).data
    paper = ada.post("/business/whitepapers", {"title": "Paper", "media_id": _upload(ada), "status": "published"}).data
    every = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    kind = ada.post("/business/booking-types", {"name": "Call", "availability": {"weekly": every}}).data
    slot = gateway.get(f"/business/bookings/slots?type_id={kind['id']}").data[4]["starts_at"]

    gateway.post(f"/business/webinars/{webinar['id']}/register", {"email": "Grace@People.example", "consent": True})
    attribution = {"utm_campaign": "spring", "page": "growth"}
    body = {"email": "grace@people.example", "name": "Grace Hopper", "company": "Navy", "attribution": attribution}
    link = gateway.post(f"/business/whitepapers/{paper['id']}/download", body).data
    work()
    assert visit(link["url"]).status == 302
    attendee = {"email": "grace@people.example"}
    gateway.post("/business/bookings", {"type_id": kind["id"], "starts_at": slot, "attendee": attendee})
    work()

    [lead] = ada.get("/leads?q=grace@people.example").data
    timeline = ada.get(f"/leads/{lead['id']}/timeline").data
    assert (lead["first_name"], lead["last_name"], lead["company"]) == ("Grace", "Hopper", "Navy")
    assert sorted(entry["event"] for entry in timeline) == [
        "booking_confirmed",
        "registration_confirmed",
        "whitepaper_downloaded",
        "whitepaper_requested",
    ]
    assert next(entry["data"] for entry in timeline if entry["event"] == "whitepaper_downloaded").items() >= {
        *attribution.items()
    }


def test_a_creative_is_approved_by_somebody_without_an_account(ada, visit, work):
    creative = ada.post("/creative-submissions", {"title": "Spring", "type": "copy", "text": "Buy"}).data
    place = f"/creative-submissions/{creative['id']}"
    link = ada.post(f"{place}/share-links", {}).data["url"]

    assert ada.post(f"{place}/approve", {}).code == "OWN_WORK"
    assert b"Buy" in visit(link).body
    assert visit(link, {"decision": "approve", "name": "Grace Hopper", "comment": "Fine"}).status == 200
    work()

    now = ada.get(place).data
    assert (now["status"], now["decisions"][0]["name"]) == ("approved", "Grace Hopper")
    assert ada.get(f"/tasks/{creative['task_id']}").data["status"] == "completed"
    assert visit(link, {"decision": "reject", "name": "Mallory", "comment": "No"}).status == 410


def _upload(person) -> str:
    data = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    head = b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    body = b"--edge\r\n" + head + data + b"\r\n--edge--\r\n"
    answer = person.post("/content/media", body, headers={"content-type": "multipart/form-data; boundary=edge"})
    assert answer.status == 201, answer.body
    return answer.data["id"]
