"""Texts of leads as callers write them, in the one spelling that is kept."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints

from groundswell.http.schema import In, Line
from groundswell.kernel.zones import check_zone
from groundswell.leads.identities import IdentityKind, normalize, normalize_phone

LARGEST_CUSTOM_FIELDS = 32_000
"""Bytes of JSON: a page of 100 leads stays below what Lambda answers."""


def _normalized(kind: IdentityKind) -> Callable[[str], str]:
    return lambda text: normalize(kind, text)


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _scalars(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(json.dumps(fields).encode()) > LARGEST_CUSTOM_FIELDS:
        raise ValueError(f"at most {LARGEST_CUSTOM_FIELDS} bytes of JSON")
    return fields


def _tag(text: str) -> str:
    if "#" in text:
        raise ValueError("no # in it")
    return text


def _distinct(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(_normalized(IdentityKind.EMAIL))]
Phone = Annotated[str, StringConstraints(max_length=40)]
Chat = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(max_length=20),
    AfterValidator(_normalized(IdentityKind.TELEGRAM)),
]
Wallet = Annotated[str, StringConstraints(max_length=200), AfterValidator(_normalized(IdentityKind.WALLET))]
ExternalId = Annotated[Line, BeforeValidator(_number_as_text)]
System = Annotated[Line, StringConstraints(max_length=64)]
Website = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s/?#]+[^\s]*$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$")]
Timezone = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_zone)]
Key = Annotated[Line, StringConstraints(max_length=64), AfterValidator(_tag)]
"""A tag or a source: part of a list's key."""
Tags = Annotated[tuple[Key, ...], Field(max_length=20), AfterValidator(_distinct)]
Scalar = (
    Annotated[str, StringConstraints(max_length=2000)]
    | StrictBool
    | int
    | Annotated[float, Field(allow_inf_nan=False)]
    | None
)
CustomFields = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=100)], Scalar],
    Field(max_length=200),
    AfterValidator(_scalars),
]
Channel = Literal["email", "telegram", "phone", "sms", "whatsapp", "post", "web"]


class ConsentIn(In):
    """What somebody agreed to (`granted`) or withdrew. `text_version` is that of the text that was shown."""

    granted: StrictBool
    source: Line | None = None
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
    text_version: Annotated[Line, StringConstraints(max_length=64)] | None = None


def phone_of(text: str | None, locale: str | None) -> str | None:
    """Raises ValueError."""
    return normalize_phone(text, locale) if text else None
