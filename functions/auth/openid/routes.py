"""The endpoints of signing in with an OpenID provider: the same three for each."""

from functools import partial
from typing import Annotated, Any

from fastapi import Cookie, Query, Response
from starlette.responses import RedirectResponse

from functions.auth.described import gives_tokens, goes_to
from functions.auth.openid.schemas import ExchangeIn
from functions.auth.openid.wiring import openid
from functions.auth.schemas import SignedInOut, signed_in
from functions.auth.wiring import LOGIN_LIMIT, FromDevice
from groundswell.http.app import create_router, stage
from groundswell.http.device import remember_device
from groundswell.http.operation import operation
from groundswell.http.provide import provide
from groundswell.tenancy.auth.openid.model import ATTEMPT_LIFETIME
from groundswell.tenancy.auth.openid.providers import PROVIDERS, Provider
from groundswell.tenancy.auth.openid.service import OpenIdService

router = create_router("Auth")


def _add(provider: Provider) -> None:
    service: Any = Annotated[OpenIdService, provide(partial(openid, provider))]
    _add_start(provider, service)
    _add_callback(provider, service)
    _add_exchange(provider, service)


def _add_start(provider: Provider, service: Any) -> None:
    name, title = provider.name, provider.title

    @router.get(
        f"/auth/{name}/start",
        response_class=RedirectResponse,
        description=f"Send the browser here to sign in with {title}. A cookie binds the attempt to this browser for "
        "ten minutes.",
        **goes_to(
            operation(f"{name}.start", limit=LOGIN_LIMIT, status=302, errors=(409, 503)),
            f"On to {title}",
            f"https://{name}.example/authorize?client_id=1234&state=f81d&nonce=a0c3",
        ),
    )
    async def start(
        sign_in: service,
        redirect_uri: Annotated[
            str | None, Query(max_length=2000, description="The frontend to go on to; one of those that are set up")
        ] = None,
        state: Annotated[str | None, Query(max_length=200, description="Handed to `redirect_uri` as it is")] = None,
    ) -> RedirectResponse:
        begun = await sign_in.begin(redirect_uri, state)
        response = RedirectResponse(begun.url, 302)
        _remember(response, name, begun.browser, int(ATTEMPT_LIFETIME.total_seconds()))
        return response


def _add_callback(provider: Provider, service: Any) -> None:
    name, title = provider.name, provider.title
    cookie: Any = Annotated[str | None, Cookie(alias=f"groundswell_{name}", include_in_schema=False)]
    described = gives_tokens(
        operation(f"{name}.callback", limit=LOGIN_LIMIT, errors=(401, 403, 409, 412, 503), open_query=True)
    )

    @router.get(
        f"/auth/{name}/callback",
        response_model=SignedInOut,
        description=f"Where {title} sends the browser back to: answers as a login does, or goes on to `redirect_uri`."
        "\n\nAn account with a second factor is answered 401 `TOTP_REQUIRED`: send `exchange_code` of its details with "
        "the code.",
        **goes_to(
            described,
            f"On to `redirect_uri` with a one-time code for `POST /auth/{name}/exchange`",
            "https://app.example.com/signed-in?code=k2F8mQ&state=a0c3",
        ),
    )
    async def callback(
        sign_in: service,
        device: FromDevice,
        response: Response,
        state: Annotated[str, Query(max_length=200)],
        code: Annotated[str | None, Query(max_length=4096)] = None,
        error: Annotated[str | None, Query(max_length=200, description="Why the provider sends no code")] = None,
        browser: cookie = None,
    ) -> SignedInOut | Response:
        finished = await sign_in.finish(state, browser, None if error else code, device)
        if finished.signed_in is None:
            response = RedirectResponse(finished.redirect or "", 302)
        else:
            remember_device(response, finished.signed_in[1].device_token)
        _remember(response, name, "", 0)
        return response if finished.signed_in is None else signed_in(*finished.signed_in)


def _add_exchange(provider: Provider, service: Any) -> None:
    described = operation(
        f"{provider.name}.exchange",
        limit=LOGIN_LIMIT,
        rate_limit_bucket="auth.login",
        request_example={"code": "k2F…"},
        errors=(401, 403, 409),
        shown_once=True,
    )

    @router.post(
        f"/auth/{provider.name}/exchange",
        description="Trade the one-time code for tokens, with `totp_code` or `recovery_code` where the account has a "
        "second factor.",
        **gives_tokens(described),
    )
    async def exchange(body: ExchangeIn, device: FromDevice, response: Response, sign_in: service) -> SignedInOut:
        user, pair = sign_in.exchange(body.code, body.on(device), body.codes)
        remember_device(response, pair.device_token)
        return signed_in(user, pair)


def _remember(response: Response, name: str, browser: str, seconds: int) -> None:
    """`lax`, because the provider sends the browser back from another site. The local stage has no TLS."""
    response.set_cookie(
        f"groundswell_{name}",
        browser,
        max_age=seconds,
        httponly=True,
        secure=stage() != "local",
        samesite="lax",
        path="/",
    )


for _provider in PROVIDERS:
    _add(_provider)
