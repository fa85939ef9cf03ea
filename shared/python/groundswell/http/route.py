"""The route class of every API function: no unknown query parameters, and Idempotency-Key for every POST and PATCH."""

import json
from functools import cache
from hashlib import sha256
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from groundswell.http.body import is_json
from groundswell.http.bounds import bound
from groundswell.http.declared import strict
from groundswell.http.errors import Replayed
from groundswell.http.idempotency import (
    AlreadyDone,
    Answer,
    Claim,
    IdempotencyStore,
    InFlight,
    KeyReused,
    parse_key,
)
from groundswell.http.late import LateRoute
from groundswell.http.location import Handle, located
from groundswell.http.principal import access, presented_key, required_scope
from groundswell.http.rights import rights_of
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import DomainError, UnsupportedMediaType
from groundswell.kernel.ids import new_id

_KEYED = {"POST", "PATCH"}
_KEPT_HEADERS = ("content-type", "etag", "location")


@cache
def idempotency() -> IdempotencyStore:
    return IdempotencyStore(utc_now, new_id)


class Route(LateRoute):
    """Takes the query parameters that it declares and no others. Repeats of a request with the same Idempotency-Key
    have one effect and get the first one's answer."""

    def get_route_handler(self) -> Handle:
        extra = self.openapi_extra or {}
        bound(self.dependant)
        handle = super().get_route_handler()
        return self._once(handle, extra) if extra.get("x-open-query") else strict(self._once(handle, extra), self)

    def _once(self, handle: Handle, extra: dict[str, Any]) -> Handle:
        if _KEYED.isdisjoint(self.methods or ()) and self.body_field is None:
            return handle
        if "x-location" in extra:
            handle = located(handle, extra["x-location"])
        name = str(extra.get("x-operation", self.operation_id))
        takes_body = self.body_field is not None
        takes_keys = required_scope(extra) is not None
        check_rights = rights_of(self)

        async def once(request: Request) -> Response:
            if takes_body:
                await _need_json(request)
            header = request.headers.get("idempotency-key")
            if header is None or request.method not in _KEYED:
                return await handle(request)
            try:
                claim = await _claim(request, name, parse_key(header), takes_keys)
            except (Replayed, KeyReused, InFlight, AlreadyDone):
                await check_rights(request)  # the caller may have lost them since the first request
                raise
            try:
                response = await handle(request)
            except (DomainError, RequestValidationError):
                idempotency().release(claim)
                raise
            idempotency().finish(claim, _answer(response), secret=bool(extra.get("x-shown-once")))
            return response

        return once


async def _need_json(request: Request) -> None:
    """Raises UnsupportedMediaType for a body that says to be something else."""
    content_type = request.headers.get("content-type")
    if content_type and not is_json(content_type) and await request.body():
        raise UnsupportedMediaType("Send JSON, as application/json")


async def _claim(request: Request, name: str, key: str, takes_keys: bool) -> Claim:
    body = await request.body()
    # Not the path itself: three spellings of it are one operation. Nor `request.url`, which follows the Host header.
    query = request.scope["query_string"].decode("latin-1")
    parts = (json.dumps(request.path_params, sort_keys=True), query, request.headers.get("x-client-id", ""))
    fingerprint = sha256("\0".join(parts).encode() + b"\0" + body).hexdigest()
    outcome = idempotency().begin(f"{_tenant(request, takes_keys)}\0{name}", key, fingerprint)
    if isinstance(outcome, Answer):
        raise Replayed(outcome)
    return outcome


def _tenant(request: Request, takes_keys: bool) -> str:
    """Whose key this is: the user's, the API key's, or, for a caller nobody knows, the address's."""
    bearer = request.headers.get("authorization", "").partition(" ")[2].strip()
    presented = presented_key(request.headers.get("x-api-key"), bearer) if takes_keys else None
    if presented:
        grant = access().open_key(presented)
        return f"{grant.client_id}#{grant.public_id}"
    if bearer and "." not in bearer:  # no access token: a visitor's own
        return f"visitor#{sha256(bearer.encode()).hexdigest()}"
    if bearer:
        caller = access().identify(bearer)
        return f"{caller.org_id}#{caller.user_id}"
    return f"anonymous#{request.state.caller}"


def _answer(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, bytes(response.body).decode())
