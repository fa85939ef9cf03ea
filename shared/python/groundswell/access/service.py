"""Turns a token into a caller, and a caller into one acting for a client. Cached, so that warm requests cost no call.

A revocation (logout, role change, disabled user, deleted client) is felt when the cache expires, at once without one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.access.keys import matches, parse
from groundswell.access.model import (
    USE_NOTED_EVERY,
    ActiveClient,
    Caller,
    ClientContext,
    ClientNotFound,
    InvalidKey,
    InvalidToken,
    KeyGrant,
    MissingScope,
    OrganizationNotFound,
    OrgContext,
)
from groundswell.kernel.ids import can_be_id

_CACHED_AT_MOST = 1000


@dataclass(frozen=True)
class AccessClaims:
    """What a genuine, unexpired access token says."""

    user_id: str
    session_id: str


class Tokens(Protocol):
    def read_access(self, token: str) -> AccessClaims:
        """Raises InvalidToken."""


class AccessStore(Protocol):
    def caller(self, user_id: str, session_id: str) -> Caller | None:
        """None when the session has ended or the user is disabled."""

    def active_client(self, client_id: str) -> ActiveClient | None:
        """None for a client that is deleted, or was never there."""

    def has_organization(self, org_id: str) -> bool: ...

    def lists_origin(self, origin: str, client_id: str | None) -> bool:
        """Whether browsers may call from there for that client; without one, for any."""

    def grant(self, public_id: str) -> KeyGrant | None:
        """What an API key opens, whatever its state."""

    def note_use(self, public_id: str, at: int) -> bool:
        """At that time (epoch seconds), unless somebody noted a use within the hour before. False if the store had too
        much to do: then the next use is soon enough."""


class AccessService:
    def __init__(self, store: AccessStore, tokens: Tokens, now: Callable[[], datetime], cached_for: timedelta) -> None:
        self._store = store
        self._tokens = tokens
        self._now = now
        self._noted: dict[str, int] = {}
        self._callers = _Cache[tuple[str, str], Caller](lambda key: store.caller(*key), now, cached_for)
        self._grants = _Cache[str, KeyGrant](store.grant, now, cached_for)
        self._origins = _Cache[tuple[str, str | None], bool](
            lambda key: store.lists_origin(*key) or None, now, cached_for
        )
        self._clients = _Cache[str, ActiveClient](store.active_client, now, cached_for)

    def identify(self, token: str) -> Caller:
        """Raises InvalidToken for a token that is not genuine or no longer good."""
        claims = self._tokens.read_access(token)
        caller = self._callers.get((claims.user_id, claims.session_id))
        if caller is None:
            raise InvalidToken
        return caller

    def act(self, caller: Caller, named: str | None) -> ClientContext:
        """For the named client, or the only one. Raises ClientRequired, ClientNotFound (missing, or not theirs)."""
        client_id = caller.the_client(named)
        client = self._clients.get(client_id) if can_be_id(client_id) else None
        role = caller.role_in(client_id, client.org_id) if client else None
        if client is None or role is None:
            raise ClientNotFound
        return ClientContext(client_id, client.org_id, caller.user_id, role, caller.scopes, client.timezone)

    def active(self, client_id: str) -> ActiveClient:
        """For whoever is nobody's caller. Raises ClientNotFound for a client that is deleted, or was never there."""
        client = self._clients.get(client_id) if can_be_id(client_id) else None
        if client is None:
            raise ClientNotFound
        return client

    def govern(self, caller: Caller, named: str | None) -> OrgContext:
        """The own organization, or the one an operator names. Raises Forbidden, OrganizationNotFound."""
        governing = caller.govern(named)
        org_id = governing.org_id
        if org_id != caller.org_id and not (can_be_id(org_id) and self._store.has_organization(org_id)):
            raise OrganizationNotFound
        return governing

    def lets(self, origin: str, client_id: str | None) -> bool:
        """Whether a browser may call from that origin for that client; without one, whether for any."""
        return bool(self._origins.get((origin, client_id)))

    def open_key(self, text: str) -> KeyGrant:
        """What a key opens. Raises InvalidKey for one that is malformed, unknown, revoked or past its time."""
        parts = parse(text)
        grant = self._grants.get(parts.public_id) if parts else None
        # Hash even for an unknown key, so that its answer takes as long.
        genuine = matches(parts.secret if parts else text, grant.secret_hash if grant else "")
        if grant is None or not genuine or not grant.usable(self._now()):
            raise InvalidKey
        return grant

    def open_for(self, text: str, scope: str) -> KeyGrant:
        """What a key with that scope opens. Raises InvalidKey, MissingScope."""
        grant = self.open_key(text)
        if scope not in grant.scopes:
            raise MissingScope(scope)
        return grant

    def used(self, grant: KeyGrant) -> None:
        """Remember when the key was last used, true to the hour: one write a key and hour."""
        now = int(self._now().timestamp())
        if now - max(grant.last_used_at or 0, self._noted.get(grant.public_id, 0)) >= USE_NOTED_EVERY:
            if len(self._noted) >= _CACHED_AT_MOST:
                self._noted.clear()
            if self._store.note_use(grant.public_id, now):
                self._noted[grant.public_id] = now


class _Cache[K, V]:
    """What was found, for a while. Nothing is remembered about what was not found."""

    def __init__(self, read: Callable[[K], V | None], now: Callable[[], datetime], kept_for: timedelta) -> None:
        self._read = read
        self._now = now
        self._kept_for = kept_for
        self._found: dict[K, tuple[V, datetime]] = {}

    def get(self, key: K) -> V | None:
        hit = self._found.get(key)
        now = self._now()
        if hit and now < hit[1]:
            return hit[0]
        self._found.pop(key, None)
        value = self._read(key)
        if value is not None and self._kept_for:
            if len(self._found) >= _CACHED_AT_MOST:
                self._found.clear()
            self._found[key] = (value, now + self._kept_for)
        return value
