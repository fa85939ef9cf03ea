"""The composition root of the invitation's page."""

import os
from functools import cache
from typing import Annotated

from groundswell.access.store import DynamoRoleStore
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.storage.sealing import KmsSealer
from groundswell.storage.signing import signing_keys
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.adapter_signin import DynamoSignInStore
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.late import LatePasswords
from groundswell.tenancy.auth.passwords import Passwords
from groundswell.tenancy.auth.signin import SignInService
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.auth.tokens import Tokens
from groundswell.tenancy.clients.store import DynamoClientStore
from groundswell.tenancy.invitations.acceptance import AcceptanceService
from groundswell.tenancy.invitations.preview import PreviewService
from groundswell.tenancy.invitations.store import DynamoInvitationStore
from groundswell.tenancy.members.standing import Standings
from groundswell.tenancy.members.store import DynamoPeople
from groundswell.tenancy.usage.store import DynamoSeats


@cache
def acceptance_service() -> AcceptanceService:
    mode, standings = os.environ["SIGNUP_MODE"], Standings(DynamoRoleStore(), utc_now)
    return AcceptanceService(
        DynamoInvitationStore(), DynamoPeople(), LatePasswords(), DynamoSeats(), standings, mode, utc_now, new_id
    )


@cache
def preview_service() -> PreviewService:
    find = acceptance_service().find
    return PreviewService(find, DynamoInvitationStore(), DynamoPeople(), DynamoClientStore().find)


@cache
def sign_in_service() -> SignInService:
    return SignInService(
        DynamoSignInStore(),
        DynamoAccountStore(),
        DynamoSessionStore(),
        Passwords(),
        Tokens(signing_keys(), utc_now),
        DeviceTokens(signing_keys(), utc_now, new_id),
        KmsSealer("credentials"),
        os.environ["REQUIRE_VERIFICATION"] == "true",
        utc_now,
        new_id,
    )


Acceptance = Annotated[AcceptanceService, provide(acceptance_service)]
Previews = Annotated[PreviewService, provide(preview_service)]
SignIn = Annotated[SignInService, provide(sign_in_service)]
