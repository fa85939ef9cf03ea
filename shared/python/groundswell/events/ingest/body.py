"""Request bodies as JSON: the events of a batch each as it was written, mistakes with their position."""

import re
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
    scalar = scalar_of(raw)
    return scalar if isinstance(scalar, str) else None


TOO_DEEP = f"{MENDED} too deep"
"""Stands for what lies deeper than any event may go, so that the parser gets through to the others."""

_LONE = re.compile(
    r"((?:[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?!u[dD][89a-fA-F]).)*+)"
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}",
    re.DOTALL,
)
"""Half an emoji, and all before it: browsers cut texts in the middle of one, which is valid JSON and no Unicode.
Escapes are read in turn, so that a backslash that is itself escaped begins none."""
_CONSTANT = re.compile(r'((?:[^"NI\-]++|"(?:[^"\\]++|\\.)*+"|-(?!Infinity))*+)-?(?:NaN|Infinity)', re.DOTALL)
"""A number that is no JSON, and all before it."""
MOST_BRACKETS = 500_000
"""That are counted to find what is too deep."""
MOST_MENDED = 100_000
"""Half emojis, or NaNs, of one body. No SDK's batch has as many."""
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
        if (mended := _replaced(_LONE, "\\ufffd", text)) != text:
            return decode(decoder, mended)
        reason, at, position = str(error).removeprefix("JSON is malformed: ").partition(" (byte ")
        where = position.rstrip(")") if at else len(text.encode())
        refusal = Malformed(f"Malformed JSON at byte {where}: {reason}")
        return _marked(decoder, text, refusal)
    except RecursionError:
        return decode(decoder, _shallow(text))


def _marked[T](decoder: msgspec.json.Decoder[T], text: str, refusal: Malformed) -> T:
    """What was read with NaN and the infinities marked. Raises `refusal`."""
    marked = _replaced(_CONSTANT, f'"{NOT_A_NUMBER}"', text)
    try:
        return decoder.decode(marked if marked != text else "")
    except msgspec.ValidationError as error:
        raise Malformed(f"The body has the wrong shape: {error}") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise refusal from error


def _replaced(pattern: re.Pattern[str], instead: str, text: str) -> str:
    """With something else for what follows the pattern's group. Every match begins where the last one ended: a search
    for the next would read the rest of the text once more from each of its places. Raises Malformed."""
    kept, at = list[str](), 0
    while match := pattern.match(text, at):
        if len(kept) == 2 * MOST_MENDED:
            raise Malformed(f"The body has more than {MOST_MENDED} texts or numbers that are no JSON")
        kept += match[1], instead
        at = match.end()
    return "".join((*kept, text[at:]))


def _shallow(text: str) -> str:
    """The same JSON without its depths. Raises Malformed where they have no end, or lie among too many others."""
    kept, copied, depth = list[str](), 0, 0
    for count, match in enumerate(_BRACKETS.finditer(text)):
        if count == MOST_BRACKETS:
            raise Malformed("The body is nested too deeply, and too large to leave only that out")
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
