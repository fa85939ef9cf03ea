"""Webinars as organizers and visitors use them."""

from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

WEBINAR = {
    "title": "Growth",
    "starts_at": "2098-03-01T15:00:00+01:00",
    "status": "published",
    "join_url": "https://meet.example/growth",
}


@pytest.fixture
def webinar(ada):
    def make(**values) -> dict:
        answer = ada.post("/business/webinars", {**WEBINAR, **values})
        assert answer.status == 201, answer.body
        return answer.data

    return make


@pytest.fixture
def register(gateway):
    def call(webinar: dict, email: str, **values):
        return gateway.post(f"/business/webinars/{webinar['id']}/register", {"email": email, **values})

    return call


def calendar_at(gateway, url: str) -> Calendar:
    parts = urlsplit(url)
    answer = gateway.get(f"={parts.path}?{parts.query}")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/calendar; method=")
    return Calendar.from_ical(answer.body)


def test_a_webinar_is_made_read_changed_listed_and_deleted(ada, gateway, webinar):
    made = webinar(status="draft", capacity=5, timezone="Europe/Berlin")
    path = f"/business/webinars/{made['id']}"
    assert made["starts_at"] == "2098-03-01T14:00:00.000Z"
    assert made["seats_left"] == 5
    assert gateway.get(path).status == 404
    assert ada.call("PATCH", path, {"description": "About"}).data["version"] == 2
    published = ada.put(path, {"status": "published"}, headers={"If-Match": '"2"'})
    assert published.data["status"] == "published"
    assert ada.put(path, {"title": "Late"}, headers={"If-Match": '"2"'}).status == 412
    public = gateway.get(path)
    assert (public.data["title"], public.data["join_url"]) == ("Growth", None)
    listing = gateway.get(f"/business/webinars?client_id={ada.client_id}")
    assert [webinar["id"] for webinar in listing.data] == [made["id"]]
    assert gateway.get("/business/webinars").status == 401
    assert ada.get("/business/webinars?status=draft").json["meta"]["total"] == 0
    assert ada.put(path, {"status": "live"}).data["status"] == "live"
    refused = ada.put(path, {"status": "draft"})
    assert (refused.status, refused.code) == (409, "INVALID_TRANSITION")
    assert ada.delete(path).status == 200
    assert ada.get(path).status == 404


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": "2098-03-01T15:00:00"}, "starts_at"),
        ({"starts_at": "2020-03-01T15:00:00Z"}, "starts_at"),
        ({"capacity": 0}, "capacity"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"registration_closes_at": "2099-01-01T00:00:00Z"}, "registration_closes_at"),
        ({"title": None}, "title"),
        ({"seats": 3}, "seats"),
    ],
)
def test_what_cannot_be_is_refused_by_name(ada, values, field):
    answer = ada.post("/business/webinars", {**WEBINAR, **values})

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_registering_twice_is_one_seat_and_hands_out_no_key_to_it(ada, gateway, webinar, register, work, mails):
    made = webinar(capacity=2, consent_text="Yes, write to me.")
    first = register(made, "Ada@Lovelace.example", name="Ada Lovelace", consent=True, timezone="Europe/London")
    again = register(made, "ada@lovelace.example")
    assert (first.status, again.status) == (201, 200)
    assert first.data["status"] == "confirmed"
    assert again.data["id"] == first.data["id"]
    assert (again.data["manage_url"], "token" in again.data["calendar_url"]) == (None, False)
    register(made, "ada@lovelace.example")
    work()
    assert mails("ada@lovelace.example") == ["You are registered: Growth"] * 2
    assert "14:00 (Europe/London, UTC+00:00)" in mails("ada@lovelace.example", whole=True)[0]["text"]
    [listed] = ada.get(f"/business/webinars/{made['id']}/registrations").data
    assert (listed["consent"]["granted"], listed["consent"]["text"]) == (True, "Yes, write to me.")
    lead = ada.get(f"/leads/{listed['lead_id']}").data
    assert (lead["first_name"], lead["email"], lead["source"]) == ("Ada", "ada@lovelace.example", "webinar")
    assert lead["consent"]["email"]["granted"]
    assert [lead["event"] for lead in ada.get(f"/leads/{lead['id']}/timeline").data] == ["registration_confirmed"]


def test_seats_go_to_who_waits_by_offers_that_end(ada, gateway, webinar, register, work, fire, mails, advance, people):
    made = webinar(capacity=1, waitlist=True, offer_valid_for="1h")
    seated = register(made, "seated@people.example")
    waiting = []
    for number in range(2):
        waiting.append(register(made, f"waiting{number}@people.example").data)
        advance(seconds=1)
    assert [registration["status"] for registration in waiting] == ["waitlisted"] * 2
    token = seated.data["manage_url"].rpartition("/")[2]
    own = f"/business/webinars/{made['id']}/registrations"
    assert gateway.put(f"{own}/{waiting[0]['id']}?token={token}", {"status": "cancelled"}).status == 404
    assert gateway.put(f"{own}/{seated.data['id']}", {"status": "cancelled"}).status == 401
    assert gateway.put(f"{own}/{seated.data['id']}?token={token}", {"status": "cancelled"}).status == 200
    assert register(made, "late@people.example").data["status"] == "waitlisted"  # though a seat is free
    work()

    def state(registration):
        return people.sign_in(ada.email).get(f"{own}/{registration['id']}").data["status"]

    assert [state(registration) for registration in waiting] == ["offered", "waitlisted"]
    advance(hours=2)
    fire(ada.client_id, "webinar.offer")
    assert [state(registration) for registration in waiting] == ["expired", "offered"]
    keys = [registration["manage_url"].rpartition("/")[2] for registration in waiting]
    late = gateway.put(f"{own}/{waiting[0]['id']}?token={keys[0]}", {"status": "confirmed"})
    assert (late.status, late.code) == (410, "OFFER_EXPIRED")
    assert (
        gateway.put(f"{own}/{waiting[1]['id']}?token={keys[1]}", {"status": "confirmed"}).data["status"] == "confirmed"
    )
    shown = people.sign_in(ada.email).get(f"/business/webinars/{made['id']}").data
    assert (shown["seats_taken"], shown["seats_left"], shown["waiting"]) == (1, 0, 1)
    assert mails("waiting0@people.example") == [
        "You are on the waitlist: Growth",
        "A seat is free for you: Growth",
        "Your offer has ended: Growth",
    ]


def test_what_is_full_or_closed_takes_nobody(ada, webinar, register):
    full = webinar(capacity=1)
    register(full, "one@people.example")
    assert register(full, "two@people.example").code == "WEBINAR_FULL"
    assert ada.put(f"/business/webinars/{full['id']}", {"capacity": None}).status == 200
    assert register(full, "two@people.example").status == 201
    assert ada.put(f"/business/webinars/{full['id']}", {"capacity": 1}).code == "CAPACITY_TOO_SMALL"
    closed = webinar(registration_closes_at="2020-01-01T00:00:00Z")
    assert register(closed, "one@people.example").code == "REGISTRATION_CLOSED"
    assert register(webinar(status="draft"), "one@people.example").status == 404
    assert register(full, "nobody").status == 400


def test_a_new_time_and_a_cancellation_reach_calendars(ada, gateway, webinar, register, work, mails):
    made = webinar(description="Weiß, was zählt; und mehr, " * 9)
    registered = register(made, "ada@people.example", name="Ada", locale="de").data
    [event] = calendar_at(gateway, registered["calendar_url"]).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"webinar-{made['id']}@groundswell", 0, "CONFIRMED")
    assert event.decoded("DTSTART").isoformat() == "2098-03-01T14:00:00+00:00"
    assert event["DESCRIPTION"] == made["description"]
    assert event["ATTENDEE"] == "mailto:ada@people.example"
    path = f"/business/webinars/{made['id']}"
    ada.put(path, {"starts_at": "2098-03-02T15:00:00Z"})
    work()
    ada.put(path, {"status": "cancelled"})
    work()
    assert mails("ada@people.example") == ["Sie sind angemeldet: Growth", "Neuer Termin: Growth", "Abgesagt: Growth"]
    sent = [Calendar.from_ical(mail["calendar"]) for mail in mails("ada@people.example", whole=True)]
    assert [str(message["METHOD"]) for message in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [message.walk("VEVENT")[0]["SEQUENCE"] for message in sent] == [0, 1, 2]
    calendar = calendar_at(gateway, registered["calendar_url"])
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert calendar_at(gateway, made["calendar_url"])["METHOD"] == "CANCEL"


def test_registrants_are_reminded_and_thanked(ada, webinar, register, work, fire, mails, advance, people):
    made = webinar(starts_at="2027-03-01T15:00:00Z", follow_up="See you next time", recording_url="https://v.example/1")
    register(made, "came@people.example")
    register(made, "stayed@people.example")
    fire(ada.client_id, "webinar.remind_day")
    fire(ada.client_id, "webinar.remind_hour")
    path = f"/business/webinars/{made['id']}/attendance"
    recorded = ada.post(path, {"emails": ["came@people.example", "nobody@people.example"]}).data
    assert (recorded["recorded"], recorded["unknown"]) == (1, ["nobody@people.example"])
    advance(days=200)
    fire(ada.client_id, "webinar.end")
    assert people.sign_in(ada.email).get("/business/webinars?status=ended").json["meta"]["total"] == 1
    fire(ada.client_id, "webinar.follow_up")
    reminders = ["You are registered: Growth", "Tomorrow: Growth", "In an hour: Growth"]
    assert sorted(mails("came@people.example")) == sorted([*reminders, "Thank you for coming: Growth"])
    assert sorted(mails("stayed@people.example")) == sorted([*reminders, "You were missed: Growth"])
