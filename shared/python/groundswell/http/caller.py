"""Where a request comes from, as the platform saw it. X-Forwarded-For is anybody's claim and is never read."""

import hmac
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any


def client_ip(event: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The caller's address: what CloudFront saw when the request carries its secret header, else API Gateway's peer."""
    secret = os.environ.get("ORIGIN_SECRET", "")
    if secret and hmac.compare_digest(headers.get("x-origin-secret", "").encode(), secret.encode()):
        address, _, _port = headers.get("cloudfront-viewer-address", "").rpartition(":")
        if _is_address(address.strip("[]")):
            return address.strip("[]")
    context = event.get("requestContext", {})
    source = context.get("http", {}).get("sourceIp") or context.get("identity", {}).get("sourceIp")
    return str(source or "unknown")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
