"""Wire shapes of members."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints, model_validator

from groundswell.access.model import Role, parse_role
from groundswell.http.email import Email
from groundswell.http.schema import In, Out, Time
from groundswell.tenancy.members.model import Member

RoleName = Annotated[str, StringConstraints(min_length=1, max_length=32)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class MemberAdd(In):
    """Somebody of the organization, by id or by e-mail. `role` is taken in any spelling."""

    user_id: Id | None = None
    email: Email | None = None
    role: RoleName = Role.MEMBER.value

    @model_validator(mode="after")
    def _one(self) -> "MemberAdd":
        if (self.user_id is None) == (self.email is None):
            raise ValueError("send user_id or email")
        return self

    @property
    def parsed(self) -> Role:
        """Raises Invalid."""
        return parse_role(self.role)


class MemberChange(In):
    role: RoleName

    @property
    def parsed(self) -> Role:
        """Raises Invalid."""
        return parse_role(self.role)


class MemberOut(BaseModel):
    user_id: str
    email: str
    name: str
    is_active: bool
    role: Role
    created_at: Time
    version: int


def member_out(member: Member) -> MemberOut:
    return MemberOut(
        user_id=member.user.id,
        email=member.user.email,
        name=member.user.name,
        is_active=member.user.is_active,
        role=member.membership.role,
        created_at=member.membership.created_at,
        version=member.membership.version,
    )


class PermissionsOut(Out):
    """`source` is where the role comes from: `membership`, `organization` or `platform`."""

    client_id: str
    role: Role
    source: str
    actions: list[str]
