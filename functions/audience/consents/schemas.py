"""Wire shapes of consents."""

from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints

from groundswell.http.schema import In, Line, Out, Time
from groundswell.leads.model import Consent

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ConsentIn(In):
    """`text_version` is that of the text that was shown."""

    lead_id: Id
    channel: Literal["email", "telegram", "phone", "sms", "whatsapp", "post", "web"]
    granted: StrictBool
    source: Line | None = None
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
    text_version: Annotated[Line, StringConstraints(max_length=64)] | None = None
    client_id: str | None = None


class ConsentOut(Out):
    lead_id: str
    channel: str
    granted: bool
    source: str | None
    text: str | None
    text_version: str | None
    at: Time
    by: str
    network: str | None


def consent_out(lead_id: str, consent: Consent) -> ConsentOut:
    return ConsentOut(lead_id=lead_id, **vars(consent))
