"""What wire shapes build on."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class In(BaseModel):
    """Input. Unknown fields are refused; surrounding space is dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """Output, read from a domain object by attribute. Built at first use: a request answers with one shape of many."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""One line of text for people: it may end up in a mail's header, so no control characters."""
