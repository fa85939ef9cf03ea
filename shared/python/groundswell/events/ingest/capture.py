"""PostHog's request bodies: JSON, or a form field or base64 around it, compressed at either layer."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

import msgspec

from groundswell.events.ingest.body import NULL, Malformed, as_text, bounded, decode, scalar_of, text_of
from groundswell.events.ingest.compression import plain
from groundswell.events.ingest.fields import instant
from groundswell.events.ingest.verdict import Unacceptable

_FIELD = b"data="
_JSON = (b"{", b"[")
_URL_SAFE = bytes.maketrans(b" -_", b"++/")
_MARK = b"\xef\xbb\xbf"  # of UTF-8


class _Body(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None
    api_key: msgspec.Raw = NULL
    token: msgspec.Raw = NULL
    sent_at: msgspec.Raw = NULL
    historical_migration: msgspec.Raw = NULL


class _Properties(msgspec.Struct):
    token: str | None = None


class _Keyed(msgspec.Struct):
    api_key: str | None = None
    token: str | None = None
    properties: _Properties | None = None


class Capture(msgspec.Struct, frozen=True):
    """The events of one request and what it says about them all. `sent_at` is in ms."""

    items: list[bytes]
    key: str | None = None
    sent_at: int | None = None
    historical: bool = False


_body = msgspec.json.Decoder(_Body)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
_keyed = msgspec.json.Decoder(_Keyed)


MOST_ESCAPES = 500_000
"""Of a form, which takes 0.2 s of CPU to undo before any key is looked at. A megabyte of escaped JSON has 200,000."""


def capture(body: bytes, query: Mapping[str, str]) -> Capture:
    """A batch, an array or a single event. Raises Malformed, TooLarge."""
    text = as_text(body)
    sent_at = _time(query.get("sent_at") or query.get("_"))
    if text.lstrip(" \t\r\n").startswith("["):
        items = bounded(decode(_array, text))
        return Capture(items, _key_in(items[0]) if items else None, sent_at)
    read = decode(_body, text)
    items = [bytes(decode(_any, text))] if read.batch is None else bounded(read.batch)
    key = text_of(read.api_key) or text_of(read.token) or (_key_in(items[0]) if items else None)
    body_sent_at = _time(scalar_of(read.sent_at))
    return Capture(
        items, key, sent_at if body_sent_at is None else body_sent_at, bytes(read.historical_migration) == b"true"
    )


def unwrapped(body: bytes, encoding: str, query: Mapping[str, str], limit: int) -> bytes:
    """The JSON in it, at most `limit` bytes. Raises Malformed, TooLarge, UnsupportedMediaType."""
    text = plain(body, encoding, limit).strip().removeprefix(_MARK)
    if not text:
        text = _FIELD + query.get("data", "").encode()
    if text.startswith(_FIELD):
        text = _form_field(text)
    return text if text.startswith(_JSON) else plain(_from_base64(text), "", limit)


def _form_field(text: bytes) -> bytes:
    """A plus is a space in a form, but libraries write base64 into it as it is."""
    field = text.removeprefix(_FIELD).partition(b"&")[0]
    if field.count(b"%") > MOST_ESCAPES:
        raise Malformed(f"The form has more than {MOST_ESCAPES} escapes")
    is_json = unquote_to_bytes(field[:3]).startswith(_JSON)
    return unquote_to_bytes(field.replace(b"+", b" ") if is_json else field)


def _from_base64(text: bytes) -> bytes:
    tidy = text.translate(_URL_SAFE).rstrip(b"=")
    try:
        return b64decode(tidy + b"=" * (-len(tidy) % 4), validate=True)
    except Base64Error as error:
        raise Malformed("The body is neither JSON nor base64 of it") from error


def _key_in(item: bytes) -> str | None:
    """The first event's own key, where the request has none."""
    try:
        keyed = _keyed.decode(item)
    except msgspec.DecodeError:
        return None
    return keyed.api_key or keyed.token or (keyed.properties.token if keyed.properties else None)


def _time(value: str | float | None) -> int | None:
    """A batch whose time of sending is none is not corrected."""
    try:
        return instant(value, "sent_at")
    except Unacceptable:
        return None
