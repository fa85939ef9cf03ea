"""Signs the tokens of public links and opens them again."""

import json
from collections.abc import Callable
from datetime import datetime

from groundswell.kernel.sealed import read_sealed, seal
from groundswell.kernel.signing import KeySource
from groundswell.links.model import Claims, Link, LinkExpired, LinkUnknown

_VERSION = 1
_encode = json.JSONEncoder(separators=(",", ":")).encode


class LinkService:
    """A token is good for one purpose only, such as `unsubscribe`. What it says is signed, not hidden: whoever has it
    can read its claims. That it may be used once only is for its feature to keep."""

    def __init__(self, keys: KeySource, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def sign(self, client_id: str, purpose: str, claims: Claims, expires: datetime | None = None) -> str:
        """A token for a URL's path: letters, digits, `-` and `_`. `expires` is exact to the second; None is never."""
        key = self._keys().current
        until = int(expires.timestamp()) if expires else None
        body = _encode([_VERSION, key.kid, client_id, until, dict(claims)]).encode()
        return seal(body, key.secret, _domain(purpose))

    def open(self, purpose: str, token: str) -> Link:
        """Raises LinkUnknown for what was not signed for this purpose, LinkExpired after its time."""
        try:
            sealed = read_sealed(token)
            version, kid, client_id, until, claims = json.loads(sealed.body)
            key = self._keys(kid).find(kid)
        except (ValueError, TypeError) as error:
            raise LinkUnknown from error
        if key is None or version != _VERSION or not sealed.genuine(key.secret, _domain(purpose)):
            raise LinkUnknown
        if until is not None and until <= self._now().timestamp():
            raise LinkExpired
        return Link(client_id, claims)


def _domain(purpose: str) -> bytes:
    return b"link:" + purpose.encode()
