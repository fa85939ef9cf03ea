"""Request bodies as JSON: the events of a batch each as it was written, mistakes with their position."""

import json
import re
from decimal import Decimal
from secrets import token_hex

import msgspec

from groundswell.kernel.errors import Invalid, TooLarge

MOST_EVENTS = 50_000


class Malformed(Invalid):
    code = "MALFORMED_BODY"
    message = "The body cannot be read"


NULL = msgspec.Raw(b"null")


class Envelope(msgspec.Struct, rename="camel"):
    """A batch's own members; a single Segment message has some of them too. Only `batch` must be what it should: for
    another member of a wrong kind no SDK shall lose its batch."""

    batch: list[msgspec.Raw] | None = None
    context: msgspec.Raw = msgspec.Raw(b"{}")
    integrations: msgspec.Raw = msgspec.Raw(b"{}")
    sent_at: msgspec.Raw = NULL
    write_key: msgspec.Raw = NULL


type Scalar = str | int | float | None
_envelope = msgspec.json.Decoder(Envelope)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
_numbers = msgspec.json.Encoder(decimal_format="number")
_scalar: msgspec.json.Decoder[Scalar] = msgspec.json.Decoder(str | int | float | None)

MENDED = token_hex(12)
"""In every text that stands for what could not be read. No client can guess it."""
NOT_A_NUMBER = f"{MENDED} not a number"
"""Stands where an event said NaN or Infinity, which is no JSON but leaves real SDKs: only that event is turned away."""


def array_or_object(body: bytes) -> list[bytes]:
    """The events of a body that is one event or an array of them. Raises Malformed, TooLarge."""
    text = as_text(body)
    start = text.lstrip(" \t\r\n")[:1]
    if start not in ("[", "{", ""):
        raise Malformed("The body must be an object or an array of objects")
    return bounded(decode(_array, text)) if start == "[" else [bytes(decode(_any, text))]


def envelope(body: bytes) -> tuple[Envelope, list[bytes]]:
    """A batch and its events. Raises Malformed, TooLarge."""
    read = decode(_envelope, as_text(body))
    if read.batch is None:
        raise Malformed("The body must have a `batch` array")
    return read, bounded(read.batch)


def message(body: bytes) -> tuple[Envelope, list[bytes]]:
    """A single message and itself as the only event. Raises Malformed."""
    text = as_text(body)
    return decode(_envelope, text), [bytes(decode(_any, text))]


def scalar_of(raw: msgspec.Raw) -> Scalar:
    """A text or number of a batch's own; None for anything else."""
    try:
        return _scalar.decode(raw)
    except msgspec.DecodeError:
        return None


def text_of(raw: msgspec.Raw) -> str | None:
    said = scalar_of(raw)
    return said if isinstance(said, str) else None


TOO_DEEP = f"{MENDED} too deep"
"""Stands for what lies deeper than any event may go, so that the parser gets through to the others."""

_LONE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""Half an emoji: browsers cut texts in the middle of one, which is valid JSON and no Unicode. Escapes are read in turn,
so that a backslash that is itself escaped begins none."""
_DEEPEST = 220  # of an event, with what a batch puts around it
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|([\[{])|([\]}])', re.DOTALL)


def bounded(items: list[msgspec.Raw]) -> list[bytes]:
    if len(items) > MOST_EVENTS:
        raise TooLarge(f"More than {MOST_EVENTS} events: send smaller batches")
    return [bytes(item) for item in items]


def as_text(body: bytes) -> str:
    """Without a byte order mark, and with U+FFFD for bytes that are no UTF-8: one event's must not cost the others.

    Raises Malformed for another encoding.
    """
    try:
        return body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if error.start == 0:
            raise Malformed("The body is not UTF-8 from its first byte on") from error
        return body.decode(errors="replace").removeprefix("\ufeff")


def decode[T](decoder: msgspec.json.Decoder[T], text: str) -> T:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Malformed(f"The body has the wrong shape: {error}") from error
    except msgspec.DecodeError as error:
        mended = _LONE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)
        if mended != text:
            return decode(decoder, mended)
        reason, at, position = str(error).removeprefix("JSON is malformed: ").partition(" (byte ")
        where = position.rstrip(")") if at else len(text.encode())
        return decoder.decode(_without_constants(text, Malformed(f"Malformed JSON at byte {where}: {reason}")))
    except RecursionError:
        return decode(decoder, _shallow(text))


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
