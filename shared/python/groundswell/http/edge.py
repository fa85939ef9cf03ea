"""The outermost layer of every FastAPI function, in pure ASGI: base_path, request id, headers, HEAD, 304, log line.

Middleware made with `@app.middleware("http")` costs 2 to 5 times a request, so there is none.
"""

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.http.base_path import split
from groundswell.http.caller import client_ip
from groundswell.http.cors import Lets, cors_headers, is_preflight
from groundswell.http.headers import API_CSP, NO_STORE, SECURITY, quota_headers
from groundswell.kernel.context import Origin, origin
from groundswell.kernel.ids import new_id
from groundswell.kernel.network import one_caller
from groundswell.observability.log import info

_ALWAYS = tuple((name.encode(), value.encode()) for name, value in (*SECURITY, NO_STORE, API_CSP))
_OF_A_BODY = (b"content-length", b"content-type")


class Edge:
    """Wraps the app. Puts `request_id` and the caller's `ip` into the request's state, and as `caller` what of the
    address is a key. `lets` says which origins may read the answers."""

    def __init__(self, app: ASGIApp, lets: Lets) -> None:
        self._app = app
        self._lets = lets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        answer = _Answer(scope, send, self._lets)
        inner = _inner_scope(scope, answer.state)
        try:
            if is_preflight(scope["method"], answer.headers):
                await answer.preflight()
            else:
                origin.set(Origin(answer.request_id, answer.state["ip"]))
                await self._app(inner, receive, answer.send)
        finally:  # a crash has its line, too
            self._log(scope["method"], inner, answer, started)

    @staticmethod
    def _log(method: str, inner: Scope, answer: "_Answer", started: float) -> None:
        route, code = getattr(inner.get("route"), "operation_id", None), answer.state.get("code")
        info(
            "request",
            request_id=answer.request_id,
            method=method,
            route=route,
            status=answer.status,
            ms=round((time.perf_counter() - started) * 1000, 1),
            **({"code": code} if code else {}),
        )
        if answer.status >= 500:
            _count(route, code)


def _count(route: str | None, code: str | None) -> None:
    """Errors of ours by operation and code: rare, so few metrics. Refusals are counted from the log line."""
    from groundswell.observability.metrics import metric  # a cold start has none of it

    metric("Errors", 1, operation=route or "none", code=code or "none")


def _inner_scope(scope: Scope, state: dict[str, Any]) -> Scope:
    base_path, path = split(scope["path"])
    inner = dict(scope)
    inner["root_path"] = base_path
    inner["path"] = base_path + path
    inner["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
    inner["state"] = state
    return inner


class _Answer:
    """Rewrites what the app sends: the headers every answer has, no body for HEAD and 304.

    `state` is the request's: the rate limiter leaves there, as `quota`, what is left of the caller's budget, whoever
    checks the principal, as `client_id`, the client acted for, and a refusal its `code`.
    """

    def __init__(self, scope: Scope, send: Send, lets: Lets) -> None:
        self._lets = lets
        self.request_id = new_id()
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        ip = client_ip(scope.get("aws.event", {}), self.headers)
        self.state: dict[str, Any] = {"request_id": self.request_id, "ip": ip, "caller": one_caller(ip)}
        self.status = 500
        self._method = scope["method"]
        self._send = send
        self._bodiless = self._method == "HEAD"

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body" and self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)

    async def preflight(self) -> None:
        self.status = 204
        headers = [(key.encode(), value.encode()) for key, value in cors_headers(self.headers, self._lets)]
        await self.send({"type": "http.response.start", "status": 204, "headers": headers})
        await self.send({"type": "http.response.body", "body": b""})

    def _start(self, message: Message) -> None:
        """One pass over raw pairs: Starlette's `setdefault` looks through all of them for each of a dozen."""
        headers = message["headers"] = list(message.get("headers", ()))
        header_values = dict(headers)
        headers.append((b"x-request-id", self.request_id.encode()))
        headers.extend(alway for alway in (*_ALWAYS, *self._of_this_request()) if alway[0] not in header_values)
        if self._method in ("GET", "HEAD") and message["status"] == 200 and self._is_known(header_values.get(b"etag")):
            message["status"] = 304
            self._bodiless = True
            message["headers"] = [header for header in headers if header[0] not in _OF_A_BODY]
        self.status = message["status"]

    def _of_this_request(self) -> list[tuple[bytes, bytes]]:
        quota = quota_headers(self.state["quota"]) if "quota" in self.state else ()
        cors = cors_headers(self.headers, self._lets, self.state.get("client_id"))
        return [(name.encode(), value.encode()) for name, value in (*quota, *cors)]

    def _is_known(self, etag: bytes | None) -> bool:
        """RFC 9110 §13.1.2: the weak comparison of `If-None-Match`."""
        known = self.headers.get("if-none-match")
        if etag is None or known is None:
            return False
        return known.strip() == "*" or etag.decode() in (tag.strip().removeprefix("W/") for tag in known.split(","))
