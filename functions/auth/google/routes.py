"""The endpoints of signing in with Google."""

from typing import Annotated

from fastapi import Cookie, Query, Response
from starlette.responses import RedirectResponse

from functions.auth.described import gives_tokens, goes_to
from functions.auth.google.schemas import ExchangeIn
from functions.auth.google.wiring import Google
from functions.auth.schemas import SignedInOut, signed_in
from functions.auth.wiring import LOGIN_LIMIT, FromDevice
from groundswell.http.app import create_router, stage
from groundswell.http.device import remember_device
from groundswell.http.operation import operation
from groundswell.tenancy.auth.google.model import ATTEMPT_LIFETIME

router = create_router("Auth")
_COOKIE = "groundswell_google"


@router.get(
    "/auth/google/start",
    response_class=RedirectResponse,
    **goes_to(
        operation("google.start", limit=LOGIN_LIMIT, status=302, errors=(409, 503)),
        "On to Google",
        "https://accounts.google.com/o/oauth2/v2/auth?client_id=1234.apps.googleusercontent.com&state=f81d&nonce=a0c3",
    ),
)
async def start(
    google: Google,
    redirect_uri: Annotated[
        str | None, Query(max_length=2000, description="The frontend to go on to; one of those that are set up")
    ] = None,
    state: Annotated[str | None, Query(max_length=200, description="Handed to `redirect_uri` as it is")] = None,
) -> RedirectResponse:
    """Send the browser here to sign in with Google. A cookie binds the attempt to this browser for ten minutes."""
    begun = await google.begin(redirect_uri, state)
    response = RedirectResponse(begun.url, 302)
    _remember(response, begun.browser, int(ATTEMPT_LIFETIME.total_seconds()))
    return response


@router.get(
    "/auth/google/callback",
    response_model=SignedInOut,
    **goes_to(
        gives_tokens(
            operation("google.callback", limit=LOGIN_LIMIT, errors=(401, 403, 409, 412, 503), open_query=True)
        ),
        "On to `redirect_uri` with a one-time code for `POST /auth/google/exchange`",
        "https://app.example.com/signed-in?code=k2Fx9Q&state=f81d",
    ),
)
async def callback(
    google: Google,
    device: FromDevice,
    response: Response,
    state: Annotated[str, Query(max_length=200)],
    code: Annotated[str | None, Query(max_length=4096)] = None,
    error: Annotated[str | None, Query(max_length=200, description="Google's reason for not sending a code")] = None,
    browser: Annotated[str | None, Cookie(alias=_COOKIE, include_in_schema=False)] = None,
) -> SignedInOut | Response:
    """Where Google sends the browser back to: answers as a login does, or goes on to `redirect_uri`.

    An account with a second factor is answered 401 `TOTP_REQUIRED`: send `exchange_code` of its details with the code.
    """
    finished = await google.finish(state, browser, None if error else code, device)
    if finished.signed_in is None:
        response = RedirectResponse(finished.redirect or "", 302)
    else:
        remember_device(response, finished.signed_in[1].device_token)
    _remember(response, "", 0)
    return response if finished.signed_in is None else signed_in(*finished.signed_in)


@router.post(
    "/auth/google/exchange",
    **gives_tokens(
        operation(
            "google.exchange",
            limit=LOGIN_LIMIT,
            rate_limit_bucket="auth.login",
            request_example={"code": "k2F…"},
            errors=(401, 403, 409),
            shown_once=True,
        )
    ),
)
async def exchange(body: ExchangeIn, device: FromDevice, response: Response, google: Google) -> SignedInOut:
    """Trade the one-time code for tokens, with `totp_code` or `recovery_code` where the account has a second factor."""
    user, pair = google.exchange(body.code, body.on(device), body.codes)
    remember_device(response, pair.device_token)
    return signed_in(user, pair)


def _remember(response: Response, browser: str, seconds: int) -> None:
    """`lax`, because Google sends the browser back from another site. The local stage has no TLS."""
    response.set_cookie(
        _COOKIE, browser, max_age=seconds, httponly=True, secure=stage() != "local", samesite="lax", path="/"
    )
