"""Signatures of Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 of id, time and body."""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

SECRET_BYTES = 32
_PREFIX = "whsec_"


def spelled_secret(secret: bytes) -> str:
    """As receivers get it."""
    return _PREFIX + b64encode(secret).decode()


def signed_headers(event_id: str, seconds: int, payload: bytes, secrets: Iterable[bytes]) -> dict[str, str]:
    """`seconds` since 1970, by the receiver's clock. One signature a secret: while one is being replaced, both hold."""
    content = f"{event_id}.{seconds}.".encode() + payload
    signatures = (b64encode(hmac.digest(secret, content, sha256)).decode() for secret in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
