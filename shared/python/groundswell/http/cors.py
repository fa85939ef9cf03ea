"""Which browsers may read an answer: those on a frontend in `FRONTEND_ORIGINS` (comma-separated, `http://localhost:*`
for every port, or `*`), and those on an origin that the client lists which the request acts for.

Signing in and whatever else acts for no client may be read from any client's origins: its frontend starts there. A
preflight says neither who calls nor for whom, so it is answered alike. Callers authenticate with a header, never with
a cookie, so credentials are not allowed.
"""

import os
import re
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

type Lets = Callable[[str, str | None], bool]

_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS = "authorization, content-type, x-api-key, x-client-id, idempotency-key, if-match, if-none-match, prefer"
_EXPOSED = "x-request-id, etag, link, location, retry-after, ratelimit, ratelimit-policy, idempotency-replayed"
_ORIGIN = re.compile(r"https?://[^\s/]{1,290}")


def everybody(origin: str, client_id: str | None) -> bool:  # noqa: ARG001 - a `Lets`
    """For what is public anyway."""
    return True


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    return method == "OPTIONS" and "access-control-request-method" in headers


def cors_headers(headers: Mapping[str, str], lets: Lets, client_id: str | None = None) -> tuple[tuple[str, str], ...]:
    """Only `vary` for a request that is not from a browser on an allowed origin."""
    origin = headers.get("origin", "")
    if not _is_allowed(origin, lets, client_id):
        return (("vary", "Origin"),)
    answer = (("access-control-allow-origin", origin), ("access-control-expose-headers", _EXPOSED), ("vary", "Origin"))
    if "access-control-request-method" not in headers:
        return answer
    return (
        *answer,
        ("access-control-allow-methods", _METHODS),
        ("access-control-allow-headers", _HEADERS),
        ("access-control-max-age", "7200"),
    )


def _covers(frontend: str, origin: str) -> bool:
    """`*` is every origin, and `:*` at the end every port, none included."""
    if frontend.endswith(":*"):
        bare = frontend[:-2]
        return origin == bare or (origin.startswith(f"{bare}:") and origin[len(bare) + 1 :].isdecimal())
    return frontend in ("*", origin)


def is_frontend(origin: str, *, for_everybody: bool = True) -> bool:
    """Whether the stage names it. `*` is of use `for_everybody` who only reads."""
    frontends = [frontend.strip() for frontend in os.environ.get("FRONTEND_ORIGINS", "").split(",")]
    return any(_covers(frontend, origin) for frontend in frontends if for_everybody or frontend != "*")


def _is_allowed(origin: str, lets: Lets, client_id: str | None) -> bool:
    if _ORIGIN.fullmatch(origin) is None:
        return False
    if is_frontend(origin):
        return True
    try:
        return lets(origin, client_id)
    except (BotoCoreError, ClientError):  # it must not cost the answer itself
        return False
