"""Wire shapes of members of lists."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from groundswell.audience.model import TOGETHER_AT_MOST, Member, MemberStatus
from groundswell.http.schema import In, Line, Out, Time
from groundswell.leads.model import Lead

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=320)]


class MembersIn(In):
    """Either `lead_ids` or `emails`: of an address that nobody has, a lead is made."""

    lead_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=TOGETHER_AT_MOST)] | None = None
    emails: Annotated[tuple[Email, ...], Field(min_length=1, max_length=TOGETHER_AT_MOST)] | None = None
    source: Line = "api"
    client_id: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.lead_ids is None) == (self.emails is None):
            raise ValueError("either lead_ids or emails")
        return self


class AddedOut(Out):
    """`status` is what the lead is on the list now. `error` says why it is not on it: `LEAD_NOT_FOUND`,
    `TOO_MANY_LISTS` (a lead is on 20 at most), or `INVALID_EMAIL`."""

    lead_id: str | None
    email: str | None
    status: MemberStatus | None
    error: str | None


class MemberOut(Out):
    list_id: str
    lead_id: str
    email: str | None
    name: str | None
    status: MemberStatus
    source: str | None
    asked_at: Time | None
    confirmed_at: Time | None
    unsubscribed_at: Time | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def member_out(pair: tuple[Member, Lead]) -> MemberOut:
    member, lead = pair
    own = {name: getattr(member, name) for name in MemberOut.model_fields if name not in ("email", "name")}
    return MemberOut(**own, email=lead.email, name=lead.name or None)
