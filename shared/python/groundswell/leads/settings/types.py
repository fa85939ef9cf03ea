"""Types of custom fields: which values they have, and how a text becomes one. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Any

_YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "x"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    """`2026-11-30`."""
    DATETIME = "datetime"
    """RFC 3339 with an offset."""
    CHOICE = "choice"
    """One of `options`."""


@dataclass(frozen=True)
class CustomField:
    name: str
    type: FieldType
    options: tuple[str, ...] = ()

    @property
    def problem(self) -> str | None:
        """What is wrong with the definition."""
        if self.type is FieldType.CHOICE and not self.options:
            return "which ones? A choice has one at least"
        return "only a choice has them" if self.options and self.type is not FieldType.CHOICE else None


def problem(field: CustomField, value: Any) -> str | None:
    """Why it is no value of the field; None for one that is."""
    if field.type is FieldType.CHOICE:
        return None if value in field.options else f"one of {', '.join(field.options)}"[:300]
    fits, wanted = _TYPES[field.type]
    return None if fits(value) else wanted


def converted(field: CustomField, text: str) -> Any:
    """The value that a cell or a form's text means. Raises ValueError that says what is wanted."""
    value: Any = text
    match field.type:
        case FieldType.NUMBER if _NUMBER.fullmatch(text):
            value = float(text) if "." in text else int(text)
        case FieldType.BOOLEAN if text.lower() in _YES | _NO:
            value = text.lower() in _YES
        case FieldType.CHOICE:
            value = next((option for option in field.options if option.lower() == text.lower()), text)
        case _:
            pass
    if wrong := problem(field, value):
        raise ValueError(wrong)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_date(value: Any) -> bool:
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_time(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_TYPES: Mapping[FieldType, tuple[Callable[[Any], bool], str]] = {
    FieldType.TEXT: (lambda value: isinstance(value, str), "a text"),
    FieldType.NUMBER: (_is_number, "a number"),
    FieldType.BOOLEAN: (lambda value: isinstance(value, bool), "true or false"),
    FieldType.DATE: (_is_date, "a date such as 2026-11-30"),
    FieldType.DATETIME: (_is_time, "a time with an offset, such as 2026-11-30T09:00:00Z"),
}
