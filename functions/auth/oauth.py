"""`/auth/token`: the OAuth2 password form with OAuth's own bodies, errors included (RFC 6749 §4.3, §5.1, §5.2)."""

import json
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from functions.auth.examples import LOGIN, TOKENS
from functions.auth.schemas import LoginIn, TokensOut
from functions.auth.wiring import LOGIN_LIMIT, FromDevice, SignIn
from groundswell.http.declared import strict
from groundswell.http.device import remember_device
from groundswell.http.headers import error_headers
from groundswell.http.operation import operation
from groundswell.http.status import status_of
from groundswell.kernel.errors import DomainError, Invalid, RateLimited, TooLarge, Unauthenticated

_LARGEST = 64 * 1024  # strangers send it, and a form of percent signs takes microseconds a byte
_FIELDS = {
    "username": {"type": "string"},
    "password": {"type": "string"},
    "totp_code": {"type": "string"},
    "recovery_code": {"type": "string"},
    "device_token": {"type": "string"},
}
_GRANT = {"grant_type": {"type": "string", "enum": ["password"]}, "scope": {"type": "string"}}
_EXAMPLE = {"username": LOGIN["email"], "password": LOGIN["password"]}
_BODY = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["username", "password"], "properties": _FIELDS | _GRANT},
            "example": {"grant_type": "password", **_EXAMPLE},
        },
        "application/json": {
            "schema": {"type": "object", "required": ["username", "password"], "properties": _FIELDS},
            "example": _EXAMPLE,
        },
    },
}

_ERROR = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}


class OAuthRoute(APIRoute):
    """Answers refusals the way OAuth clients read them: `error` is a string."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = strict(super().get_route_handler(), self)

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except DomainError as error:
                return _refusal(error)

        return answer


def _described() -> dict[str, Any]:
    arguments = operation("auth.token", limit=LOGIN_LIMIT, alias_of="auth.login", errors=(403, 503))
    refusals = {str(status): {"content": {"application/json": {"schema": _ERROR}}} for status in arguments["responses"]}
    arguments["openapi_extra"] |= {
        "requestBody": _BODY,
        "responses": {"200": {"content": {"application/json": {"example": TOKENS}}}, **refusals},
        "x-errors": "oauth",
    }
    return arguments


router = APIRouter(tags=["Auth"], route_class=OAuthRoute)


@router.post("/auth/token", response_model=TokensOut, **_described())
async def token(request: Request, device: FromDevice, service: SignIn) -> Response:
    """Sign in the way OAuth2 clients do (`grant_type=password`)."""
    credentials = await _read_credentials(request)
    password = credentials.password.get_secret_value()
    _, pair = service.login(credentials.email, password, credentials.on(device), credentials.codes)
    response = JSONResponse(TokensOut.model_validate(pair).model_dump(), headers={"cache-control": "no-store"})
    remember_device(response, pair.device_token)
    return response


async def _read_credentials(request: Request) -> LoginIn:
    """From a form or from JSON; `email` is accepted for `username`. Raises Invalid, TooLarge."""
    body = await request.body()
    if len(body) > _LARGEST:
        raise TooLarge
    values = _json(body) if "json" in request.headers.get("content-type", "") else _form(body)
    if values.get("grant_type", "password") != "password":
        raise UnsupportedGrant
    try:
        return LoginIn(
            email=values.get("username") or values.get("email", ""),
            password=values.get("password", ""),
            totp_code=values.get("totp_code"),
            recovery_code=values.get("recovery_code"),
            device_token=values.get("device_token"),
        )
    except ValidationError as error:
        raise Invalid(
            "username and password are required, username must be an e-mail address, totp_code six digits"
        ) from error


class UnsupportedGrant(Invalid):
    code = "unsupported_grant_type"
    message = "Only grant_type=password is offered here"


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("the body is not JSON") from error
    return values if isinstance(values, dict) else {}


def _form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError as error:
        raise Invalid("the body is not a form") from error


def _refusal(error: DomainError) -> Response:
    status = status_of(error)
    match error:
        case UnsupportedGrant():
            code = error.code
        case Invalid() | TooLarge():
            code = "invalid_request"
        case RateLimited():
            code = "slow_down"
        case Unauthenticated():
            code, status = "invalid_grant", 400
        case _:
            code = "invalid_grant" if status < 500 else "temporarily_unavailable"
    headers = {"cache-control": "no-store", **dict(error_headers(error, status))}
    return JSONResponse({"error": code, "error_description": _description(error)}, status, headers)


def _description(error: DomainError) -> str:
    problems = error.problems if isinstance(error, Invalid) else ()
    return "; ".join(f"{problem.field}: {problem.message}" for problem in problems) or error.text
