"""The composition root of invitations."""

import os
from functools import cache
from typing import Annotated

from groundswell.http.frontend import frontend_url
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.tenancy.auth.late import LatePasswords
from groundswell.tenancy.invitations.acceptance import AcceptanceService
from groundswell.tenancy.invitations.service import InvitationService
from groundswell.tenancy.invitations.store import DynamoInvitationStore
from groundswell.tenancy.members.adapter_standing import standings
from groundswell.tenancy.members.store import DynamoPeople
from groundswell.tenancy.usage.store import DynamoSeats


@cache
def invitation_service() -> InvitationService:
    return InvitationService(DynamoInvitationStore(), DynamoPeople(), frontend_url(), utc_now, new_id, new_secret)


@cache
def acceptance_service() -> AcceptanceService:
    mode = os.environ["SIGNUP_MODE"]
    return AcceptanceService(
        DynamoInvitationStore(), DynamoPeople(), LatePasswords(), DynamoSeats(), standings(), mode, utc_now, new_id
    )


Invitations = Annotated[InvitationService, provide(invitation_service)]
Acceptance = Annotated[AcceptanceService, provide(acceptance_service)]
