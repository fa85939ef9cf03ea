"""What is said once about an operation, beside its route: name, limit, examples, refusals."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request

from groundswell.access.model import Caller
from groundswell.http.body import json_body
from groundswell.http.location import described
from groundswell.http.principal import signed_in
from groundswell.http.ratelimit import RateLimit, RateLimiter, Subject, limits_are_on
from groundswell.kernel.clock import utc_now
from groundswell.kernel.email import normalize_email
from groundswell.tenancy.clients.model import Scope

REFUSALS = {
    400: "Bad input: `error.details.errors` names the fields",
    401: "Not signed in, or the token or key is not valid",
    403: "You can see it but may not do this",
    404: "Missing, or another tenant's",
    409: "The current state does not allow this",
    410: "The link is used up or expired",
    412: "Someone else changed it first: `error.details.version` is the newest",
    413: "The body is too large",
    415: "The body is no JSON by its Content-Type",
    422: "The Idempotency-Key was used for a different request",
    428: "The client wants the version that was read with every change: send `If-Match`",
    429: "Too many requests: see `Retry-After`",
    503: "A dependency does not answer: see `Retry-After`",
}
"""What each refusing status means, whatever the operation."""


@cache
def rate_limiter() -> RateLimiter:
    return RateLimiter(utc_now)


def operation(
    name: str,
    *,
    scope: Scope | None = None,
    limit: tuple[int, int, Subject] | None = None,
    address_limit: tuple[int, int] | None = None,
    request_example: Any = None,
    response_example: Any = None,
    status: int = 200,
    errors: tuple[int, ...] = (),
    shown_once: bool = False,
    alias_of: str | None = None,
    rate_limit_bucket: str | None = None,
    location: str | None = None,
    open_query: bool = False,
    counted: bool = False,
    meta: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keyword arguments for a route: `@router.post("/auth/login", **operation("auth.login", limit=(20, 60, "ip")))`.

    `scope` lets API keys that have it through; without one the operation is for people only. `limit` is (calls,
    window in seconds, by) and counts under the canonical name, so that aliases share a budget. `address_limit` (calls,
    window) holds besides, whatever e-mail or token is named: guesses name another one each. `request_example` and
    `response_example` are bodies, the latter without its envelope. `errors` are the statuses besides 400, 429 and
    503. `rate_limit_bucket` is the operation whose limit this one shares. `shown_once` keeps the answer out of
    idempotency records. `location` is the path of what is made, by names of the answer's data: `/clients/{id}`.
    `open_query` is for addresses to which others add parameters of their own: an OAuth callback (RFC 6749 §4.1.2), a
    page that mails link to. `counted`: the answer is a list that says how many there are in all;
    `meta` is what else stands in a list's `meta`, as an example.
    """
    counted_as = rate_limit_bucket or alias_of or name
    rate_limit = RateLimit(counted_as, *limit) if limit else None
    by_address = RateLimit(counted_as, *address_limit, "ip") if address_limit else None
    example = None
    if response_example is not None:
        example = _enveloped(response_example, status, counted=counted, meta=meta)
    marks = {
        "x-operation": alias_of or name,
        "x-required-scopes": scope and [scope.value],
        "x-rate-limit": rate_limit and rate_limit.document,
        "x-address-rate-limit": by_address and by_address.document,
        "x-alias-of": alias_of,
        "x-shown-once": shown_once,
        "x-open-query": open_query,
        "x-location": location,
        "requestBody": _json(request_example),
        "responses": _success(status, example, location),
    }
    refusals = sorted({400, *errors, *((429,) if limit else ())})
    return {
        "operation_id": name,
        "status_code": status,
        "responses": {refusal: {"description": REFUSALS[refusal]} for refusal in refusals},
        "openapi_extra": {mark: value for mark, value in marks.items() if value},
        "dependencies": [Depends(_taking(counter)) for counter in (by_address, rate_limit) if counter],
    }


def _json(example: Any) -> dict[str, Any]:
    """A body with its example; empty without one."""
    return {} if example is None else {"content": {"application/json": {"example": example}}}


def _success(status: int, example: Any, location: str | None) -> dict[str, Any]:
    answer = _json(example) | ({"headers": described(location)} if location else {})
    return {str(status): answer} if answer else {}


def _enveloped(response_example: Any, status: int, *, counted: bool, meta: Mapping[str, Any] | None) -> Any:
    message = {201: "Created", 202: "Accepted"}.get(status, "Success")
    body: dict[str, Any] = {"status_code": status, "message": message, "data": response_example}
    if isinstance(response_example, list):
        total = {"total": len(response_example)} if counted else {}
        body["meta"] = {"next_cursor": None, "has_more": False, "limit": 50, **total, **(meta or {})}
    return body


def _taking(limit: RateLimit) -> Callable[..., Awaitable[None]]:
    """The dependency that counts a call. The edge puts what is left of the budget into the answer's headers."""

    def take(request: Request, subject: str) -> None:
        if limits_are_on():
            quota = rate_limiter().take(limit, subject)
            before = getattr(request.state, "quota", quota)
            request.state.quota = min(before, quota, key=lambda budget: budget.remaining)

    async def by_user(request: Request, caller: Annotated[Caller, Depends(signed_in)]) -> None:
        take(request, caller.user_id)

    async def by_ip(request: Request) -> None:
        take(request, request.state.caller)

    async def by_email(request: Request) -> None:
        take(request, await person_by_email(request) or request.state.caller)

    choices: dict[Subject, Callable[..., Awaitable[None]]] = {"user": by_user, "ip": by_ip, "email": by_email}
    return choices[limit.by]


async def person_by_email(request: Request) -> str | None:
    """The e-mail asked about, or a mailed token in its stead: a whole office must not share one address's budget."""
    token = (await json_body(request)).get("token")
    if isinstance(token, str) and token:
        return f"token:{sha256(token.encode(errors='replace')).hexdigest()}"
    return await email_asked_about(request)


async def email_asked_about(request: Request) -> str | None:
    """The e-mail in the body, in its one spelling, so that no other multiplies the budget; None for what is none."""
    email = (await json_body(request)).get("email")
    try:
        return normalize_email(email.strip()) if isinstance(email, str) else None
    except ValueError:
        return None
