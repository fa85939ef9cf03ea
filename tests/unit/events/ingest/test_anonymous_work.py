"""What a stranger's body costs before its key is looked at grows with the body and no faster: work is counted."""

import gzip
import re
import zlib

import pytest

from groundswell.events.eventlog import identifiers
from groundswell.events.ingest import body, capture, compression
from groundswell.kernel.errors import Invalid
from tests.fakes.ingest import payload

LIMIT = 6 * 1024 * 1024
LENGTH = 200_000
EMPTY = {
    "gzip": gzip.compress(b"", mtime=0),
    "deflate": zlib.compress(b""),
    "deflate without its header": zlib.compress(b"", wbits=-15),
}


class CountedZlib:
    """How many members were opened, and how many bytes zlib was handed or handed back."""

    error = zlib.error

    def __init__(self):
        self.members = self.moved = 0

    def decompressobj(self, bits):
        self.members += 1
        return CountedMember(self, zlib.decompressobj(bits))


class CountedMember:
    def __init__(self, counted, member):
        self._counted, self._member = counted, member

    def decompress(self, window, most):
        read = self._member.decompress(window, most)
        self._counted.moved += len(window) + len(self._member.unused_data)
        return read

    def __getattr__(self, name):
        return getattr(self._member, name)


@pytest.fixture
def counted(monkeypatch):
    fake_zlib = CountedZlib()
    monkeypatch.setattr(compression, "zlib", fake_zlib)
    return fake_zlib


@pytest.mark.parametrize("name", EMPTY)
def test_a_body_of_empty_members_is_refused_after_a_hundred(counted, name):
    whole = EMPTY[name] * (LENGTH // len(EMPTY[name]))

    with pytest.raises(body.Malformed, match="more than 100 members"):
        compression.plain(whole, name.partition(" ")[0], LIMIT)

    assert counted.members == compression.MOST_MEMBERS
    assert counted.moved <= 2 * compression.MOST_MEMBERS * compression.WINDOW


@pytest.mark.parametrize("name", EMPTY)
def test_a_hundred_members_are_read_and_no_byte_is_moved_for_each_of_them(counted, name):
    bits = {"gzip": 31, "deflate": 15}.get(name, -15)
    parts = [bytes([at]) * 10_000 + bytes(range(256)) * at for at in range(compression.MOST_MEMBERS)]
    whole = b"".join(zlib.compress(part, wbits=bits) for part in parts)

    assert compression.plain(whole, name.partition(" ")[0], LIMIT) == b"".join(parts)
    assert counted.moved <= 2 * (len(whole) + compression.MOST_MEMBERS * compression.WINDOW)


def test_a_stranger_with_many_members_is_refused_without_a_key(api):
    reply = api.call(payload("POST", "/batch/", {}, EMPTY["gzip"] * 20_000))

    assert (reply.status, reply.json["error"]["code"]) == (400, "MALFORMED_BODY")


class CountedPattern:
    """How many characters its matches went over, and those that failed."""

    def __init__(self, pattern):
        self._pattern = pattern
        self.went_over = self.calls = 0

    def match(self, text, at):
        match = self._pattern.match(text, at)
        self.calls += 1
        self.went_over += (match.end() if match else len(text)) - at
        return match

    def finditer(self, text):
        for match in self._pattern.finditer(text):
            self.calls += 1
            yield match


@pytest.fixture
def patterns(monkeypatch):
    counted_patterns = {name: CountedPattern(getattr(body, name)) for name in ("_LONE", "_CONSTANT", "_BRACKETS")}
    for name, pattern in counted_patterns.items():
        monkeypatch.setattr(body, name, pattern)
    return counted_patterns


BODIES = {
    "open arrays": b"[" * LENGTH,
    "open objects": b'{"a":' * (LENGTH // 5),
    "deep and closed": b'{"batch":[' + b"[" * (LENGTH // 2) + b"]" * (LENGTH // 2) + b"]}",
    "deep, then strings": b'{"batch":[' + b"[" * 2000 + b"]" * 2000 + b',"\\""' * (LENGTH // 5) + b"]}",
    "deep, then an open string": b"[" * 2000 + b'"\\"' * (LENGTH // 3),
    "half emojis": b'{"batch":["' + b"\\ud800" * (LENGTH // 6) + b'"]}',
    "half emojis without an end": b'{"batch":["' + b"\\ud800\\n" * (LENGTH // 8),
    "backslashes": b'{"batch":["' + b"\\\\" * (LENGTH // 2) + b"\\ud800",
    "no numbers": b'{"batch":[' + b"NaN," * (LENGTH // 4) + b"1]}",
    "numbers, and one that is none": b'{"batch":[' + b"1," * (LENGTH // 2) + b"-Infinity]}",
    "almost no numbers": b'{"batch":[' + b"Na," * (LENGTH // 3) + b"NaN",
    "minus signs": b'{"batch":[' + b"-" * LENGTH,
    "quotation marks": b'{"batch":[' + b'"' * LENGTH,
    "digits": b'{"batch":[],"sentAt":' + b"1" * LENGTH + b',"sent_at":' + b"1" * LENGTH + b"}",
    "an exponent": b'{"batch":[],"sent_at":1e' + b"1" * LENGTH + b"}",
    "no UTF-8": b'{"batch":["' + b"\xff" * LENGTH + b'"]}',
    "spaces": b" " * LENGTH,
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["/sdk/event", "/v1/batch", "/v1/track", "/batch/", "/i/v1/analytics/events"])
def test_an_odd_body_is_gone_over_a_few_times_and_no_more(api, patterns, name, path):
    api.call(payload("POST", path, {}, BODIES[name]))

    most = len(BODIES[name])
    assert all(pattern.went_over <= 4 * most and pattern.calls <= 2 * most + 8 for pattern in patterns.values())


def test_what_is_mended_of_one_body_has_a_bound():
    for odd, many in (("NaN", body.MOST_MENDED + 1), ('"\\ud800"', body.MOST_MENDED + 1)):
        with pytest.raises(Invalid, match="more than 100000"):
            body.array_or_object(f"[{','.join([odd] * many)}]".encode())


def test_escapes_of_a_form_have_a_bound():
    for few in (b"%", b"%7B"):
        with pytest.raises(body.Malformed, match="more than 500000 escapes"):
            capture.unwrapped(b"data=" + few * (capture.MOST_ESCAPES + 1), "", {}, LIMIT)


def test_brackets_are_counted_up_to_a_bound(patterns):
    deep = b"[" * 60_000 + b"]" * 60_000
    for others in (b",[1]" * body.MOST_BRACKETS + b"," + deep, b"," + deep * 5):
        with pytest.raises(Invalid, match="nested too deeply"):
            body.array_or_object(b"[" + deep + others + b"]")

    assert patterns["_BRACKETS"].calls <= 2 * body.MOST_BRACKETS + 2


def test_an_event_of_nothing_is_not_shifted_along_for_each_of_its_parts(monkeypatch):
    """It is looked through for people on the suppression list: from a queue, and not from a list's beginning."""
    shifts = []

    class Queue(identifiers.deque):
        def popleft(self):
            shifts.append(1)
            return super().popleft()

    monkeypatch.setattr(identifiers, "deque", Queue)

    assert not identifiers.named_in(b"[" + b"null," * 1000 + b'"x"]', "client", {b"nobody"})
    assert len(shifts) == 1002


def test_nan_in_a_text_is_a_text_and_outside_one_costs_its_event_only():
    read = body.array_or_object(b'[{"a":"NaN \\" -Infinity"},{"b":-Infinity},{"c":1e400},{"d":-1.50}]')

    assert [read[0], read[2], read[3]] == [b'{"a":"NaN \\" -Infinity"}', b'{"c":1e400}', b'{"d":-1.50}']
    assert re.fullmatch(rb'\{"b":"[0-9a-f]{24} not a number"\}', read[1])
