"""The validator that calendars are held against: what breaks RFC 5545 or RFC 5546 is named, one thing at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.calendar.model import Attendee, Event, Method
from groundswell.calendar.writer import write_calendar
from tests.icalendar_grammar import problems_of, sequence_of

START = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
ADA = Attendee("ada@example.com", "Ada, Countess")
EVENT = Event("1@groundswell", 2, START, START, START + timedelta(hours=1), "Call; me", ADA, (ADA,), "ä" * 90)
GOOD = write_calendar([EVENT], Method.REQUEST)
ATTENDEE = next(line for line in GOOD.split("\r\n") if line.startswith("ATTENDEE"))


@pytest.mark.parametrize("method", Method)
def test_what_is_written_keeps_to_the_grammar(method):
    text = write_calendar([EVENT], method)
    assert problems_of(text) == []
    assert sequence_of(text) == ("1@groundswell", 2, method)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\r\n", "\n"),
        ("SUMMARY:", "SUMMARY:" + "x" * 80),
        ("Call\\; me", "Call; me"),
        ("Call\\; me", "Call\\x me"),
        ("DTSTART:20270328T003000Z", "DTSTART:20270328T003000"),
        ("DTSTART:20270328T003000Z", "DTSTART:20270230T003000Z"),
        ("DTSTART:20270328T003000Z", "DTSTART:20270329T003000Z"),
        ("DTSTAMP:20270328T003000Z\r\n", ""),
        ("SEQUENCE:2", "SEQUENCE:two"),
        ("SEQUENCE:2", "SEQUENCE:2\r\nSEQUENCE:3"),
        ("UID:1@groundswell\r\n", ""),
        ("END:VEVENT\r\n", ""),
        ("END:VEVENT", "END:VTODO"),
        ("mailto:ada@example.com", "ada at example.com"),
        ('CN="Ada, Countess"', "CN=Ada, Countess:x"),
        ("REQ-PARTICIPANT", "GUEST"),
        ("METHOD:REQUEST", "METHOD:CANCEL"),
        ("METHOD:REQUEST", "METHOD:PUBLISH"),
        ("METHOD:REQUEST\r\n", ""),
        ("ORGANIZER;", "X-ORGANIZER;"),
        (ATTENDEE.partition(";")[0], "X-ATTENDEE"),
        ("VERSION:2.0\r\n", ""),
        ("BEGIN:VCALENDAR", "BEGIN:VCARD"),
        ("PRODID", "PROD ID"),
    ],
)
def test_what_breaks_it_is_found(old, new):
    assert old in GOOD
    assert problems_of(GOOD.replace(old, new))
