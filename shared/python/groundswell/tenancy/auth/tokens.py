"""Access and refresh tokens: JWT (RFC 7519, RFC 8725), HS256 pinned, every claim required."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import jwt

from groundswell.access.model import InvalidToken
from groundswell.access.service import AccessClaims
from groundswell.kernel.signing import KeySource
from groundswell.tenancy.auth.model import ACCESS_LIFETIME, RefreshClaims, Session, TokenPair, User

_ISSUER = "groundswell"
_AUDIENCE = "groundswell-api"
_ALGORITHM = "HS256"
_REQUIRED = ["exp", "iat", "sub", "org", "role", "jti", "iss", "aud", "type", "sid"]


class Tokens:
    """Signs with the current key; verifies with the current and the previous one. Expiry is read off our own clock."""

    def __init__(self, keys: KeySource, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def pair(self, user: User, session: Session) -> TokenPair:
        """The tokens of the session's newest rotation. The same session state gives the same tokens (grace period)."""
        shared = {
            "sub": user.id,
            "org": user.org_id,
            "role": user.role.value,
            "sid": session.id,
            "jti": session.current,
        }
        access = self._sign({**shared, "type": "access"}, session.rotated_at, session.rotated_at + ACCESS_LIFETIME)
        refresh = self._sign({**shared, "type": "refresh"}, session.rotated_at, session.ends_at)
        return TokenPair(access, refresh)

    def read_access(self, token: str) -> AccessClaims:
        """Raises InvalidToken."""
        claims = self._read(token, "access")
        return AccessClaims(claims["sub"], claims["sid"])

    def read_refresh(self, token: str) -> RefreshClaims:
        """Raises InvalidToken."""
        claims = self._read(token, "refresh")
        return RefreshClaims(claims["sub"], claims["sid"], claims["jti"])

    def _sign(self, claims: dict[str, Any], issued: datetime, expires: datetime) -> str:
        times = {"iat": int(issued.timestamp()), "exp": int(expires.timestamp())}
        key = self._keys().current
        body = {**claims, **times, "iss": _ISSUER, "aud": _AUDIENCE}
        return jwt.encode(body, key.secret, algorithm=_ALGORITHM, headers={"kid": key.kid})

    def _read(self, token: str, kind: str) -> Mapping[str, Any]:
        try:
            kid = _kid(token)
            key = self._keys(kid).find(kid)
            if key is None:
                raise InvalidToken
            claims = _verified(token, key.secret)
        except jwt.InvalidTokenError as error:
            raise InvalidToken from error
        return self._checked(claims, kind)

    def _checked(self, claims: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        texts = all(isinstance(claims[name], str) for name in ("sub", "sid", "jti", "org", "role"))
        times = all(isinstance(claims[name], int) for name in ("exp", "iat"))
        if not texts or not times or claims["type"] != kind or claims["exp"] <= self._now().timestamp():
            raise InvalidToken
        return claims


# A session's requests bring one token for a quarter of an hour. What its bytes say under a key cannot change, so it is
# found out once; whether the key still counts, and the time, are asked at every request. Refusals are not kept.
@lru_cache(maxsize=512)
def _kid(token: str) -> Any:
    return jwt.get_unverified_header(token).get("kid")


@lru_cache(maxsize=512)
def _verified(token: str, secret: bytes) -> Mapping[str, Any]:
    claims = jwt.decode(
        token,
        secret,
        algorithms=[_ALGORITHM],
        audience=_AUDIENCE,
        issuer=_ISSUER,
        # The clock is ours (the local stage can shift it), so the two times are checked by `_checked`.
        options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    return MappingProxyType(claims)
