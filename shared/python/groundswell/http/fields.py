"""Fields that many wire shapes have."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, PlainSerializer, StringConstraints, WithJsonSchema

from groundswell.kernel.durations import FORMS, parse_duration, spell_duration
from groundswell.kernel.zones import check_zone

_DURATION = r"^\d{1,7}[smhdw]$"


def _duration(text: str) -> str:
    parse_duration(text)
    return text


Timezone = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_zone)]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$", max_length=35)]
Address = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s/?#\"<>]+[^\s\"<>]*$")]
"""Of a page in the web."""
Duration = Annotated[str, StringConstraints(max_length=10, pattern=_DURATION), AfterValidator(_duration)]
"""A length of time as text: `seconds_of` says how long."""
Length = Annotated[
    int,
    PlainSerializer(lambda seconds: spell_duration(timedelta(seconds=seconds)), when_used="json"),
    WithJsonSchema({"type": "string", "description": FORMS}, mode="serialization"),
]
"""Seconds in an answer, written as a length of time."""


def seconds_of(text: str) -> int:
    return int(parse_duration(text).total_seconds())
