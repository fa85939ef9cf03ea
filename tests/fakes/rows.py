"""Rows without a log behind them."""

import json
from itertools import count
from typing import Any

from groundswell.analytics.questions.rows import Row

_positions = count()


class FakeBlock:
    """One event's columns, by dotted path."""

    def __init__(self, position: int, currency: str | None = None, **parts: Any) -> None:
        self._parts = parts
        self.currencies = {position: currency} if currency else {}

    def column(self, path: str) -> Any:
        value: Any = self._parts
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return _Constant(None if value is None else json.dumps(value).encode())


class _Constant:
    def __init__(self, raw: bytes | None) -> None:
        self._raw = raw

    def __getitem__(self, position: int) -> bytes | None:
        return self._raw


def row(ts: int, person: str | None = "p", name: str = "viewed", *, kind: str = "track", **rest: Any) -> Row:
    """`properties`, `context` and so on are objects; the rest are the row's own fields."""
    own = {key: rest.pop(key, None) for key in ("user_id", "anonymous_id", "session_id", "value")}
    position = next(_positions)
    return Row(ts, person, name, kind, **own, block=FakeBlock(position, **rest), position=position)
