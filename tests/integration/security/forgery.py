"""Tokens that must not be believed, made from one that is."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import jwt


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, body, _ = token.split(".")
    return json.loads(_decode(header)), json.loads(_decode(body))


def unsigned(token: str) -> str:
    header, body = parts(token)
    return f"{_encode({**header, 'alg': 'none'})}.{_encode(body)}."


def signed_otherwise(token: str, secret: bytes) -> str:
    """With the right secret, by an algorithm that is not ours."""
    header, body = parts(token)
    signed = f"{_encode({**header, 'alg': 'HS512'})}.{_encode(body)}"
    return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), hashlib.sha512))}"


def resigned(token: str, secret: bytes, **changes: Any) -> str:
    """With the right secret and other claims; a claim of None is left out."""
    header, body = parts(token)
    claims = {name: value for name, value in {**body, **changes}.items() if value is not None}
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": header["kid"]})


def expired(token: str, secret: bytes) -> str:
    now = int(time.time())
    return resigned(token, secret, iat=now - 7200, exp=now - 3600)


def _decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encode(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
