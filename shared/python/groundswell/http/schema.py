"""What wire shapes build on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    computed_field,
    field_validator,
    model_validator,
)

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.names import LONGEST as LONGEST_NAME
from groundswell.kernel.names import check_person, check_place

LONGEST_TEXT = 200
"""Characters of any text that comes in without a bound of its own, ids above all: four bytes each fit into a key of
DynamoDB (1,024 bytes of a sort key, 2,048 of a partition key) with what else is in it."""


FIELDS_AT_MOST = 1000
"""Many more than any shape has. Each unknown one is a problem: a stranger's megabytes of them took seconds."""


class In(BaseModel):
    """Input. Unknown fields are refused; surrounding space is dropped; texts are bounded."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST_TEXT)

    @model_validator(mode="before")
    @classmethod
    def _of_a_size(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > FIELDS_AT_MOST:
            raise ValueError(f"has more than {FIELDS_AT_MOST} fields")
        return data


class Changes(In):
    """What is to change: what is absent stays, and `null` clears, but for the fields that `required` names."""

    required: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*")
    @classmethod
    def _kept(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.field_name in cls.required:
            raise ValueError("cannot be cleared")
        return value

    def changes(self) -> dict[str, Any]:
        """By field, without what says for whom the caller acts."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "client_id"}


def any_case(choices: type[StrEnum]) -> BeforeValidator:
    """`Annotated[Priority, any_case(Priority)]`: `high` is taken for `High`."""
    known = {choice.value.lower(): choice.value for choice in choices}
    return BeforeValidator(lambda value: known.get(value.strip().lower(), value) if isinstance(value, str) else value)


class Out(BaseModel):
    """Output, read from a domain object by attribute. Built at first use: a request answers with one shape of many."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


Time = Annotated[
    datetime,
    PlainSerializer(rfc3339, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A time in an answer: RFC 3339 in UTC with milliseconds and `Z`, whatever precision it is kept with."""


class WrittenOnce(Out):
    """Of what nobody changes once it is made."""

    created_at: Time

    @computed_field  # type: ignore[prop-decorator]
    @property
    def updated_at(self) -> Time:
        return self.created_at

    @computed_field  # type: ignore[prop-decorator]
    @property
    def version(self) -> int:
        return 1


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
