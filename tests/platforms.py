"""A stateful platform on loopback: it pages, lets tokens expire in mid-sync, throttles, and answers in the shapes of
whichever of the eighteen it is told to be (`tests.platform_shapes`)."""

import atexit
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.receiver import Received, Receiver, Reply, receiver


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").rpartition(" ")[2]


type Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]
"""Status, JSON (or bytes), headers."""


@dataclass
class Peer:
    """`token` is the one that works; renewing it makes `token-2` and so on. `expire_after` and `throttle_after` count
    pages: once so many were served, the token expires, or so many (`throttles`) calls are refused. With `circle` every
    page names the same next one."""

    shape: Any
    token: str = "token-1"
    renewals: int = 0
    renewable: bool = True
    rows: list[dict[str, Any]] = field(default_factory=list)
    page_size: int = 2
    served: int = 0
    expire_after: int | None = None
    throttle_after: int | None = None
    throttles: int = 0
    circle: bool = False
    refused: dict[str, Answer] = field(default_factory=dict)
    """What paths are answered with instead."""
    open: bool = False
    """Takes every token."""
    calls: list[Request] = field(default_factory=list)
    url: str = ""

    def __call__(self, received: Received) -> Reply:
        parts = urlsplit(received.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(received.method, parts.path, query, received.headers, received.body)
        self.calls.append(request)
        status, content, *more = self._answer(request)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Reply(status, {"content-type": "application/json", **(more[0] if more else {})}, body)

    def _answer(self, request: Request) -> Answer:
        if self.shape.token_path and request.path.endswith(self.shape.token_path):
            return self._renew()
        if not self.open and self.shape.token_of(request) not in (self.token, None):
            return self.shape.expired
        if self.throttles and self.throttle_after is not None and self.served >= self.throttle_after:
            self.throttles -= 1
            return self.shape.throttled
        answer = self.refused.get(request.path) or self.shape.serve(self, request)
        if self.expire_after is not None and self.served >= self.expire_after:
            self.expire_after, self.token = None, f"token-{self.renewals + 2}"
        return answer

    def _renew(self) -> Answer:
        if not self.renewable:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked"}
        self.renewals += 1
        self.token = f"token-{self.renewals + 1}"
        return 200, {"access_token": self.token, "refresh_token": "r2", "expires_in": 3600}

    def page(self, cursor: str | int | None, rows: list[Any] | None = None) -> tuple[list[Any], int | None]:
        """Some rows from there on, and where the next page begins."""
        every, start = self.rows if rows is None else rows, int(cursor or 0)
        self.served += 1
        following = start + self.page_size
        if self.circle:
            return every[: self.page_size], start or self.page_size
        return every[start:following], following if following < len(every) else None


@cache
def address_for_all(shape: Any) -> str:
    """Of one that takes every token and has nothing, for as long as this process lives."""
    running = serving(shape, open=True)
    atexit.register(running.__exit__, None, None, None)
    return running.__enter__()[1].url


@contextmanager
def serving(shape: Any, **state: Any) -> Iterator[tuple[Peer, Receiver]]:
    peer = Peer(shape, **state)
    with receiver(peer) as running:
        peer.url = running.url
        yield peer, running
