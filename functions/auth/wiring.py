"""The composition root of `auth`."""

import os
from functools import cache
from secrets import token_bytes
from typing import Annotated

from fastapi import Depends

from groundswell.http.device import device_of
from groundswell.http.frontend import frontend_url
from groundswell.http.provide import provide
from groundswell.http.ratelimit import MINUTE, Subject
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.storage.sealing import KmsSealer
from groundswell.storage.signing import signing_keys
from groundswell.tenancy.auth.adapter_factors import DynamoFactorStore
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.adapter_signin import DynamoSignInStore
from groundswell.tenancy.auth.devices import DeviceService
from groundswell.tenancy.auth.factors import FactorService
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.passwords import Passwords
from groundswell.tenancy.auth.recovery import PasswordService
from groundswell.tenancy.auth.service import AccountService, AccountSettings
from groundswell.tenancy.auth.signin import Device, SignInService
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.auth.tokens import Tokens
from groundswell.tenancy.usage.store import DynamoSeats


@cache
def accounts() -> AccountService:
    settings = AccountSettings(frontend_url(), os.environ["SIGNUP_MODE"])
    return AccountService(DynamoAccountStore(), DynamoSeats(), Passwords(), settings, utc_now, new_id, new_secret)


@cache
def passwords() -> PasswordService:
    return PasswordService(
        DynamoAccountStore(), DynamoSessionStore(), Passwords(), frontend_url(), utc_now, new_id, new_secret
    )


@cache
def devices() -> DeviceService:
    return DeviceService(DynamoSessionStore(), utc_now)


@cache
def factors() -> FactorService:
    return FactorService(
        DynamoFactorStore(),
        DynamoAccountStore(),
        DynamoSessionStore(),
        Passwords(),
        KmsSealer("credentials"),
        utc_now,
        new_id,
        token_bytes,
    )


@cache
def known_devices() -> DeviceTokens:
    return DeviceTokens(signing_keys(), utc_now, new_id)


@cache
def sign_in() -> SignInService:
    return SignInService(
        DynamoSignInStore(),
        DynamoAccountStore(),
        DynamoSessionStore(),
        Passwords(),
        Tokens(signing_keys(), utc_now),
        known_devices(),
        KmsSealer("credentials"),
        os.environ["REQUIRE_VERIFICATION"] == "true",
        utc_now,
        new_id,
    )


def public_url() -> str:
    return os.environ["PUBLIC_URL"].rstrip("/")


SignIn = Annotated[SignInService, provide(sign_in)]
KnownDevices = Annotated[DeviceTokens, provide(known_devices)]
FromDevice = Annotated[Device, Depends(device_of)]
LOGIN_LIMIT: tuple[int, int, Subject] = (20, MINUTE, "ip")
