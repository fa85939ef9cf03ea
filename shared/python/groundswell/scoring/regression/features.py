"""What a model knows of a field, and what a value of it adds to a lead's log-odds. Pure: predicting needs no numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from groundswell.scoring.values import LISTS, TEXTS, TIMES, Fields, number, reader

OWN = ("company", "email_domain", "locale", "source", "timezone", "title")
"""Fields of a lead itself that may say how it ends, and are known from the start. Not its tags, owner and status:
those are what the team makes of it."""
_RESERVED = TEXTS | TIMES | LISTS
_LONGEST = 200
_STEPS = 2**20

type Plain = float | str | None
"""A value as models compare it: a number, a text in lower case, or nothing."""


def plain(value: object) -> Plain:
    """`5`, `5.0` and `"5"` are one; lists and times are nothing."""
    return _plain_text(value) if isinstance(value, str) else _plain(value)


@lru_cache(maxsize=8192)
def _plain_text(text: str) -> Plain:
    """Few texts are those of many leads, and asking whether one is a number takes long."""
    return _plain(text)


def _plain(value: object) -> Plain:
    numeric = number(value)
    if numeric is not None:
        return numeric
    if value is None or isinstance(value, list | tuple | Mapping | datetime):
        return None
    return str(value).strip().lower()[:_LONGEST] or None


def feature_names(fields: Fields) -> list[str]:
    """Of one lead: its own fields and its custom fields, named as rules name them."""
    custom = fields.get("custom_fields") or {}
    return [*OWN, *(f"custom_fields.{name}" if name in _RESERVED else str(name) for name in custom)]


def read_plain(name: str, fields: Fields) -> Plain:
    return plain(reader(name)(fields))


def stepped(value: float) -> float:
    """In steps of 2**-20: sums of them are exact in binary floating point, in whatever order."""
    return round(value * _STEPS) / _STEPS


@dataclass(frozen=True)
class Numeric:
    """`weight` x (value - mean) / deviation. What is missing counts as the median, and adds `missing`."""

    name: str
    median: float
    mean: float
    deviation: float
    weight: float
    missing: float = 0.0

    def contribution(self, value: Plain) -> float:
        is_numeric = isinstance(value, float)
        scaled = ((value if isinstance(value, float) else self.median) - self.mean) / self.deviation
        return stepped(self.weight * scaled + (0.0 if is_numeric else self.missing))


@dataclass(frozen=True)
class Categorical:
    """What a frequent value adds (by `value_key`), any rare or new one, and none at all."""

    name: str
    values: Mapping[str, float]
    rare: float = 0.0
    missing: float = 0.0

    def contribution(self, value: Plain) -> float:
        return self.missing if value is None else self.values.get(value_key(value), self.rare)


def value_key(value: float | str) -> str:
    """A text is none of a number: those are numbers."""
    return value if isinstance(value, str) else repr(value)


type Feature = Numeric | Categorical
