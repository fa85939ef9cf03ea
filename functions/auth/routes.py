"""The endpoints of accounts."""

from typing import Annotated, Any

from fastapi import Response

from functions.auth import examples
from functions.auth.described import gives_tokens
from functions.auth.oauth import router as oauth_router
from functions.auth.schemas import (
    DeviceOut,
    EmailIn,
    LoginIn,
    PasswordChangeIn,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    ResetIn,
    SessionsEnded,
    SignedInOut,
    TokenIn,
    UserOut,
    signed_in,
)
from functions.auth.wiring import LOGIN_LIMIT, FromDevice, KnownDevices, SignIn, accounts
from functions.auth.wiring import passwords as password_service
from groundswell.http.app import create_router
from groundswell.http.device import remember_device
from groundswell.http.envelope import Empty, Envelope, accepted, created, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import MaybeAdministrator, User
from groundswell.http.provide import provide
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.auth.model import User as Account
from groundswell.tenancy.auth.recovery import PasswordService
from groundswell.tenancy.auth.service import AccountService

router = create_router("Auth")
router.include_router(oauth_router)
router.include_late("functions.auth.sessions.routes", "functions.auth.factors.routes", "functions.auth.openid.routes")
Accounts = Annotated[AccountService, provide(accounts)]
NewPasswords = Annotated[PasswordService, provide(password_service)]
_GUESSES = (60, HOUR)
"""What one address may try or ask for: an office shares it, so it is more than a person needs."""


@router.post(
    "/auth/register",
    **operation(
        "auth.register",
        limit=(10, HOUR, "ip"),
        request_example=examples.REGISTER,
        response_example=examples.USER,
        status=201,
        location="/admin/users/{id}",
        errors=(401, 403, 409),
    ),
)
async def register(body: RegisterIn, who: MaybeAdministrator, accounts: Accounts) -> Envelope[UserOut]:
    """Sign up: a user, an organization and its first client. Called by an org admin: add a user to the own one."""
    return created(UserOut.model_validate(accounts.register(body.sign_up(), who)))


@router.post(
    "/auth/login",
    **gives_tokens(
        operation("auth.login", limit=LOGIN_LIMIT, request_example=examples.LOGIN, errors=(401, 403), shown_once=True)
    ),
)
async def login(body: LoginIn, device: FromDevice, response: Response, service: SignIn) -> SignedInOut:
    """Sign in with e-mail and password. Send `access_token` as `Authorization: Bearer …` from then on.

    An account with a second factor is answered 401 `TOTP_REQUIRED` until `totp_code` or `recovery_code` comes too.
    """
    user, pair = service.login(body.email, body.password.get_secret_value(), body.on(device), body.codes)
    remember_device(response, pair.device_token)
    return signed_in(user, pair)


@router.post(
    "/auth/refresh",
    **gives_tokens(
        operation("auth.refresh", request_example={"refresh_token": "eyJhbGciOi…"}, errors=(401,), shown_once=True)
    ),
)
async def refresh(body: RefreshIn, service: SignIn) -> SignedInOut:
    """Trade the refresh token for a new pair. It works once; using it again later ends the session."""
    return signed_in(*service.refresh(body.refresh_token))


@router.post("/auth/logout", **operation("auth.logout", response_example={"ended": 1}, errors=(401,)))
async def logout(who: User, service: SignIn, all: bool = False) -> Envelope[SessionsEnded]:  # noqa: A002 - the wire's name
    """End this session, or every session with `?all=true`."""
    return ok(SessionsEnded(ended=service.logout(who, everywhere=all)))


@router.post(
    "/auth/verify",
    **operation(
        "auth.verify",
        limit=(10, HOUR, "email"),
        address_limit=_GUESSES,
        request_example={"token": "m3X…"},
        response_example=examples.USER,
        errors=(404, 410),
    ),
)
async def verify(body: TokenIn, accounts: Accounts) -> Envelope[UserOut]:
    """Confirm the e-mail address with the token that was mailed to it."""
    return ok(UserOut.model_validate(accounts.verify(body.token)))


@router.post(
    "/auth/verify/resend",
    **operation(
        "auth.verify.resend",
        limit=(10, HOUR, "email"),
        address_limit=_GUESSES,
        request_example=examples.EMAIL,
        response_example={},
        status=202,
    ),
)
async def resend(body: EmailIn, accounts: Accounts) -> Envelope[Empty]:
    """Mail a new verification link. The answer is the same whether or not there is such an account."""
    accounts.resend_verification(body.email)
    return accepted(Empty())


@router.post(
    "/auth/forgot-password",
    **operation(
        "auth.request_reset",
        limit=(5, HOUR, "email"),
        address_limit=_GUESSES,
        request_example=examples.EMAIL,
        response_example={},
        status=202,
    ),
)
async def forgot_password(body: EmailIn, passwords: NewPasswords) -> Envelope[Empty]:
    """Mail a link to choose a new password. The answer is the same whether or not there is such an account."""
    passwords.request_reset(body.email)
    return accepted(Empty())


@router.post(
    "/auth/reset-password",
    **operation(
        "auth.reset_password",
        limit=(5, HOUR, "email"),
        address_limit=_GUESSES,
        rate_limit_bucket="auth.request_reset",
        request_example=examples.RESET,
        response_example=examples.DEVICE,
        errors=(410,),
        shown_once=True,
    ),
)
async def reset_password(
    body: ResetIn, device: FromDevice, response: Response, passwords: NewPasswords, known: KnownDevices
) -> Envelope[DeviceOut]:
    """With `token` and `new_password`: set it and end all sessions. With `email`: the same as forgot-password (202)."""
    if body.email is not None:
        passwords.request_reset(body.email)
        response.status_code = 202
        return accepted(DeviceOut())
    token = known.know(device.token, passwords.reset(*body.confirmed()))
    remember_device(response, token)
    return ok(DeviceOut(device_token=token))


@router.post(
    "/auth/change-password",
    **operation(
        "auth.change_password",
        limit=(10, HOUR, "user"),
        request_example=examples.CHANGE_PASSWORD,
        response_example=examples.DEVICE,
        errors=(401, 412),
        shown_once=True,
    ),
)
async def change_password(
    body: PasswordChangeIn,
    who: User,
    device: FromDevice,
    response: Response,
    passwords: NewPasswords,
    known: KnownDevices,
) -> Envelope[DeviceOut]:
    """Set a new password. This session goes on, every other one ends. A wrong `current_password` is a 400."""
    token = known.know(device.token, passwords.change(who, *body.checked(who.email)))
    remember_device(response, token)
    return ok(DeviceOut(device_token=token))


async def me(who: User, response: Response, accounts: Accounts) -> Envelope[UserOut]:
    """The caller's own profile."""
    return ok(_tagged(accounts.profile(who), response))


async def update_me(
    body: ProfileIn, who: User, response: Response, expected: IfMatch, accounts: Accounts
) -> Envelope[UserOut]:
    """Change names and preferences. Role, e-mail and state are not the user's to change."""
    return ok(_tagged(accounts.update_profile(who, body.changes(), expected), response))


def _tagged(account: Account, response: Response) -> UserOut:
    tag(response, account.version, account.last_login)
    return UserOut.model_validate(account)


_ME: dict[str, Any] = {"response_example": examples.USER, "errors": (401,)}
router.add_api_route("/users/me", me, methods=["GET"], **operation("me.get", **_ME))
router.add_api_route("/auth/me", me, methods=["GET"], **operation("me.get.auth", alias_of="me.get", **_ME))
router.add_api_route("/dashboard/me", me, methods=["GET"], **operation("me.get.dashboard", alias_of="me.get", **_ME))
router.update(
    "/users/me",
    **operation("me.update", request_example=examples.PROFILE, response_example=examples.USER, errors=(401, 412)),
)(update_me)
