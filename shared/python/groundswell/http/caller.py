"""Where a request comes from, as the platform saw it. X-Forwarded-For is anybody's claim and is never read."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from hmac import compare_digest
from typing import Any

from groundswell.kernel.network import is_address, spelled_address
from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id

SECRET_HEADER = "x-origin-secret"  # noqa: S105  # the name of the header
# Set by our own CloudFront function (`infra/constructs/edge.py`), whatever the viewer claims.
VIEWER_HEADER = "x-viewer-address"


def client_ip(event: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The caller's address: what CloudFront saw when the request carries its secret header, else API Gateway's peer.

    `event` is API Gateway's, of payload 1.0 or 2.0; `headers` go by lower-case names. `unknown` if nobody says.
    """
    if came_through_cloudfront(headers) and (address := _viewer(headers)):
        return spelled_address(address)
    context = event.get("requestContext", {})
    source = context.get("http", {}).get("sourceIp") or context.get("identity", {}).get("sourceIp")
    return spelled_address(str(source or "unknown"))


def came_through_cloudfront(headers: Mapping[str, str]) -> bool:
    """Whether the request carries the secret that CloudFront adds. Never, where no CloudFront stands before us."""
    claimed = headers.get(SECRET_HEADER)
    if not claimed or not stands_behind_cloudfront():
        return False
    return compare_digest(claimed.encode(), origin_secret().encode())


def stands_behind_cloudfront() -> bool:
    return "SECRET_ORIGIN" in os.environ


@cache
def origin_secret() -> str:
    """Raises KeyError where no CloudFront stands before us."""
    return secrets().get_secret_value(SecretId=secret_id("origin"))["SecretString"]


def open_at_start() -> tuple[Callable[[], object], ...]:
    """What every request will ask for, so that no request waits for it: `open_early(*open_at_start())`."""
    return (origin_secret,) if stands_behind_cloudfront() else ()


def _viewer(headers: Mapping[str, str]) -> str | None:
    """CloudFront's own header is `address:port`, for IPv6 too, and comes only if the origin request policy says so."""
    with_port = headers.get("cloudfront-viewer-address", "")
    addresses = headers.get(VIEWER_HEADER), with_port.rpartition(":")[0].strip("[]")
    return next((address for address in addresses if address and is_address(address)), None)
