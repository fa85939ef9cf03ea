"""Which browsers may read an answer: the frontends in `FRONTEND_ORIGINS` (comma-separated, or `*`).

Callers authenticate with a header, never with a cookie, so credentials are not allowed.
"""

import os
from collections.abc import Mapping

_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS = "authorization, content-type, x-api-key, x-client-id, idempotency-key, if-match, if-none-match"
_EXPOSED = "x-request-id, etag, link, location, retry-after, ratelimit, ratelimit-policy, idempotency-replayed"


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    return method == "OPTIONS" and "access-control-request-method" in headers


def cors_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Empty for a request that is not from a browser on an allowed origin."""
    origin = headers.get("origin")
    allowed = [each.strip() for each in os.environ.get("FRONTEND_ORIGINS", "").split(",")]
    if not origin or (origin not in allowed and "*" not in allowed):
        return ()
    answer = (("access-control-allow-origin", origin), ("access-control-expose-headers", _EXPOSED), ("vary", "Origin"))
    if "access-control-request-method" not in headers:
        return answer
    return (
        *answer,
        ("access-control-allow-methods", _METHODS),
        ("access-control-allow-headers", _HEADERS),
        ("access-control-max-age", "7200"),
    )
