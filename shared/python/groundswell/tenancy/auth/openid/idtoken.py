"""Reading an id_token (OpenID Connect Core 1.0 §3.1.3.7)."""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any

from groundswell.tenancy.auth.openid.rsa import is_genuine

_LEEWAY_SECONDS = 60


class IdTokenRefused(Exception):
    """It is not genuine, or not for us, or not for now. The text says why, for the log."""


class UnknownKey(IdTokenRefused):
    """Signed with a key that is not in the set: the set may be old."""


@dataclass(frozen=True)
class Expected:
    """`now` in epoch seconds. `issuer` is what the claims' must be; a nonce of None is not asked for."""

    issuer: Callable[[Mapping[str, Any]], str]
    audience: str
    nonce: str | None
    now: float


def read_id_token(token: str, key_set: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """The claims. RS256 only, whatever the header would rather have. Raises IdTokenRefused, UnknownKey."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
        modulus, exponent = _key(key_set, header)
        genuine = is_genuine(f"{head}.{body}".encode(), _bytes(signature), modulus, exponent)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IdTokenRefused(f"malformed: {error}") from error
    if not genuine:
        raise IdTokenRefused("the signature is wrong")
    _check(claims, expected)
    return dict(claims)


def _key(key_set: Mapping[str, Any], header: Mapping[str, Any]) -> tuple[int, int]:
    if header["alg"] != "RS256":
        raise IdTokenRefused(f"signed with {header['alg']!r}")
    for key in key_set["keys"]:
        if key.get("kid") == header["kid"] and key.get("kty") == "RSA" and key.get("use", "sig") == "sig":
            return int.from_bytes(_bytes(key["n"])), int.from_bytes(_bytes(key["e"]))
    raise UnknownKey("signed with an unknown key")


def _check(claims: Mapping[str, Any], expected: Expected) -> None:
    holds = {
        "iss": claims.get("iss") == expected.issuer(claims),
        "aud": _is_for(claims, expected.audience),
        "nonce": expected.nonce is None
        or hmac.compare_digest(str(claims.get("nonce")).encode(), expected.nonce.encode()),
        "exp": _time(claims, "exp") > expected.now - _LEEWAY_SECONDS,
        "iat": _time(claims, "iat") < expected.now + _LEEWAY_SECONDS,
        "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
    }
    wrong = [name for name, it_holds in holds.items() if not it_holds]
    if wrong:
        raise IdTokenRefused(f"wrong: {', '.join(wrong)}")


def _is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """Several audiences need `azp` to say whose it is."""
    audience = claims.get("aud")
    if isinstance(audience, list):
        return client_id in audience and claims.get("azp") == client_id
    return audience == client_id and claims.get("azp", client_id) == client_id


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Not a number when it is none: no comparison with that holds."""
    value = claims.get(name)
    return float(value) if isinstance(value, (int, float)) else nan


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
