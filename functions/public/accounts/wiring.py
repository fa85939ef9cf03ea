"""The composition root of accounts' pages. They read links and send none: no address is needed."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.storage.signing import signing_keys
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.passwords import Passwords
from groundswell.tenancy.auth.recovery import PasswordService
from groundswell.tenancy.auth.service import AccountService, AccountSettings
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.usage.store import DynamoSeats


@cache
def account_service() -> AccountService:
    settings = AccountSettings(frontend_url="", signup_mode="closed")
    return AccountService(DynamoAccountStore(), DynamoSeats(), Passwords(), settings, utc_now, new_id, new_secret)


@cache
def password_service() -> PasswordService:
    return PasswordService(DynamoAccountStore(), DynamoSessionStore(), Passwords(), "", utc_now, new_id, new_secret)


@cache
def known_devices() -> DeviceTokens:
    return DeviceTokens(signing_keys(), utc_now, new_id)


Accounts = Annotated[AccountService, provide(account_service)]
KnownDevices = Annotated[DeviceTokens, provide(known_devices)]
NewPasswords = Annotated[PasswordService, provide(password_service)]
