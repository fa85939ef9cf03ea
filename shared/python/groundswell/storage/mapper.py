"""Moves a frozen dataclass into an item and back, by field name.

Values: enums are stored by value, tuples and sets as lists, decimals as strings, nested dataclasses as maps and, inside
maps, times as RFC 3339. None is not stored.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from groundswell.storage.core import CoreItem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_item[I: CoreItem](item_type: type[I], model: "DataclassInstance", pk: str, sk: str, **keys: str | int) -> I:
    """An item holding every field of `model`. A `version` of 0 means: must not exist yet.

    Raises TypeError for a field that the item type has no attribute for.
    """
    attributes = item_type.get_attributes()
    values: dict[str, Any] = {}
    for field in fields(model):
        if field.name not in attributes:
            raise TypeError(f"{item_type.__name__} has no attribute for {type(model).__name__}.{field.name}")
        value = getattr(model, field.name)
        if value is not None and not (field.name == "version" and value == 0):
            values[field.name] = _encode(value)
    values.update(keys)
    return item_type(pk, sk, **values)


def from_item[M: DataclassInstance](model_type: type[M], item: CoreItem) -> M:
    """The dataclass that `to_item` stored."""
    return model_type(**{name: _decode(hint, getattr(item, name)) for name, hint in _hints(model_type).items()})


@cache
def _hints(model_type: type) -> dict[str, Any]:
    hints = get_type_hints(model_type)
    return {field.name: hints[field.name] for field in fields(model_type)}


def encoded(value: Any) -> Any:
    """What a JSON attribute holds of it, with the Nones: readers see null, and not that a member is missing."""
    if isinstance(value, Mapping):
        return {str(key): encoded(member) for key, member in value.items()}
    return [encoded(element) for element in value] if isinstance(value, tuple | list) else _encode(value, nested=True)


def _encode(value: Any, *, nested: bool = False) -> Any:
    match value:
        case Enum():
            return value.value
        case Decimal():
            return str(value)
        case datetime() if nested:
            return value.isoformat()
        case tuple() | list():
            return [_encode(element, nested=True) for element in value]
        case frozenset() | set():
            return sorted(_encode(element, nested=True) for element in value)
        case Mapping():
            return {str(key): _encode(member, nested=True) for key, member in value.items() if member is not None}
        case _ if is_dataclass(value):
            return _encode({field.name: getattr(value, field.name) for field in fields(value)})
        case _:
            return value


def _decode(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _decode(next(argument for argument in arguments if argument is not NoneType), value)
    if origin in (tuple, frozenset, list):
        return origin(_decode(arguments[0], element) for element in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _decode(arguments[1], member) for key, member in dict(value).items()}
    return _decode_plain(hint, value)


def _decode_plain(hint: Any, value: Any) -> Any:
    if not isinstance(hint, type):
        return value
    if is_dataclass(hint):
        stored = dict(value)
        present = {name: inner for name, inner in _hints(hint).items() if name in stored}
        return hint(**{name: _decode(inner, stored[name]) for name, inner in present.items()})
    if issubclass(hint, datetime):
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if issubclass(hint, (Enum, Decimal)):
        return hint(value)
    return int(value) if hint is int else value
