"""What a platform's answer says went wrong. The status alone does not tell: several answer 200 with an error."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import jmespath

type Kind = Literal["auth", "permission", "throttled", "transient", "bad_request"]
_LONGEST_WORDS = 500


class Problem(Exception):
    """`words` are the platform's own. `retry_after`: seconds, where the platform names them.

    `auth`: the credentials are expired or revoked. `permission`: they do not reach this. `bad_request`: asking the same
    again will not help.
    """

    def __init__(self, kind: Kind, words: str, retry_after: float | None = None) -> None:
        self.kind: Kind = kind
        self.words = " ".join(words.split())[:_LONGEST_WORDS] or "no reason was given"
        self.retry_after = retry_after
        super().__init__(self.words)


@dataclass(frozen=True)
class Reply:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Raises Problem for what is no JSON."""
        try:
            return json.loads(self.body or b"null")
        except ValueError as error:
            raise Problem("transient", "the answer is no JSON") from error


type Classify = Callable[[Reply, Any], Problem | None]
"""Judges an answer and its JSON (None where it is none). None: it is for the usual rules to say."""


def problem_of(reply: Reply, message: str, own: Classify | None) -> Problem | None:
    """What is wrong with an answer, or None. `message` is the place of the platform's words in an error (JMESPath)."""
    content = _content(reply)
    if own and (problem := own(reply, content)):
        return problem
    if reply.status < 400:
        return None
    words = _words(content, message) or f"HTTP {reply.status}"
    kinds: dict[int, Kind] = {401: "auth", 403: "permission", 429: "throttled", 408: "transient"}
    usual: Kind = "transient" if reply.status >= 500 else "bad_request"
    kind = kinds.get(reply.status, usual)
    return Problem(kind, words, _named_wait(reply) if kind in ("throttled", "transient") else None)


@cache
def compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def extract(expression: str, content: Any) -> Any:
    """What JMESPath finds there; None for nothing."""
    return compiled(expression).search(content)


def _content(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


def _words(content: Any, message: str) -> str:
    words = extract(message, content) if content is not None else None
    return words if isinstance(words, str) else json.dumps(words) if words else ""


def _named_wait(reply: Reply) -> float | None:
    text = reply.headers.get("retry-after", "").strip()
    return float(text[:9]) if text.replace(".", "", 1).isdecimal() and text.isascii() else None
