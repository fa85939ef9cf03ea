"""Calendar text, read back by a parser of others and held against the grammar of RFC 5545."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from groundswell.calendar.model import Attendee, Event, Method
from groundswell.calendar.writer import content_type, write_calendar
from tests.icalendar_grammar import problems_of

START = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
ORGANIZER = Attendee("hosts@example.com", "Hosts; Inc")


def event(**values) -> Event:
    plain = {"uid": "1@groundswell", "sequence": 0, "stamp": START, "starts_at": START, "summary": "Call"}
    return Event(**{**plain, "ends_at": START + timedelta(hours=1), "organizer": ORGANIZER, **values})


def read(text: str):
    [vevent] = Calendar.from_ical(text).walk("VEVENT")
    return vevent


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_comes_back_as_it_was_but_for_control_characters(text, name):
    written = write_calendar(
        [event(summary=f"x{text}", description=f"y{text}", attendees=(Attendee("ada@example.com", name),))],
        Method.REQUEST,
    )
    assert problems_of(written) == []
    plain = re.sub("[\x00-\x09\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    vevent = read(written)
    assert (str(vevent["SUMMARY"]), str(vevent["DESCRIPTION"])) == (f"x{plain}", f"y{plain}")
    assert str(vevent["ATTENDEE"]) == "mailto:ada@example.com"


def test_times_are_utc_whatever_zone_they_come_in():
    there = START.astimezone(timezone(timedelta(hours=5, minutes=45)))
    vevent = read(write_calendar([event(starts_at=there)], Method.PUBLISH))
    assert vevent.decoded("DTSTART") == START


@pytest.mark.parametrize(
    ("method", "status", "names_attendees"),
    [(Method.PUBLISH, "CONFIRMED", False), (Method.REQUEST, "CONFIRMED", True), (Method.CANCEL, "CANCELLED", True)],
)
def test_a_method_says_what_to_do_and_who_is_named(method, status, names_attendees):
    text = write_calendar([event(sequence=3, attendees=(Attendee("ada@example.com", 'Ada "A" L'),))], method)
    assert problems_of(text) == []
    vevent = read(text)
    assert str(Calendar.from_ical(text)["METHOD"]) == method
    assert (vevent["STATUS"], vevent["SEQUENCE"], "ATTENDEE" in vevent) == (status, 3, names_attendees)
    assert content_type(method) == f"text/calendar; method={method}; charset=UTF-8"


def test_what_somebody_still_has_to_confirm_is_tentative_until_it_is_off():
    invited = event(tentative=True, attendees=(Attendee("ada@example.com"),))
    written = {method: write_calendar([invited], method) for method in (Method.REQUEST, Method.CANCEL)}
    assert [problems_of(text) for text in written.values()] == [[], []]
    assert [read(text)["STATUS"] for text in written.values()] == ["TENTATIVE", "CANCELLED"]


def test_nobody_writes_lines_of_their_own():
    hostile = "Call\r\nATTACH:https://evil.example\nEND:VEVENT"
    invited = event(summary=hostile, organizer=Attendee("a@b.example", hostile), attendees=(ORGANIZER,))
    text = write_calendar([invited], Method.REQUEST)
    assert problems_of(text) == []
    assert "ATTACH" not in read(text)
