"""The composition root of `auth`."""

import os
from functools import cache
from typing import Annotated

from fastapi import Depends, Request

from groundswell.auth.passwords import Passwords
from groundswell.auth.service import AccountService, AccountSettings
from groundswell.auth.sessions import DynamoSessionStore
from groundswell.auth.signin import Device, SignInService
from groundswell.auth.store import DynamoAccountStore, DynamoSignInStore
from groundswell.auth.tokens import Tokens
from groundswell.http.ratelimit import MINUTE, Subject
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.storage.signing import signing_keys


@cache
def accounts() -> AccountService:
    settings = AccountSettings(os.environ["PUBLIC_URL"].rstrip("/"), os.environ["SIGNUP_MODE"])
    return AccountService(
        DynamoAccountStore(), DynamoSessionStore(), Passwords(), settings, utc_now, new_id, new_secret
    )


@cache
def sign_in() -> SignInService:
    return SignInService(
        DynamoSignInStore(),
        DynamoAccountStore(),
        DynamoSessionStore(),
        Passwords(),
        Tokens(signing_keys(), utc_now),
        os.environ["REQUIRE_VERIFICATION"] == "true",
        utc_now,
        new_id,
    )


def _device(request: Request) -> Device:
    return Device(request.headers.get("user-agent", ""), request.state.ip)


SignIn = Annotated[SignInService, Depends(sign_in)]
FromDevice = Annotated[Device, Depends(_device)]
LOGIN_LIMIT: tuple[int, int, Subject] = (20, MINUTE, "ip")
