"""Writes calendar entries as iCalendar text (RFC 5545): UTC times, CRLF, lines of 75 octets, escaped text."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from groundswell.calendar.model import Attendee, Event, Method

_OCTETS = 75
_PRODUCT = "-//Groundswell//Groundswell 1//EN"
_TEXT = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_PARAMETER = str.maketrans({"^": "^^", '"': "^'", "\n": "^n"})  # RFC 6868 section 3


def write_calendar(events: Sequence[Event], method: Method) -> str:
    """The whole object. A publication names no attendees (RFC 5546 section 3.2.1), all else names them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    for event in events:
        lines += _event(event, method)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def content_type(method: Method) -> str:
    """The media type says the method, too (RFC 6047 section 2.4)."""
    return f"text/calendar; method={method}; charset=UTF-8"


def _event(event: Event, method: Method) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(event.stamp)}"
    if event.created_at:
        yield f"CREATED:{_utc(event.created_at)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    for name, text in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if text:
            yield f"{name}:{_text(text)}"
    if event.url:
        yield f"URL:{_uri(event.url)}"
    yield f"STATUS:{_status(event, method)}"
    yield f"ORGANIZER{_named(event.organizer)}:{_address(event.organizer)}"
    if method is not Method.PUBLISH:
        yield from (_attendee(attendee, method) for attendee in event.attendees)
    yield "END:VEVENT"


def _status(event: Event, method: Method) -> str:
    """RFC 5545 section 3.8.1.11."""
    if method is Method.CANCEL:
        return "CANCELLED"
    return "TENTATIVE" if event.tentative else "CONFIRMED"


def _attendee(attendee: Attendee, method: Method) -> str:
    """They signed up, so they have accepted: nobody asks them again."""
    participation = "" if method is Method.CANCEL else ";PARTSTAT=ACCEPTED;RSVP=FALSE"
    return f"ATTENDEE{_named(attendee)};ROLE=REQ-PARTICIPANT{participation}:{_address(attendee)}"


def _named(who: Attendee) -> str:
    return f';CN="{_plain(who.name).translate(_PARAMETER)}"' if who.name else ""


def _address(who: Attendee) -> str:
    return f"mailto:{quote(who.email, safe="@!$&'*+=.~-_")}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return _plain(text).translate(_TEXT)


def _uri(text: str) -> str:
    return quote(text, safe=":/?#[]@!$&'()*+,;=%-._~")


def _plain(text: str) -> str:
    """Without control characters, but for line breaks, which are `\\n` (RFC 5545 section 3.1)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character == "\n" or (character >= " " and character != "\x7f"))


def _folded(line: str) -> str:
    """Continued after 75 octets by CRLF and a space; no character is torn."""
    parts, part, used = list[str](), list[str](), 0
    for character in line:
        size = len(character.encode())
        if used + size > _OCTETS:
            parts.append("".join(part))
            part, used = [], 1  # the space that a continued line begins with counts
        part.append(character)
        used += size
    return "\r\n ".join((*parts, "".join(part)))
