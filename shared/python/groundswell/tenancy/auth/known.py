"""Devices that an account was signed in from, and how they prove it: by a token that they keep.

After OWASP's "Slow Down Online Guessing Attacks with Device Cookies". A token opens nothing: whoever has it is counted
apart from strangers when they guess. It ends with the password it was given for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt

from groundswell.kernel.signing import KeySource
from groundswell.tenancy.auth.model import Credential

LIFETIME = timedelta(days=90)
_AUDIENCE = "groundswell-device"
_ALGORITHM = "HS256"
_REQUIRED = ["exp", "sub", "did", "pwd", "aud"]


@dataclass(frozen=True)
class KnownDevice:
    """What a genuine token says: for which account and password, and which device."""

    id: str
    user_id: str
    password_digest: str

    @property
    def lane(self) -> str:
        return f"DEVICE#{self.id}"

    def knows(self, credential: Credential | None) -> bool:
        expected = (credential.user_id, _digest(credential)) if credential else None
        return expected == (self.user_id, self.password_digest)


class DeviceTokens:
    """Signs with the current key; verifies with the current and the previous one."""

    def __init__(self, keys: KeySource, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._keys = keys
        self._now = now
        self._new_id = new_id

    def know(self, token: str | None, credential: Credential) -> str:
        """For a device whose user has just proven to own that account; one that was known to it keeps its name."""
        claimed = self.read(token)
        mine = claimed is not None and claimed.user_id == credential.user_id
        return self.issue(claimed.id if claimed and mine else self._new_id(), credential)

    def issue(self, device_id: str, credential: Credential) -> str:
        expires = int((self._now() + LIFETIME).timestamp())
        claims = {"did": device_id, "sub": credential.user_id, "pwd": _digest(credential), "exp": expires}
        key = self._keys().current
        return jwt.encode(claims | {"aud": _AUDIENCE}, key.secret, algorithm=_ALGORITHM, headers={"kid": key.kid})

    def read(self, token: str | None) -> KnownDevice | None:
        """None for what is no good token: its bearer is a stranger, as anybody without one."""
        if not token:
            return None
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys(kid).find(kid)
            claims = _verified(token, key.secret) if key else {}
        except jwt.InvalidTokenError:
            return None
        # The clock is ours: the local stage can shift it.
        if not claims or claims["exp"] <= self._now().timestamp():
            return None
        return KnownDevice(claims["did"], claims["sub"], claims["pwd"])


def _verified(token: str, secret: bytes) -> dict[str, Any]:
    return jwt.decode(
        token,
        secret,
        algorithms=[_ALGORITHM],
        audience=_AUDIENCE,
        options={"require": _REQUIRED, "verify_exp": False},
    )


def _digest(credential: Credential) -> str:
    """Enough to see that the password is still the same; of a salted hash, it tells nothing about it."""
    return sha256(credential.password_hash.encode()).hexdigest()[:16]
