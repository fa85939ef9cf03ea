"""Outside calendars: when they say that somebody is busy, in whatever way they say so."""

from datetime import UTC, datetime

import pytest

from groundswell.bookings.adapter_calendars import busy_times
from groundswell.bookings.calendars import CalendarUnread, merged

START, END = datetime(2027, 3, 25, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n"


def calendar(*events: str) -> bytes:
    """One event a text, whose lines are joined by `|`."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20270101T000000Z\r\n{event.replace('|', chr(13) + chr(10))}\r\n"
        "END:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return f"{HEAD}{body}END:VCALENDAR\r\n".encode()


def busy(*events: str) -> list[str]:
    """`27T10:00-11:00`, in UTC."""
    spans = [
        (datetime.fromtimestamp(at, UTC) for at in span)
        for span in merged(busy_times(calendar(*events), START, END, "Europe/Berlin"))
    ]
    return [f"{start:%dT%H:%M}-{end:%dT%H:%M}" for start, end in spans]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["DTSTART:20270327T100000Z|DTEND:20270327T110000Z"], ["27T10:00-27T11:00"]),
        (["DTSTART:20270327T100000Z|DURATION:PT90M"], ["27T10:00-27T11:30"]),
        # Clocks go forward in the night to the 28th: the same time of day there is an hour earlier here.
        (
            [
                "DTSTART;TZID=Europe/Berlin:20270327T100000|DTEND;TZID=Europe/Berlin:20270327T110000|RRULE:FREQ=DAILY;COUNT=2"
            ],
            ["27T09:00-27T10:00", "28T08:00-28T09:00"],
        ),
        (["DTSTART:20270328T100000|DTEND:20270328T110000"], ["28T08:00-28T09:00"]),
        (["DTSTART;VALUE=DATE:20270328|DTEND;VALUE=DATE:20270329"], ["27T23:00-28T22:00"]),
        (
            ["DTSTART:20200101T100000Z|DTEND:20200101T110000Z|RRULE:FREQ=WEEKLY;BYDAY=MO|EXDATE:20270329T100000Z"],
            [],
        ),
        (["DTSTART:20200106T100000Z|DTEND:20200106T110000Z|RRULE:FREQ=WEEKLY;BYDAY=MO"], ["29T10:00-29T11:00"]),
        (["DTSTART:20270327T100000Z|DTEND:20270327T110000Z|TRANSP:TRANSPARENT"], []),
        (["DTSTART:20270327T100000Z|DTEND:20270327T110000Z|STATUS:CANCELLED"], []),
        (["DTSTART:20270327T100000Z|DTEND:20270327T110000Z|X-MICROSOFT-CDO-BUSYSTATUS:FREE"], []),
        (
            [
                "DTSTART:20270327T100000Z|DTEND:20270327T110000Z",
                "DTSTART:20270327T103000Z|DTEND:20270327T120000Z",
                "DTSTART:20260327T103000Z|DTEND:20260327T120000Z",
            ],
            ["27T10:00-27T12:00"],
        ),
    ],
)
def test_a_calendar_says_when_somebody_is_busy(events, expected):
    assert busy(*events) == expected


def test_one_of_a_series_that_was_moved_is_busy_where_it_is():
    series = "DTSTART:20270327T100000Z|DTEND:20270327T110000Z|RRULE:FREQ=DAILY;COUNT=2"
    moved = "RECURRENCE-ID:20270328T100000Z|DTSTART:20270328T150000Z|DTEND:20270328T160000Z"
    text = calendar(series, moved).replace(b"UID:1", b"UID:0")

    assert [datetime.fromtimestamp(start, UTC).hour for start, _ in busy_times(text, START, END, "UTC")] == [10, 15]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>Sign in</html>", "no_calendar"),
        (b"", "no_calendar"),
        (b"\xff\xfe\x00", "no_calendar"),
        (calendar("DTSTART:20270327T100000Z|DTEND:20270327T100001Z|RRULE:FREQ=SECONDLY"), "recurs_too_often"),
    ],
)
def test_what_is_no_calendar_or_too_much_says_why(body, code):
    with pytest.raises(CalendarUnread) as refused:
        busy_times(body, START, END, "UTC")
    assert refused.value.code == code
