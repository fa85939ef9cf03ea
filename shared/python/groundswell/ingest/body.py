"""Request bodies: gzip sniffed whatever the headers say, sizes bounded before memory is spent, JSON with positions."""

import json
import re
import zlib
from decimal import Decimal
from secrets import token_hex

import msgspec

from groundswell.kernel.errors import Invalid, TooLarge, UnsupportedMediaType

MOST_EVENTS = 50_000

_GZIP = b"\x1f\x8b"


class Malformed(Invalid):
    code = "MALFORMED_BODY"
    message = "The body cannot be read"


def plain(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its compression, at most `limit` bytes. Raises Malformed, TooLarge, UnsupportedMediaType."""
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise UnsupportedMediaType(f"Content-Encoding {encoding[:40]} is not supported: send gzip or none")
    if body.startswith(_GZIP):
        return _gunzip(body, limit)
    if "gzip" in encoding:
        raise Malformed("Content-Encoding says gzip, but the body is not gzip")
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    parts, left, rest = [], limit + 1, body
    while rest and left:
        member = zlib.decompressobj(wbits=31)
        try:
            parts.append(member.decompress(rest, left))
        except zlib.error as error:
            raise Malformed(f"The gzip body is damaged: {error}") from error
        left -= len(parts[-1])
        if not member.eof and left:
            raise Malformed("The gzip body is cut short")
        rest = member.unused_data
    if not left:
        raise _too_large(limit)
    return b"".join(parts)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is larger than {limit // 1024} KB: send smaller batches")


class Envelope(msgspec.Struct, rename="camel"):
    """A batch's own members; a single Segment message has some of them too."""

    batch: list[msgspec.Raw] | None = None
    context: msgspec.Raw = msgspec.Raw(b"{}")
    integrations: msgspec.Raw = msgspec.Raw(b"{}")
    sent_at: str | int | float | None = None
    write_key: str | None = None


_envelope = msgspec.json.Decoder(Envelope)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
_numbers = msgspec.json.Encoder(decimal_format="number")

NOT_A_NUMBER = f"not a number {token_hex(8)}"
"""Stands where an event said NaN or Infinity, which is no JSON but leaves real SDKs: only that event is turned away."""


def array_or_object(body: bytes) -> list[bytes]:
    """The events of a body that is one event or an array of them. Raises Malformed, TooLarge."""
    text = _text(body)
    start = text.lstrip(" \t\r\n")[:1]
    if start not in ("[", "{", ""):
        raise Malformed("The body must be an object or an array of objects")
    return _bounded(_decode(_array, text)) if start == "[" else [bytes(_decode(_any, text))]


def envelope(body: bytes) -> tuple[Envelope, list[bytes]]:
    """A batch and its events. Raises Malformed, TooLarge."""
    read = _decode(_envelope, _text(body))
    if read.batch is None:
        raise Malformed("The body must have a `batch` array")
    return read, _bounded(read.batch)


def message(body: bytes) -> tuple[Envelope, list[bytes]]:
    """A single message and itself as the only event. Raises Malformed."""
    text = _text(body)
    return _decode(_envelope, text), [bytes(_decode(_any, text))]


TOO_DEEP = f"too deep {token_hex(8)}"
"""Stands for what lies deeper than any event may go, so that the parser gets through to the others."""

_DEEPEST = 220  # of an event, with what a batch puts around it
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|([\[{])|([\]}])', re.DOTALL)


def _bounded(items: list[msgspec.Raw]) -> list[bytes]:
    if len(items) > MOST_EVENTS:
        raise TooLarge(f"More than {MOST_EVENTS} events: send smaller batches")
    return [bytes(item) for item in items]


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8 at byte {error.start}") from error


def _decode[T](decoder: msgspec.json.Decoder[T], text: str) -> T:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Malformed(f"The body has the wrong shape: {error}") from error
    except msgspec.DecodeError as error:
        reason, at, position = str(error).removeprefix("JSON is malformed: ").partition(" (byte ")
        where = position.rstrip(")") if at else len(text.encode())
        return decoder.decode(_without_constants(text, Malformed(f"Malformed JSON at byte {where}: {reason}")))
    except RecursionError:
        return _decode(decoder, _shallow(text))


def _shallow(text: str) -> str:
    """The same JSON without its depths. Raises Malformed where they have no end."""
    kept, copied, depth = list[str](), 0, 0
    for match in _BRACKETS.finditer(text):
        if match[1]:
            depth += 1
            if depth == _DEEPEST:
                kept.append(text[copied : match.start()])
        elif match[2]:
            if depth == _DEEPEST:
                kept.append(f'"{TOO_DEEP}"')
                copied = match.end()
            depth -= 1
    if depth >= _DEEPEST:
        raise Malformed("The body is nested too deeply and does not end")
    return "".join((*kept, text[copied:]))


def _without_constants(text: str, refusal: Malformed) -> bytes:
    """The same JSON with NaN and the infinities marked, every number as it was written. Raises `refusal`."""
    try:
        value = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: NOT_A_NUMBER)
        return _numbers.encode(value)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise refusal from error
