"""Which client an API key posts for, as presented in any of the ways SDKs do."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.access.keys import KeyParts, matches, parse
from groundswell.access.model import USE_NOTED_EVERY, InvalidKey, KeyGrant, MissingScope
from groundswell.kernel.ids import hash_secret

SCOPE = "events:write"
_CACHED_AT_MOST = 1000


class Keys(Protocol):
    def presented(self, public_id: str, secret_hash: str, at: int) -> KeyGrant | None:
        """The key, whatever its secret. Its use may have been noted on the way, if the hash is its secret's."""
        ...

    def note_use(self, public_id: str, at: int) -> bool:
        """False if the store had too much to do."""
        ...


class Keyring:
    """Remembers a key for `cached_for`, so that a revocation is felt within that time."""

    def __init__(self, keys: Keys, now: Callable[[], datetime], cached_for: timedelta) -> None:
        self._keys = keys
        self._now = now
        self._cached_for = cached_for
        self._known: dict[str, tuple[KeyGrant, datetime]] = {}

    def client_of(self, key: str | None) -> str:
        """Raises InvalidKey, MissingScope, QuotaExceeded."""
        parts = parse(key) if key else None
        grant = self._grant(parts) if parts else None
        if parts is None or grant is None or not matches(parts.secret, grant.secret_hash):
            raise InvalidKey
        if not grant.usable(self._now()):
            raise InvalidKey
        if SCOPE not in grant.scopes:
            raise MissingScope(SCOPE)
        grant.need_events_left(self._now())
        self._note_use(grant)
        return grant.client_id

    def _note_use(self, grant: KeyGrant) -> None:
        """Once an hour, or at the next use if it cannot be now. No event is lost over it."""
        now = int(self._now().timestamp())
        if now - (grant.last_used_at or 0) < USE_NOTED_EVERY:
            return
        with suppress(BotoCoreError, ClientError):
            known = self._known.get(grant.public_id)
            if self._keys.note_use(grant.public_id, now) and known:
                self._known[grant.public_id] = (replace(grant, last_used_at=now), known[1])

    def _grant(self, parts: KeyParts) -> KeyGrant | None:
        known = self._known.get(parts.public_id)
        if known and self._now() < known[1]:
            return known[0]
        grant = self._keys.presented(parts.public_id, hash_secret(parts.secret), int(self._now().timestamp()))
        if grant is not None and self._cached_for:
            if len(self._known) >= _CACHED_AT_MOST:
                self._known.clear()
            self._known[parts.public_id] = (grant, self._now() + self._cached_for)
        return grant


def presented(headers: Mapping[str, str]) -> str | None:
    """`X-API-Key`, a bearer token, or the user name of Basic. None when there is none of them."""
    if headers.get("x-api-key"):
        return headers["x-api-key"].strip()
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(credentials).decode().partition(":")[0]
    except (Base64Error, UnicodeDecodeError):
        return ""
