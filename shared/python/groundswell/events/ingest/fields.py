"""Reads one raw event field by field, under every spelling, with a verdict instead of a crash."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from groundswell.events.ingest.body import MENDED, NOT_A_NUMBER
from groundswell.events.ingest.verdict import Unacceptable

LARGEST_EVENT = 32 * 1024
DEEPEST = 200
LONGEST_ID = 128
LONGEST_TEXT = 512

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_END = 1e11
"""What is less is an epoch in seconds (until the year 5138), what is not in milliseconds; what would then be after the
year 9999, in micro- or nanoseconds."""
_END = 253_402_300_800_000
_DIGITS = re.compile(r"[0-9]{9,19}(\.[0-9]{1,9})?")  # eight are a date
_LEAP = re.compile(r"(?<=:[0-5][0-9]):60(?=\D|$)")
_MARK = NOT_A_NUMBER.encode()
_MENDED = MENDED.encode()
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])')
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_scalar: msgspec.json.Decoder[str | int | float | None] = msgspec.json.Decoder(str | int | float | None)


def spelled(*names: str) -> dict[str, str]:
    """Every spelling of the given snake_case names, and what it stands for."""
    return {spelling: name for name in names for spelling in (name, _camel(name))}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Fields:
    """The members of one event. Raises Unacceptable from everything."""

    def __init__(self, raw: bytes, spellings: Mapping[str, str], *, strict: bool) -> None:
        """`strict` turns an event with a member that has no spelling away; otherwise it is ignored."""
        check(raw)
        self._raw_by_name = _spelled(raw, spellings, strict=strict)

    def has(self, *names: str) -> bool:
        return not self._raw_by_name.keys().isdisjoint(names) and any(map(self.raw, names))

    def default(self, name: str, raw: bytes) -> None:
        """Give an absent member a value."""
        if raw and not self.raw(name):
            self._raw_by_name[name] = raw

    def raw(self, name: str) -> bytes:
        """The value as it was written; empty if absent."""
        return self._raw_by_name.get(name, b"")

    def text(self, name: str, at_most: int = LONGEST_TEXT) -> str | None:
        """A string, or a number as a string. None if absent or empty."""
        value = self._scalar(name)
        if value is None:
            return None
        text = value if isinstance(value, str) else self.raw(name).decode()
        if len(text) > at_most:
            raise Unacceptable("too_long", f"{name}: longer than {at_most} characters")
        return text or None

    def hint(self, name: str) -> str | None:
        """A text if it is one, for members that are not ours to judge."""
        try:
            return self.text(name)
        except Unacceptable:
            return None

    def object(self, name: str) -> bytes:
        """A JSON object; empty if absent or `{}`."""
        raw = self.raw(name)
        if raw and raw[:1] != b"{":
            raise Unacceptable("invalid_field", f"{name}: must be an object")
        return b"" if raw == b"{}" else raw

    def time(self, name: str) -> int | None:
        """Milliseconds since 1970, from RFC 3339 (UTC unless it says otherwise) or an epoch in s, ms, µs or ns."""
        return instant(self._scalar(name), name)

    def _scalar(self, name: str) -> str | int | float | None:
        raw = self._raw_by_name.get(name)
        try:
            return None if raw is None else _scalar.decode(raw)
        except msgspec.DecodeError as error:
            raise Unacceptable("invalid_field", f"{name}: {error}") from error


def _spelled(raw: bytes, spellings: Mapping[str, str], *, strict: bool) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    try:
        members = _members.decode(raw)
    except msgspec.DecodeError as error:
        raise Unacceptable("not_an_object", f"an event is a JSON object: {error}") from error
    for key, member in members.items():
        value, name = bytes(member), spellings.get(key)
        if name is None and strict:
            raise Unacceptable("unknown_field", f"{key[:100]}: unknown field")
        if name is not None and value != b"null":
            fields[name] = value
    return fields


def instant(value: str | float | None, name: str) -> int | None:
    """See `Fields.time`. An empty string is no time."""
    if value is None or value == "":
        return None
    try:
        milliseconds = _written(value.strip()) if isinstance(value, str) else _epoch(value)
    except (ValueError, OverflowError) as error:
        raise Unacceptable("invalid_timestamp", f"{name}: not a time: {str(value)[:60]}") from error
    if not 0 <= milliseconds < _END:
        raise Unacceptable("invalid_timestamp", f"{name}: before 1970 or after 9999")
    return milliseconds


def _written(text: str) -> int:
    """A leap second is the last one of its minute: clocks that count it are few. Raises ValueError, OverflowError."""
    if text[4:5] != "-" and _DIGITS.fullmatch(text):
        return _epoch(float(text) if "." in text else int(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(_LEAP.sub(":59", text.upper()))
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def _epoch(value: float) -> int:
    if abs(value) < _SECONDS_END:
        return int(value * 1000)
    finer = 1 if value < _END else 1_000 if value < _END * 1_000 else 1_000_000
    return int(value // finer)


def check(raw: bytes) -> None:
    """What every event must be, before anything is read of it."""
    if len(raw) > LARGEST_EVENT:
        raise Unacceptable("event_too_large", f"{len(raw)} bytes: an event has at most {LARGEST_EVENT}")
    mended = raw.find(_MENDED) >= 0  # `in` takes twice as long: it first tries whether it is an integer
    if mended and _MARK in raw:
        raise Unacceptable("not_a_number", "NaN and Infinity are no JSON")
    if mended or (raw.count(b"{") + raw.count(b"[") > DEEPEST and _depth(raw) > DEEPEST):
        raise Unacceptable("too_deep", f"nested deeper than {DEEPEST} levels")


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(raw):
        depth += (match[1] is not None) - (match[2] is not None)
        deepest = max(deepest, depth)
    return deepest
