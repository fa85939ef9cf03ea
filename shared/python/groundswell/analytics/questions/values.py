"""What events say, as values that are equal exactly when the JSON is: one value, one group, one spelling.

Numbers are equal by value (`1`, `1.0`, `1e0`) and keep all digits; true, 1 and their texts are four values; objects are
equal whatever the order of their members; null is the same as nothing.
"""

import json
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec


class Object(str):
    """An object, as canonical JSON: members by name, nothing between them. No text equals it."""

    __slots__ = ()


type Value = str | bool | Decimal | tuple[Any, ...] | None
"""Equal numbers are spelled alike. Arrays are tuples; None is null or absent."""
type Kind = int | tuple[Any, ...]
type Key = tuple[Kind, Value]
"""What tells values apart: Python takes true for 1."""

_KNOWN = 50_000
_WRITTEN_OUT = 78  # digits of a uint256: larger numbers keep their exponent
_EXACTLY = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation])
_KINDS = {bool: 1, Object: 2}


def key_of(value: Value) -> Key:
    return kind(value), value


def kind(value: Value) -> Kind:
    return tuple(map(kind, value)) if isinstance(value, tuple) else _KINDS.get(type(value), 0)


def same(one: Value, other: Value) -> bool:
    return one == other and kind(one) == kind(other)


def order(key: Key) -> tuple[str, bool, str]:
    """By which equally large groups are listed, wherever they were counted: texts before what is spelled alike."""
    return str(key[1]), not isinstance(key[1], str), str(key[0])


@lru_cache(_KNOWN)
def decoded(raw: bytes) -> Value:
    """The value of raw JSON."""
    if raw[:1] == b'"' and b"\\" not in raw:
        return raw[1:-1].decode("utf-8", "replace")
    value: Value = _frozen(json.loads(raw, parse_float=number, parse_int=number, object_hook=_object))
    return value


def number(text: str) -> Decimal | str:
    """One spelling per value. What has an exponent of more than 18 digits is its text, unless it is zero."""
    try:
        decimal = Decimal(text).normalize(_EXACTLY)
    except InvalidOperation:
        return text if text.lower().partition("e")[0].strip("-0.") else Decimal(0)
    if not decimal:
        return Decimal(0)
    return Decimal(f"{decimal:f}") if 0 <= decimal.adjusted() < _WRITTEN_OUT else decimal


def shown(value: Value) -> Any:
    """As it goes over the wire."""
    match value:
        case Object():
            return msgspec.Raw(value.encode())
        case tuple():
            return list(map(shown, value))
        case _:
            return value


def _frozen(value: Any) -> Any:
    match value:
        case list():
            return tuple(map(_frozen, value))
        case str() if type(value) is str:
            return _text(value)
        case _:
            return value


def _text(value: str) -> str:
    """Browsers cut texts in the middle of an emoji: half of one is no text that could be sent."""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _object(members: dict[str, Any]) -> Object:
    values = {_text(name): _frozen(value) for name, value in members.items()}
    return Object("{" + ",".join(f"{_quoted(name)}:{canonical(values[name])}" for name in sorted(values)) + "}")


def canonical(value: Any) -> str:
    """As JSON that equal values share."""
    match value:
        case Object():
            return str(value)
        case tuple():
            return "[" + ",".join(map(canonical, value)) + "]"
        case Decimal():
            return str(value)
        case _:
            return _quoted(value)


def _quoted(value: str | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)
