"""Calls to a network, with its answers in the port's words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.outbound.adapter_vendor import Vendor, VendorAnswer, VendorClient
from groundswell.outbound.retrying import retry_after
from groundswell.social.networks.port import Ambiguous, Budget, Refused, Throttled, TokenRejected, Tokens

_PATIENCE = 15.0
_PAUSE = timedelta(minutes=5)
"""Where a network says no time."""


@dataclass(frozen=True)
class App:
    """Ours, as it is registered at the network."""

    client_id: str
    secret: str = field(repr=False)
    callback: str


class Calls:
    """`url` is the network's own; `reset` names the header with the second (since 1970) when a rate begins anew."""

    def __init__(self, name: str, url: str, now: Callable[[], datetime], reset: str = "") -> None:
        self._client = VendorClient(Vendor(name, url), patience=_PATIENCE, attempts=1, now=now)
        self._now = now
        self._reset = reset

    async def call(self, method: str, path: str, token: str | None = None, **content: Any) -> VendorAnswer:
        """An answer below 400. Raises TokenRejected, Refused, Throttled, and Ambiguous where none came to a POST, else
        Unavailable."""
        headers = dict(content.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            answer = await self._client.request(method, path, headers=headers, **content)
        except Overloaded as error:
            raise Throttled(self._now() + _PAUSE) from error
        except Unavailable as error:
            if method == "POST":
                raise Ambiguous from error
            raise
        self._check(method, answer)
        return answer

    def _check(self, method: str, answer: VendorAnswer) -> None:
        if answer.status < 400:
            return
        if answer.status == 401:
            raise TokenRejected(words_of(answer))
        if answer.status == 429:
            raise Throttled(self._room_at(answer))
        if answer.status >= 500:
            if method == "POST":
                raise Ambiguous(words_of(answer))
            raise Throttled(self._now() + timedelta(minutes=1))
        raise Refused(words_of(answer))

    def _room_at(self, answer: VendorAnswer) -> datetime:
        seconds = retry_after(answer.headers, self._now())
        if seconds is not None:
            return self._now() + timedelta(seconds=seconds + 1)
        reset = answer.headers.get(self._reset, "")
        return datetime.fromtimestamp(int(reset) + 1, UTC) if reset.isdecimal() else self._now() + _PAUSE


def budget_of(answer: VendorAnswer, *prefixes: str) -> Budget | None:
    """The tightest of the rates that the headers tell of: `<prefix>-remaining`, until `<prefix>-reset` (seconds since
    1970). None where they tell of none."""
    limits = [
        (answer.headers.get(f"{prefix}-remaining", ""), answer.headers.get(f"{prefix}-reset", ""))
        for prefix in prefixes
    ]
    budgets = [
        Budget(int(remaining), datetime.fromtimestamp(int(reset), UTC))
        for remaining, reset in limits
        if remaining.isdecimal() and reset.isdecimal()
    ]
    return min(budgets, key=lambda budget: budget.remaining, default=None)


def words_of(answer: VendorAnswer) -> str:
    """What the network says, for people."""
    try:
        body = answer.json()
    except ValueError:
        return f"HTTP {answer.status}"
    if not isinstance(body, dict):
        return f"HTTP {answer.status}"
    words = body.get("detail") or body.get("message") or body.get("error_description") or body.get("title")
    if not words and isinstance(body.get("errors"), list) and body["errors"]:
        words = body["errors"][0].get("message")
    return str(words or f"HTTP {answer.status}")[:500]


def read_tokens(answer: VendorAnswer, now: datetime) -> Tokens:
    """RFC 6749 §5.1. Raises Refused for anything else."""
    try:
        body: Mapping[str, Any] = answer.json()
        seconds = body.get("expires_in")
        return Tokens(
            str(body["access_token"]),
            now + timedelta(seconds=int(seconds)) if seconds else None,
            body.get("refresh_token"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("the answer holds no token") from error


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
