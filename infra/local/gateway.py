"""The HTTP side of the stage: an ASGI app that does what an HTTP API does between a client and a Lambda function."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any
from uuid import uuid4

from infra.local.clock import StageClock
from infra.local.functions import Functions
from infra.local.payload import Answer, InvalidResult, Request, answer, event, message
from infra.local.processes import FunctionError
from infra.routing import Router

BODY_LIMIT = 10 * 1024 * 1024
EVENT_LIMIT = 6 * 1024 * 1024  # what Lambda takes and gives in a synchronous call
INTEGRATION_SECONDS = 30.0

type _Message = MutableMapping[str, Any]
type _Receive = Callable[[], Awaitable[_Message]]
type _Send = Callable[[_Message], Awaitable[None]]
type Local = Callable[[Request], Awaitable[Answer]]


class Gateway:
    """`local` answers everything under `/_local`, which no function ever sees."""

    def __init__(self, router: Router, functions: Functions, clock: StageClock, local: Local) -> None:
        self._router = router
        self._functions = functions
        self._clock = clock
        self._local = local

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] == "http":
            await _reply(send, await self._respond(scope, receive))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    async def _respond(self, scope: _Message, receive: _Receive) -> Answer:
        body = await _read_body(receive)
        if body is None:
            return message(413, "Request Entity Too Large")
        request = _request(scope, body)
        if request.path == "/_local" or request.path.startswith("/_local/"):
            return await self._local(request)
        return await self._route(request)

    async def _route(self, request: Request) -> Answer:
        match = self._router.match(request.path)
        if match is None:
            return message(404, "Not Found")
        request_id = str(uuid4())
        made = event(request, match, request_id=request_id, at=self._clock.now())
        if len(made.get("body", "")) > EVENT_LIMIT:
            return message(413, "Request Entity Too Large")
        try:
            async with asyncio.timeout(INTEGRATION_SECONDS):
                return await self._functions.invoke(
                    match.function,
                    made,
                    source=f"{request.method} {request.path}",
                    interpret=partial(_interpret, request_id=request_id, request=request),
                    request_id=request_id,
                )
        except TimeoutError:
            return message(503, "Service Unavailable")
        except (FunctionError, InvalidResult):
            return message(500, "Internal Server Error")


def _interpret(result: Any, *, request_id: str, request: Request) -> tuple[Answer, str]:
    made = answer(result, request_id=request_id, method=request.method)
    if len(made.body) > EVENT_LIMIT:
        raise InvalidResult(f"body has {len(made.body)} bytes, Lambda returns {EVENT_LIMIT} at most")
    return made, f"{made.status}{_refused_origin(request, made)}"


def _refused_origin(request: Request, made: Answer) -> str:
    """For the log: a browser keeps such an answer from its page, whatever the status says."""
    origin = dict(request.headers).get("origin")
    if origin is None or any(name == "access-control-allow-origin" for name, _ in made.headers):
        return ""
    return f" origin {origin[:100]} refused (allowed_origins of the client, or GROUNDSWELL_FRONTEND_ORIGINS)"


def _request(scope: _Message, body: bytes) -> Request:
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path="/" + scope["path"].lstrip("/"),  # CloudFront's function does that; see infra/constructs/edge.py
        query=scope["query_string"].decode("latin-1"),
        protocol=f"HTTP/{scope['http_version']}",
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
        source_ip=client[0] if client else "127.0.0.1",
    )


async def _read_body(receive: _Receive) -> bytes | None:
    """The whole body, or None if it is over the limit. Reads to the end even then, so that the client hears of it."""
    parts: list[bytes] = []
    size = 0
    while True:
        received = await receive()
        part = received.get("body", b"")
        size += len(part)
        if size <= BODY_LIMIT:
            parts.append(part)
        else:
            parts.clear()
        if not received.get("more_body", False):
            return b"".join(parts) if size <= BODY_LIMIT else None


async def _reply(send: _Send, made: Answer) -> None:
    headers = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in made.headers]
    await send({"type": "http.response.start", "status": made.status, "headers": headers})
    await send({"type": "http.response.body", "body": made.body})
