"""Cursors: where a list goes on, sealed so that nobody can point one at another tenant, route or filter."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Position
from groundswell.kernel.signing import KeySource

_VERSION = 1
_LIFETIME_SECONDS = 24 * 3600
_SEAL = 16
_encode = json.JSONEncoder(separators=(",", ":")).encode  # `json.dumps` makes one a call


@dataclass(frozen=True)
class Scope:
    """What a cursor is good for. `filters` are the query's parameters, without `cursor` and `limit`."""

    tenant: str
    operation: str
    filters: Mapping[str, str]

    @property
    def digest(self) -> str:
        text = _encode([self.tenant, self.operation, sorted(self.filters.items())])
        return sha256(text.encode()).hexdigest()[:24]


class Cursors:
    """Seals and opens cursors with the signing keys; a rotated key still opens what it sealed."""

    def __init__(self, keys: KeySource, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def seal(self, position: Position, scope: Scope) -> str:
        expires = int(self._now().timestamp()) + _LIFETIME_SECONDS
        keys = self._keys()
        body = _encode([_VERSION, keys.current.kid, scope.digest, expires, position]).encode()
        return urlsafe_b64encode(self._mac(keys.current.secret, body) + body).rstrip(b"=").decode()

    def open(self, cursor: str, scope: Scope) -> Position:
        """Raises Invalid (`cursor`) for one that is tampered with, expired, or of another tenant, route or filter."""
        try:
            sealed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            mac, body = sealed[:_SEAL], sealed[_SEAL:]
            version, kid, digest, expires, position = json.loads(body)
            key = self._keys(kid).find(kid)
        except (Base64Error, ValueError, TypeError) as error:
            raise _refused() from error
        genuine = key is not None and hmac.compare_digest(mac, self._mac(key.secret, body))
        # Base64 has spare bits in its last character: only the one spelling we gave out is accepted.
        genuine = genuine and urlsafe_b64encode(sealed).rstrip(b"=").decode() == cursor
        if not genuine or version != _VERSION or digest != scope.digest or expires < self._now().timestamp():
            raise _refused()
        return dict(position)

    @staticmethod
    def _mac(secret: bytes, body: bytes) -> bytes:
        return hmac.digest(secret, b"cursor\0" + body, sha256)[:_SEAL]


def _refused() -> Invalid:
    return Invalid.on("cursor", "not a cursor of this list: start again without it", "cursor")
