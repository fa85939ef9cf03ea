"""Values of fields as MessagePack keeps them: numbers keep their digits."""

from decimal import Decimal
from typing import Any

from groundswell.analytics.fields import Value

type Key = tuple[bool, Value]
"""A value as a key: true is not 1."""


def packed(value: Value) -> Any:
    match value:
        case Decimal():
            return [0, str(value)]
        case tuple():
            return [1, [packed(each) for each in value]]
        case _:
            return value


def unpacked(value: Any) -> Value:
    match value:
        case [0, text]:
            return Decimal(text)
        case [1, members]:
            return tuple(map(unpacked, members))
        case _:
            found: Value = value
            return found


def key_of(value: Any) -> Key:
    found = unpacked(value)
    return isinstance(found, bool), found
