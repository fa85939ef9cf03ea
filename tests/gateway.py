"""Calls functions as API Gateway does: an HTTP request becomes a payload 2.0 event, the result an HTTP answer."""

import asyncio
import json
import os
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from groundswell.kernel.clock import utc_now
from infra import catalogue
from infra.local.payload import Request, answer, event
from infra.local.worker import LambdaContext
from infra.routing import Router
from tests.backend import Backend

_ROUTER = Router(function for function in catalogue.FUNCTIONS if function.routes)
_thread = threading.local()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def code(self) -> str:
        """The refusal's code."""
        return self.json["error"]["code"]


class Gateway:
    """`gateway.post("/clients", {...}, token=…)`. Paths get the prefix `/api/v1` unless they begin with `=`."""

    def __init__(self, backend: Backend, ip: str) -> None:
        self.backend = backend
        self.ip = ip

    def get(self, path: str, **rest: Any) -> Answer:
        return self.call("GET", path, **rest)

    def post(self, path: str, body: Any = None, **rest: Any) -> Answer:
        return self.call("POST", path, body, **rest)

    def put(self, path: str, body: Any = None, **rest: Any) -> Answer:
        return self.call("PUT", path, body, **rest)

    def delete(self, path: str, **rest: Any) -> Answer:
        return self.call("DELETE", path, **rest)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        ip: str | None = None,
    ) -> Answer:
        """`body` is JSON unless it is bytes; then `headers` says what it is."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if token:
            sent["authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if raw and not isinstance(body, bytes):
            sent.setdefault("content-type", "application/json")
        url = urlsplit(path[1:] if path.startswith("=") else "/api/v1" + path)
        request = Request(method, unquote(url.path), url.query, "HTTP/1.1", tuple(sent.items()), raw, ip or self.ip)
        request_id = str(uuid4())
        http = answer(self._deliver(request, request_id), request_id=request_id, method=method)
        return Answer(http.status, dict(http.headers), http.body)

    def _deliver(self, request: Request, request_id: str) -> Any:
        """The result of the function that owns the path."""
        match = _ROUTER.match(request.path)
        assert match, f"nobody owns {request.path}"
        made = event(request, match, request_id=request_id, at=utc_now())
        result = call_handler(self.backend, match.function.name, made)
        if match.function.name == "ingest":
            deliver_arrivals(self.backend)
        return result


def deliver_arrivals(backend: Backend) -> None:
    """What the queue's event source mapping does with requests of few events."""
    messages = backend.messages("arrivals")
    records = [{"messageId": message["MessageId"], "body": message["Body"]} for message in messages]
    if records:
        assert call_handler(backend, "coalescer", {"Records": records}) == {"batchItemFailures": []}


def call_handler(backend: Backend, function: str, event: Any) -> Any:
    """The function's handler, in the environment it is declared to have."""
    wanted = backend.environment(function)
    if os.environ.get("SERVICE") != function:
        os.environ.clear()
        os.environ.update(wanted)
    use_loop()
    handler = import_module(f"functions.{function}.handler").handler
    return handler(event, LambdaContext(str(uuid4()), function, "512", f"arn:local:{function}", 1e12))


def use_loop() -> None:
    """Mangum runs on the thread's current loop, and Lambda has one thread; a test may have several."""
    if not hasattr(_thread, "loop"):
        _thread.loop = _Loop()
    asyncio.set_event_loop(_thread.loop.value)


class _Loop:
    """Closed when its thread ends."""

    def __init__(self) -> None:
        self.value = asyncio.new_event_loop()

    def __del__(self) -> None:
        self.value.close()
