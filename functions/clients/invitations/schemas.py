"""Wire shapes of invitations."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from groundswell.access.model import Role, parse_role
from groundswell.http.email import Email
from groundswell.http.schema import In, PersonName, Time
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.invitations.model import Invitation, Status


class InvitationCreate(In):
    """`role` is taken in any spelling; if absent, it is the organization's `team.default_role`."""

    email: Email
    role: Annotated[str, StringConstraints(min_length=1, max_length=32)] | None = None

    @property
    def parsed(self) -> Role | None:
        """Raises Invalid."""
        return parse_role(self.role) if self.role else None


class InvitationAccept(In):
    """`name` and `password` make an account, where the invited e-mail has none."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    name: PersonName | None = None
    password: Annotated[SecretStr, Field(max_length=1024)] | None = None

    @property
    def secret(self) -> str | None:
        return self.password.get_secret_value() if self.password else None


class InvitationOut(BaseModel):
    """`client_id` is null for an invitation to the organization itself."""

    id: str
    org_id: str
    client_id: str | None
    email: str
    role: Role
    status: Status
    invited_by: str
    created_at: Time
    sent_at: Time
    expires_at: Time
    answered_at: Time | None
    user_id: str | None
    updated_at: Time
    version: int


def invitation_out(invitation: Invitation) -> InvitationOut:
    return InvitationOut(
        id=invitation.id,
        org_id=invitation.org_id,
        client_id=invitation.client_id,
        email=invitation.email,
        role=invitation.role,
        status=invitation.status(utc_now()),
        invited_by=invitation.invited_by,
        created_at=invitation.created_at,
        sent_at=invitation.sent_at,
        expires_at=invitation.ends_at,
        answered_at=invitation.answered_at,
        user_id=invitation.user_id,
        updated_at=invitation.answered_at or invitation.sent_at,
        version=invitation.version,
    )
