"""Whether a calendar object is what RFC 5545 (grammar) and RFC 5546 (scheduling) allow. Of our own: readers forgive."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_NAME = r"[A-Za-z0-9-]+"
_SAFE, _QSAFE = r'[^\x00-\x08\x0a-\x1f\x7f";:,]*', r'"[^\x00-\x08\x0a-\x1f\x7f"]*"'
_VALUES = rf"(?:{_QSAFE}|{_SAFE})(?:,(?:{_QSAFE}|{_SAFE}))*"
_LINE = re.compile(rf"(?P<name>{_NAME})(?P<parameters>(?:;{_NAME}={_VALUES})*):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)")
_PARAMETER = re.compile(rf";(?P<name>{_NAME})=(?P<value>{_VALUES})")
_TEXT = re.compile(r"(?:\\[\\;,nN]|[^\\;,])*")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")
_TEXTS = frozenset({"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "PRODID", "COMMENT"})
_MOMENTS = frozenset({"DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED"})
_ADDRESSES = frozenset({"ORGANIZER", "ATTENDEE", "URL"})
_ALL = _TEXTS - {"PRODID", "COMMENT"} | _MOMENTS - {"LAST-MODIFIED"} | {"SEQUENCE", "URL", "STATUS", "ORGANIZER"}
_ONCE = {"VCALENDAR": frozenset({"PRODID", "VERSION", "METHOD", "CALSCALE"}), "VEVENT": _ALL}
_NEEDED = {"VCALENDAR": frozenset({"PRODID", "VERSION"}), "VEVENT": frozenset({"UID", "DTSTAMP", "DTSTART"})}
_ROLES = frozenset({"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"})
_STATES = frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})


@dataclass(frozen=True)
class Property:
    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str


def problems_of(text: str) -> list[str]:
    """What is wrong with one calendar object of events in UTC; nothing is."""
    return list(_problems(text))


def sequence_of(text: str) -> tuple[str, int, str]:
    """(UID, SEQUENCE, METHOD)."""
    values = {prop.name: prop.value for prop in map(_property, _unfolded(text)) if prop}
    return values["UID"], int(values["SEQUENCE"]), values["METHOD"]


def _problems(text: str) -> Iterator[str]:
    yield from _of_lines(text)
    properties: list[Property] = []
    for line in _unfolded(text):
        prop = _property(line)
        if prop is None:
            yield f"no content line: {line[:60]!r}"
        else:
            properties.append(prop)
            yield from _of_value(prop)
    yield from _of_structure(properties)


def _of_lines(text: str) -> Iterator[str]:
    """Section 3.1: CRLF, 75 octets, no character torn."""
    if not text.endswith("\r\n"):
        yield "the last line does not end with CRLF"
    if "\n" in text.replace("\r\n", "") or "\r" in text.replace("\r\n", ""):
        yield "a line break is not CRLF"
    yield from (f"{len(line.encode())} octets: {line[:40]}" for line in text.split("\r\n") if len(line.encode()) > 75)


def _unfolded(text: str) -> list[str]:
    return re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")


def _property(line: str) -> Property | None:
    match = _LINE.fullmatch(line)
    if not match:
        return None
    parameters = tuple((match["name"], match["value"]) for match in _PARAMETER.finditer(match["parameters"]))
    return Property(match["name"].upper(), parameters, match["value"])


def _of_value(prop: Property) -> Iterator[str]:
    if prop.name in _TEXTS and not _TEXT.fullmatch(prop.value):
        yield f"{prop.name} is not escaped: {prop.value[:60]!r}"
    if prop.name in _MOMENTS and not _is_moment(prop.value):
        yield f"{prop.name} is no time in UTC: {prop.value}"
    if prop.name in _ADDRESSES and not _URI.fullmatch(prop.value):
        yield f"{prop.name} is no URI: {prop.value[:60]!r}"
    if prop.name == "SEQUENCE" and not prop.value.isdecimal():
        yield f"SEQUENCE is no number: {prop.value}"
    names = dict(prop.parameters)
    if len(names) != len(prop.parameters):
        yield f"a parameter of {prop.name} twice"
    if names.get("ROLE", "CHAIR") not in _ROLES or names.get("PARTSTAT", "ACCEPTED") not in _STATES:
        yield f"{prop.name} in a role or state that there is not"


def _is_moment(value: str) -> bool:
    try:
        return bool(_UTC.fullmatch(value) and datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
    except ValueError:
        return False


def _of_structure(properties: Sequence[Property]) -> Iterator[str]:
    """Sections 3.4 and 3.6: components in each other, what they must have and may have once."""
    if not properties or (properties[0].name, properties[0].value) != ("BEGIN", "VCALENDAR"):
        yield "it does not begin with VCALENDAR"
        return
    stack: list[tuple[str, list[Property]]] = []
    method = next((line.value for line in properties if line.name == "METHOD"), "")
    for prop in properties:
        if prop.name == "BEGIN":
            stack.append((prop.value, []))
        elif not stack:
            yield "something after the end"
        elif prop.name != "END":
            stack[-1][1].append(prop)
        elif stack[-1][0] != prop.value:
            yield f"END:{prop.value} closes {stack[-1][0]}"
        else:
            yield from _of_component(*stack.pop(), method)
    yield from (f"{name} does not end" for name, _ in stack)


def _of_component(name: str, own: Sequence[Property], method: str) -> Iterator[str]:
    counts = Counter(prop.name for prop in own)
    yield from (
        f"{name} has no {property_name}" for property_name in _NEEDED.get(name, ()) if not counts[property_name]
    )
    yield from (
        f"{name} has {property_name} {counts[property_name]} times"
        for property_name in _ONCE.get(name, ())
        if counts[property_name] > 1
    )
    if name == "VEVENT":
        values = {prop.name: prop.value for prop in own}
        if values.get("DTEND", "9") <= values.get("DTSTART", ""):
            yield "DTEND is not after DTSTART"
        yield from _of_scheduling(method, counts, values)


def _of_scheduling(method: str, counts: Counter[str], values: dict[str, str]) -> Iterator[str]:
    """RFC 5546 sections 3.2.1, 3.2.2 and 3.2.5."""
    if not counts["ORGANIZER"]:
        yield "nobody organizes it"
    if method == "PUBLISH" and counts["ATTENDEE"]:
        yield "a publication names attendees"
    if method in ("REQUEST", "CANCEL") and not counts["ATTENDEE"]:
        yield f"a {method} without attendees"
    if method == "CANCEL" and (values.get("STATUS"), counts["SEQUENCE"]) != ("CANCELLED", 1):
        yield "a CANCEL is CANCELLED, with a SEQUENCE"
    if method not in ("PUBLISH", "REQUEST", "CANCEL"):
        yield f"METHOD {method!r}"
