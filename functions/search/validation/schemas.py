"""Wire shapes of verdicts."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from groundswell.http.schema import In, Out, Time
from groundswell.validation.model import Checked, Reason, Verdict
from groundswell.validation.phones import CheckedPhone

EMAILS_AT_MOST = 100
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2, to_upper=True)]


class ValidateIn(In):
    """`emails`, or one `email`, a `phone`, or both."""

    emails: Annotated[tuple[Text, ...], Field(min_length=1, max_length=EMAILS_AT_MOST)] | None = None
    email: Text | None = None
    phone: Text | None = Field(default=None, description="With its country's code, or with `country`")
    country: Country | None = Field(default=None, description="ISO 3166, of a national number")
    client_id: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.emails or self.email or self.phone):
            raise ValueError("name emails, an email or a phone")
        return self

    @property
    def all_emails(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(self.emails or ()), *((self.email,) if self.email else ()))))


class VerdictOut(Out):
    """`email` is the address in the spelling by which two are compared, or the text where it is none. `recheck_at`:
    when it is checked again by itself; the verdict holds until `expires_at`."""

    email: str | None
    phone: str | None
    verdict: Verdict
    reasons: list[Reason]
    suggestion: str | None
    checked_at: Time
    recheck_at: Time | None
    expires_at: Time | None


def verdict_out(checked: Checked) -> VerdictOut:
    own = {name: getattr(checked, name) for name in VerdictOut.model_fields if name not in ("phone", "reasons")}
    return VerdictOut(**own, phone=None, reasons=list(checked.reasons))


def phone_out(checked: CheckedPhone, now: datetime) -> VerdictOut:
    return VerdictOut(
        email=None,
        phone=checked.phone,
        verdict=checked.verdict,
        reasons=list(checked.reasons),
        suggestion=None,
        checked_at=now,
        recheck_at=None,
        expires_at=None,
    )
