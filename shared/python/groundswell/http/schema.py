"""What wire shapes build on."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from groundswell.kernel.clock import rfc3339


class In(BaseModel):
    """Input. Unknown fields are refused; surrounding space is dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """Output, read from a domain object by attribute. Built at first use: a request answers with one shape of many."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


Time = Annotated[
    datetime,
    PlainSerializer(rfc3339, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A time in an answer: RFC 3339 in UTC with milliseconds and `Z`, whatever precision it is kept with."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""One line of text for people: it may end up in a mail's header, so no control characters."""
