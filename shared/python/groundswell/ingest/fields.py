"""Reads one raw event field by field, under every spelling, with a verdict instead of a crash."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from groundswell.ingest.body import NOT_A_NUMBER, TOO_DEEP
from groundswell.ingest.verdict import Unacceptable

LARGEST_EVENT = 32 * 1024
DEEPEST = 200
LONGEST_ID = 128
LONGEST_TEXT = 512

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MARK = NOT_A_NUMBER.encode()
_CUT = TOO_DEEP.encode()
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
        self._raw: dict[str, bytes] = {}
        try:
            members = _members.decode(raw)
        except msgspec.DecodeError as error:
            raise Unacceptable("not_an_object", f"an event is a JSON object: {error}") from error
        for key, member in members.items():
            value, name = bytes(member), spellings.get(key)
            if name is None and strict:
                raise Unacceptable("unknown_field", f"{key[:100]}: unknown field")
            if name is not None and value != b"null":
                self._raw[name] = value

    def has(self, *names: str) -> bool:
        return any(name in self._raw for name in names)

    def default(self, name: str, raw: bytes) -> None:
        """Give an absent member a value."""
        if raw:
            self._raw.setdefault(name, raw)

    def raw(self, name: str) -> bytes:
        """The value as it was written; empty if absent."""
        return self._raw.get(name, b"")

    def text(self, name: str, at_most: int = LONGEST_TEXT) -> str | None:
        """A string, or a number as a string. None if absent or empty."""
        value = self._scalar(name)
        text = value if isinstance(value, str) else self._raw[name].decode() if value is not None else ""
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
        raw = self._raw.get(name, b"")
        if raw and raw[:1] != b"{":
            raise Unacceptable("invalid_field", f"{name}: must be an object")
        return b"" if raw == b"{}" else raw

    def time(self, name: str) -> int | None:
        """Milliseconds since 1970, from RFC 3339 (UTC unless it says otherwise) or an epoch in s or ms."""
        return instant(self._scalar(name), name)

    def _scalar(self, name: str) -> str | int | float | None:
        raw = self._raw.get(name)
        if raw is None:
            return None
        try:
            return _scalar.decode(raw)
        except msgspec.DecodeError as error:
            raise Unacceptable("invalid_field", f"{name}: {error}") from error


def instant(value: str | float | None, name: str) -> int | None:
    """See `Fields.time`. An empty string is no time."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            milliseconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
        else:
            milliseconds = int(value if abs(value) >= 1e11 else value * 1000)
    except (ValueError, OverflowError) as error:
        raise Unacceptable("invalid_timestamp", f"{name}: not a time: {str(value)[:60]}") from error
    if not 0 <= milliseconds < 253_402_300_800_000:
        raise Unacceptable("invalid_timestamp", f"{name}: before 1970 or after 9999")
    return milliseconds


def check(raw: bytes) -> None:
    """What every event must be, before anything is read of it."""
    if len(raw) > LARGEST_EVENT:
        raise Unacceptable("event_too_large", f"{len(raw)} bytes: an event has at most {LARGEST_EVENT}")
    if _MARK in raw:
        raise Unacceptable("not_a_number", "NaN and Infinity are no JSON")
    if _CUT in raw or (raw.count(b"{") + raw.count(b"[") > DEEPEST and _depth(raw) > DEEPEST):
        raise Unacceptable("too_deep", f"nested deeper than {DEEPEST} levels")


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(raw):
        depth += (match[1] is not None) - (match[2] is not None)
        deepest = max(deepest, depth)
    return deepest
