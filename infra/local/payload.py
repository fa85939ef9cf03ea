"""An HTTP request as API Gateway's payload 2.0 event, and the handler's result as an HTTP answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from infra.local.environment import ACCOUNT
from infra.routing import Match

API_ID = "local"
_TEXT = re.compile(r"(text/|application/(json|javascript|xml|[^;]*\+(json|xml))\s*(;|$))", re.IGNORECASE)
# API Gateway speaks for itself on each hop.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True)
class Request:
    """What came in. `path` is decoded, `query` is as sent, header names are lower case."""

    method: str
    path: str
    query: str
    protocol: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class InvalidResult(ValueError):
    """The handler's result is nothing that API Gateway can turn into an answer."""


def event(request: Request, match: Match, *, request_id: str, at: datetime) -> dict[str, Any]:
    """The event for that route."""
    headers = _joined(
        (name, value) for name, value in request.headers if name not in _HOP_BY_HOP and name not in {"cookie", "expect"}
    )
    host = headers.get("host", "localhost")
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route_key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers | _forwarded(request, host),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": match.route_key,
            "stage": "$default",
            "time": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    cookies = [part for name, value in request.headers if name == "cookie" for part in value.split("; ") if part]
    query = _joined(parse_qsl(request.query, keep_blank_values=True))
    optional = {"cookies": cookies, "queryStringParameters": query, "pathParameters": dict(match.parameters)}
    made |= {name: value for name, value in optional.items() if value}
    return made | _body(request.body, headers)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _forwarded(request: Request, host: str) -> dict[str, str]:
    claimed = _joined(request.headers).get("x-forwarded-for")
    return {
        "x-forwarded-for": f"{claimed}, {request.source_ip}" if claimed else request.source_ip,
        "x-forwarded-port": host.rpartition(":")[2] if ":" in host else "80",
        "x-forwarded-proto": "http",
    }


def _body(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Text stays text only where both the content type says so and the bytes are: AWS looks at the type alone."""
    if not body:
        return {}
    if _TEXT.match(headers.get("content-type", "")) and headers.get("content-encoding", "identity") == "identity":
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}


def answer(result: Any, *, request_id: str, method: str) -> Answer:
    """The HTTP answer for a handler's result. Raises InvalidResult."""
    if not isinstance(result, dict) or "statusCode" not in result:
        # Without a status API Gateway infers one: the whole result is the body, as JSON.
        body = result if isinstance(result, str) else json.dumps(result)
        result = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}
    status = result["statusCode"]
    if isinstance(status, str) and status.isdecimal():
        status = int(status)
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise InvalidResult(f"statusCode is {status!r}")
    content = b"" if status in _NO_BODY else _content(result)
    headers = _answer_headers(result, request_id)
    if status not in _NO_BODY:
        headers.append(("content-length", str(len(content))))
    return Answer(status, tuple(headers), b"" if method == "HEAD" else content)


def _content(result: Mapping[str, Any]) -> bytes:
    body = result.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise InvalidResult(f"body is a {type(body).__name__}, not a string")
    if not result.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise InvalidResult("body is not base64 though isBase64Encoded says so") from error


def _answer_headers(result: Mapping[str, Any], request_id: str) -> list[tuple[str, str]]:
    raw_headers = result.get("headers") or {}
    headers = [(str(name).lower(), str(value)) for name, value in raw_headers.items() if value is not None]
    headers = [(name, value) for name, value in headers if name not in _HOP_BY_HOP and name != "content-length"]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    headers += [("set-cookie", str(cookie)) for cookie in result.get("cookies") or ()]
    return [*headers, ("apigw-requestid", request_id)]


def json_answer(status: int, content: Any, *headers: tuple[str, str]) -> Answer:
    """A JSON answer of the stage's own."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, (("content-type", "application/json"), ("content-length", str(len(body))), *headers), body)


def message(status: int, text: str) -> Answer:
    """What API Gateway says by itself, e.g. 500 `{"message":"Internal Server Error"}`."""
    return json_answer(status, {"message": text})
