"""A loopback front for an API on the emulator, so that it has a plain URL like the one API Gateway would give it.

Clients put their paths after the host; the emulator's own URL has a path already, and API Gateway's domain names do not
resolve here.
"""

import asyncio
import http.client
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn

TIMEOUT_SECONDS = 60.0
# Of one connection, not of the message: RFC 9110 section 7.6.1. Lengths are counted anew.
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"})

type _Message = MutableMapping[str, Any]
type _Receive = Callable[[], Awaitable[_Message]]
type _Send = Callable[[_Message], Awaitable[None]]
type _Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Front:
    """An ASGI app that passes requests on. `forward` gives the URL to put before a path; until it is set, 503."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forward: Callable[[str], str] | None = None

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        body = await _read(receive)
        status, headers, content = await asyncio.to_thread(self._forward, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _forward(self, scope: _Message, body: bytes) -> _Answer:
        if self.forward is None:
            return 503, [], b""
        path = _path(scope)
        target = urlsplit(self.forward(path))
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.putrequest(
                scope["method"], target.path + _with_query(path, scope), skip_host=False, skip_accept_encoding=True
            )
            for name, value in scope["headers"]:
                if name.decode() not in _HOP_BY_HOP | {"host"}:
                    connection.putheader(name, value)
            connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            headers = [
                (name.lower().encode(), value.encode("latin-1"))
                for name, value in answer.getheaders()
                if name.lower() not in _HOP_BY_HOP
            ]
            return answer.status, headers, answer.read()
        finally:
            connection.close()


def _path(scope: _Message) -> str:
    """As the client spelled it, less a last slash: in AWS a greedy route takes it, the emulator's does not."""
    raw: str = scope["raw_path"].decode("latin-1")
    return raw.rstrip("/") or "/"


def _with_query(path: str, scope: _Message) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


async def _read(receive: _Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


@contextmanager
def serve_front(port: int) -> Iterator[Front]:
    """Serve it on loopback, on a free port if `port` is 0, from a thread of its own. Raises OSError for a taken one."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        front = Front(f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            front, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="front", daemon=True)
        thread.start()
        try:
            yield front
        finally:
            server.should_exit = True
            thread.join()
