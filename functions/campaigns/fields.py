"""What the wire shapes of campaigns and templates are made of."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from groundswell.campaigns.letters import LONGEST_PART, LONGEST_SUBJECT
from groundswell.campaigns.model import duration
from groundswell.campaigns.templates import Preview
from groundswell.http.schema import In, Out
from groundswell.kernel.email import normalize_email
from groundswell.kernel.zones import check_zone


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


def _address(text: str) -> str:
    return normalize_email(text)


def _duration(text: str) -> str:
    duration(text)
    return text


def _zone(text: str) -> str:
    try:
        return text if text == "recipient" else check_zone(text)
    except ValueError as error:
        raise ValueError("recipient, or an IANA time zone such as Europe/Berlin") from error


Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Ids = Annotated[tuple[Id, ...], Field(max_length=100)]
Subject = Annotated[str, StringConstraints(max_length=LONGEST_SUBJECT), AfterValidator(_printable)]
Markup = Annotated[str, StringConstraints(max_length=LONGEST_PART)]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(_address)]
Duration = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}[smhdw]$"), AfterValidator(_duration)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$")]
Data = Annotated[dict[Annotated[str, StringConstraints(max_length=100)], Any], Field(max_length=200)]


class BodyIn(In):
    """HTML or MJML, text, or both, in place of all that was there.

    `{{first_name}}` is a variable, `{{first_name | there}}` one that says what stands where there is no value.
    """

    html: Markup | None = None
    mjml: Markup | None = None
    text: Markup | None = None


class BodyOut(Out):
    html: str
    mjml: str | None
    text: str


class PreviewIn(In):
    """A lead's values, or any."""

    lead_id: Id | None = None
    data: Data | None = None
    locale: Language | None = None
    client_id: str | None = None


class PreviewOut(Out):
    """`missing` are variables that have neither a value nor a fallback."""

    subject: str
    html: str
    text: str
    missing: list[str]
    warnings: list[str]


def preview_out(preview: Preview) -> PreviewOut:
    shown = preview.rendered
    return PreviewOut(
        subject=shown.subject,
        html=shown.html,
        text=shown.text,
        missing=list(preview.missing),
        warnings=list(preview.warnings),
    )
