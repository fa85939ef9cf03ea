"""What wire shapes build on."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.names import LONGEST as LONGEST_NAME
from groundswell.kernel.names import check_person, check_place

LONGEST_TEXT = 200
"""Characters of any text that comes in without a bound of its own, ids above all: four bytes each fit into a key of
DynamoDB (1,024 bytes of a sort key, 2,048 of a partition key) with what else is in it."""


class In(BaseModel):
    """Input. Unknown fields are refused; surrounding space is dropped; texts are bounded."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST_TEXT)


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


PersonName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME), AfterValidator(check_person)]
LastName = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(check_person)]
PlaceName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME), AfterValidator(check_place)]
"""Of an organization or a client. Names go into mails to others: `kernel/names.py` says what they may hold."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""One line of text for people: it may end up in a mail's header, so no control characters."""
