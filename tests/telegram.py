"""Telegram's Bot API on loopback, as far as bots here use it: it remembers what was sent, and fails as a test says."""

import atexit
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.receiver import Received, Receiver, Reply, receiver

_accounts = itertools.count(110_201_543)
tokens = (f"{number}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" for number in _accounts)
"""Each of another account."""
type Trouble = Callable[[str, dict[str, Any]], Reply | None]
"""Gets a call's method and body; None lets it through."""


@dataclass
class TelegramPeer:
    token: str = field(default_factory=lambda: next(tokens))
    """Of the one account there is; empty: every token is good."""
    trouble: Trouble = lambda _method, _body: None
    server: Receiver | None = None
    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    @property
    def url(self) -> str:
        assert self.server
        return self.server.url

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent]

    def answer(self, received: Received) -> Reply:
        token, _, method = received.path.removeprefix("/bot").partition("/")
        body = json.loads(received.body or b"{}")
        self.calls.append(method)
        if self.token and token != self.token:
            return refusal(401, "Unauthorized")
        return self.trouble(method, body) or _ok(getattr(self, f"_{method}", self._anything)(token, body))

    def _anything(self, _token: str, _body: dict[str, Any]) -> Any:
        return True

    def _getMe(self, token: str, _body: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's name
        return {"id": int(token.partition(":")[0]), "is_bot": True, "username": "acme_support_bot"}

    def _setWebhook(self, token: str, body: dict[str, Any]) -> Any:  # noqa: N802
        self.webhooks[token] = body
        return True

    def _deleteWebhook(self, token: str, _body: dict[str, Any]) -> Any:  # noqa: N802
        self.webhooks.pop(token, None)
        return True

    def _getWebhookInfo(self, token: str, _body: dict[str, Any]) -> Any:  # noqa: N802
        url = self.webhooks.get(token, {}).get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": 3}

    def _sendMessage(self, _token: str, body: dict[str, Any]) -> Any:  # noqa: N802
        self.sent.append(body)
        return {"message_id": next(self.numbers), "date": 1_764_504_000, "chat": {"id": body["chat_id"]}}


def _ok(result: Any) -> Reply:
    return Reply(body=json.dumps({"ok": True, "result": result}).encode())


def refusal(status: int, description: str, **parameters: Any) -> Reply:
    body = {"ok": False, "error_code": status, "description": description}
    return Reply(status, body=json.dumps(body | ({"parameters": parameters} if parameters else {})).encode())


@contextmanager
def telegram() -> Iterator[TelegramPeer]:
    with _serving(TelegramPeer()) as peer:
        yield peer


@contextmanager
def _serving(peer: TelegramPeer) -> Iterator[TelegramPeer]:
    with receiver(peer.answer) as server:
        peer.server = server
        yield peer


@cache
def telegram_for_all() -> str:
    """The address of one that takes every token, for as long as this process lives."""
    peer = TelegramPeer(token="")
    serving = _serving(peer)
    atexit.register(serving.__exit__, None, None, None)
    return serving.__enter__().url
