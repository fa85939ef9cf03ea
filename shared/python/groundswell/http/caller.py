"""Where a request comes from, as the platform saw it. X-Forwarded-For is anybody's claim and is never read."""

import hmac
import os
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from secrets import token_hex
from typing import Any

from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id


def client_ip(event: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The caller's address: what CloudFront saw when the request carries its secret header, else API Gateway's peer."""
    claimed = headers.get("x-origin-secret")
    if claimed and hmac.compare_digest(claimed.encode(), _origin_secret().encode()):
        address, _, _port = headers.get("cloudfront-viewer-address", "").rpartition(":")
        if _is_address(address.strip("[]")):
            return address.strip("[]")
    context = event.get("requestContext", {})
    source = context.get("http", {}).get("sourceIp") or context.get("identity", {}).get("sourceIp")
    return str(source or "unknown")


@cache
def _origin_secret() -> str:
    """What CloudFront's requests carry. Where no CloudFront stands before us, something nobody can know."""
    if "SECRET_ORIGIN" not in os.environ:
        return token_hex()
    return secrets().get_secret_value(SecretId=secret_id("origin"))["SecretString"]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
