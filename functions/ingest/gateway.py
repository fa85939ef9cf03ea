"""API Gateway's payloads 1.0 and 2.0 as one request, and the answer both understand. Instead of a web framework."""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from groundswell.events.ingest.body import Malformed
from groundswell.http.caller import client_ip
from groundswell.http.headers import NO_STORE, SECURITY, error_headers
from groundswell.http.problem import MEDIA_TYPE, problem
from groundswell.http.status import status_of
from groundswell.kernel.errors import DomainError, Invalid

type Headers = tuple[tuple[str, str], ...]

_CORS_HEADERS = "authorization, content-type, content-encoding, x-api-key, anonymousid, sentat, x-retry-count"
_SLASHES = re.compile(r"/{2,}")


class Request(msgspec.Struct, frozen=True):
    """Header names are lower case; `path` has single slashes and none at its end."""

    id: str
    method: str
    path: str
    headers: Mapping[str, str]
    payload: str
    is_base64: bool
    query: Mapping[str, str] = msgspec.field(default_factory=dict)
    address: str = "unknown"
    """Where it came from; to be forgotten."""

    @property
    def body(self) -> bytes:
        """Raises Malformed."""
        if not self.is_base64:
            return self.payload.encode("utf-8", "surrogatepass")
        try:
            return b64decode(self.payload)
        except Base64Error as error:
            raise Malformed("The body is not base64") from error


class Answer(msgspec.Struct, frozen=True):
    """`counts` are metrics to record: how many events were accepted, how many rejected. A text goes out as it is."""

    status: int
    body: Mapping[str, Any] | str | None
    headers: Headers = ()
    media_type: str = "application/json"
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)


def request(event: Mapping[str, Any], request_id: str) -> Request:
    """From a payload of either version."""
    http = event.get("requestContext", {}).get("http", {})
    path = event.get("rawPath") or event.get("path") or "/"
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return Request(
        id=request_id,
        method=(http.get("method") or event.get("httpMethod") or "GET").upper(),
        path=_SLASHES.sub("/", path).rstrip("/") or "/",
        headers=headers,
        payload=event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
        query=_query(event),
        address=client_ip(event, headers),
    )


def _query(event: Mapping[str, Any]) -> Mapping[str, str]:
    raw = event.get("rawQueryString")
    return dict(parse_qsl(raw, keep_blank_values=True)) if raw else event.get("queryStringParameters") or {}


def refusal(error: DomainError, http_request: Request) -> Answer:
    """The one error body."""
    status = status_of(error)
    problems = error.problems if isinstance(error, Invalid) else ()
    body = problem(
        status,
        error.code,
        error.text,
        instance=http_request.path,
        request_id=http_request.id,
        problems=problems,
        details=error.details,
    )
    return Answer(status, body, error_headers(error, status), MEDIA_TYPE)


def not_allowed(http_request: Request, allow: str) -> Answer:
    return _problem(
        http_request, 405, "METHOD_NOT_ALLOWED", "This path does not answer that method", (("allow", allow),)
    )


def crashed(http_request: Request) -> Answer:
    return _problem(http_request, 500, "INTERNAL_ERROR", "Something went wrong on our side: tell us the request id")


def _problem(http_request: Request, status: int, code: str, message: str, headers: Headers = ()) -> Answer:
    body = problem(status, code, message, instance=http_request.path, request_id=http_request.id)
    return Answer(status, body, headers, MEDIA_TYPE)


def result(answer: Answer, http_request: Request) -> dict[str, Any]:
    """What Lambda returns. Any origin may post events: browsers' SDKs run on their users' sites."""
    headers = dict((*SECURITY, NO_STORE, *_cors(http_request), *answer.headers))
    headers["x-request-id"] = http_request.id
    if answer.body is None:
        return {"statusCode": answer.status, "headers": headers, "body": "", "isBase64Encoded": False}
    headers["content-type"] = answer.media_type
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, separators=(",", ":"))
    return {"statusCode": answer.status, "headers": headers, "body": body, "isBase64Encoded": False}


def _cors(http_request: Request) -> Headers:
    origin = http_request.headers.get("origin")
    if origin is None:
        return ()
    mirrored = (
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-request-id, retry-after"),
        ("vary", "Origin"),
    )
    if http_request.method != "OPTIONS":
        return mirrored
    return (
        *mirrored,
        ("access-control-allow-methods", "GET, POST, OPTIONS"),
        ("access-control-allow-headers", http_request.headers.get("access-control-request-headers", _CORS_HEADERS)),
        ("access-control-max-age", "7200"),
    )
