"""Cursors: where a list goes on, sealed so that nobody can point one at another tenant, route or filter."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Position
from groundswell.kernel.sealed import read_sealed, seal
from groundswell.kernel.signing import KeySource

_VERSION = 1
_LIFETIME_SECONDS = 24 * 3600
_PURPOSE = b"cursor"
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
        key = self._keys().current
        body = _encode([_VERSION, key.kid, scope.digest, expires, position]).encode()
        return seal(body, key.secret, _PURPOSE)

    def open(self, cursor: str, scope: Scope) -> Position:
        """Raises Invalid (`cursor`) for one that is tampered with, expired, or of another tenant, route or filter."""
        try:
            sealed = read_sealed(cursor)
            version, kid, digest, expires, position = json.loads(sealed.body)
            key = self._keys(kid).find(kid)
        except (ValueError, TypeError) as error:
            raise _refused() from error
        genuine = key is not None and sealed.genuine(key.secret, _PURPOSE)
        if not genuine or version != _VERSION or digest != scope.digest or expires < self._now().timestamp():
            raise _refused()
        return dict(position)


def _refused() -> Invalid:
    return Invalid.on("cursor", "not a cursor of this list: start again without it", "cursor")
