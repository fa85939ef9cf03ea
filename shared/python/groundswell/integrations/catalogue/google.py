"""What Google's APIs share."""

import re
from collections.abc import Mapping
from typing import Any

from groundswell.integrations.platform import Call, Credentials, OAuth
from groundswell.integrations.problems import Problem, Reply, extract

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")


def oauth(scope: str) -> OAuth:
    return OAuth(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "/token",
        scope,
        token_host="https://oauth2.googleapis.com",  # noqa: S106 - an address
        extra={"access_type": "offline", "prompt": "consent"},
    )


def classify(reply: Reply, content: Any) -> Problem | None:
    """By `error.status`; how long to wait stands in the body. `searchStream` answers with an array, errors too."""
    body = content[0] if isinstance(content, list) and content else content
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    status, words = error.get("status"), _words(error)
    if status == "UNAUTHENTICATED":
        return Problem("auth", words)
    if status == "RESOURCE_EXHAUSTED" or reply.status == 429:
        return Problem("throttled", words, _delay(error))
    if status == "PERMISSION_DENIED":
        return Problem("permission", words)
    return Problem("transient", words) if status in ("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED") else None


def revoke(credentials: Credentials) -> Call:
    token = credentials.get("refresh_token") or credentials.get("access_token", "")
    return Call("POST", "/revoke", form={"token": token})


def _words(error: Mapping[str, Any]) -> str:
    detailed = extract("details[].errors[].message | [0]", error)
    return str(detailed or error.get("message", ""))


def _delay(error: Mapping[str, Any]) -> float | None:
    text = extract("details[].errors[].details.quotaErrorDetails.retryDelay | [0]", error)
    text = text or extract("details[].retryDelay | [0]", error)
    match = _SECONDS.fullmatch(str(text or ""))
    return float(match[1]) if match else None
