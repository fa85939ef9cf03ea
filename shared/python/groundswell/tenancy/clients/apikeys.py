"""What can be done with a client's API keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.keys import spell
from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, require_version
from groundswell.kernel.ids import can_be_id, hash_secret
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.clients.model import (
    IN_OVERLAP_AT_MOST,
    KEYS_AT_MOST,
    ROTATION_OVERLAP_AT_MOST,
    ApiKey,
    KeyClosed,
    KeyNotFound,
    KeyStatus,
    NewKey,
    Scope,
    TooManyKeys,
)

DEFAULT_SCOPES = frozenset({Scope.EVENTS_WRITE})


@dataclass(frozen=True)
class KeyRequest:
    """`calls_per_minute` None means: as many as the API takes."""

    name: str
    scopes: frozenset[Scope] = DEFAULT_SCOPES
    valid_until: datetime | None = None
    calls_per_minute: int | None = None


class KeyStore(Protocol):
    def keys(self, client_id: str) -> tuple[ApiKey, ...]: ...

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        """In the order of creation."""

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None: ...

    def save_keys(self, *keys: ApiKey, entry: Entry) -> tuple[ApiKey, ...]:
        """All or none, as they are stored now. Raises KeyClosed if someone else changed one first."""


class Promises(Protocol):
    def withdraw(self, by: str, actor: str) -> None:
        """What a key (`key:<public id>`) has promised and may not promise any more."""


class KeyService:
    """`new_secret(size)` gives that many random bytes as text."""

    def __init__(
        self,
        store: KeyStore,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[int], str],
        promises: Promises,
    ) -> None:
        self._store = store
        self._promises = promises
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def page(self, acting: ClientContext, limit: int, position: Position | None) -> Page[ApiKey]:
        """Revoked ones included: what was, and until when, is part of the answer."""
        return self._store.keys_page(acting.client_id, limit, position)

    def get(self, acting: ClientContext, public_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        key = self._store.find_key(acting.client_id, public_id) if can_be_id(public_id) else None
        if key is None:
            raise KeyNotFound
        return key

    def create(
        self,
        acting: ClientContext,
        name: str,
        scopes: frozenset[Scope],
        valid_until: datetime | None,
        calls_per_minute: int | None = None,
    ) -> NewKey:
        """`calls_per_minute` None means: as many as the API takes. Raises TooManyKeys, Invalid."""
        now = self._now()
        if valid_until is not None and valid_until <= now:
            raise Invalid.on("expires_at", "lies in the past", "past")
        keys = self._with_room(acting, KEYS_AT_MOST)
        # A new key is no way around a quota that is used up.
        blocked = max((key.blocked_until or 0 for key in keys), default=0)
        wanted = KeyRequest(name, scopes, valid_until, calls_per_minute)
        new = self.make(acting, wanted, blocked or None)
        (kept,) = self._store.save_keys(new.key, entry=_audit_entry(acting, new.key, "api_key.created"))
        return replace(new, key=kept)

    def update(self, acting: ClientContext, public_id: str, changes: dict[str, Any], expected: int | None) -> ApiKey:
        """Its name and limit. Raises KeyNotFound, KeyClosed, PreconditionFailed."""
        key = self.get(acting, public_id)
        require_version(expected, key.version)
        if key.status is KeyStatus.REVOKED:
            raise KeyClosed
        changed = replace(key, **changes)
        if changed != key:
            entry = _audit_entry(acting, key, "api_key.updated", fields=", ".join(sorted(changes)))
            try:
                self._store.save_keys(changed, entry=entry)
            except KeyClosed:  # somebody else was quicker: what that means depends on what they did
                return self.update(acting, public_id, changes, expected)
        return self.get(acting, public_id)

    def rotate(self, acting: ClientContext, public_id: str, overlap: timedelta) -> NewKey:
        """A new key of the same name, scopes and limit; the old one goes on for `overlap`, so nobody is cut off."""
        if not timedelta(0) <= overlap <= ROTATION_OVERLAP_AT_MOST:
            raise Invalid.on("overlap_seconds", f"0 to {int(ROTATION_OVERLAP_AT_MOST.total_seconds())}", "range")
        old = self.get(acting, public_id)
        now = self._now()
        if not old.usable(now) or old.rotated_to:
            raise KeyClosed
        self._with_room(acting, KEYS_AT_MOST + IN_OVERLAP_AT_MOST)
        new = self.make(acting, KeyRequest(old.name, old.scopes, None, old.calls_per_minute), old.blocked_until)
        ends = int((now + overlap).timestamp())
        rotated = old.rotated(new.key.public_id, min(ends, old.valid_until or ends))
        entry = _audit_entry(acting, old, "api_key.rotated", successor=new.key.public_id)
        kept, _ = self._store.save_keys(new.key, rotated, entry=entry)
        return replace(new, key=kept)

    def revoke(self, acting: ClientContext, public_id: str) -> None:
        """At once. Revoking a revoked key changes nothing."""
        key = self.get(acting, public_id)
        if key.status is not KeyStatus.REVOKED:
            self._store.save_keys(key.revoked(), entry=_audit_entry(acting, key, "api_key.revoked"))
        self._promises.withdraw(f"key:{key.public_id}", acting.actor_id)

    def make(self, acting: ClientContext, wanted: KeyRequest, blocked_until: int | None = None) -> NewKey:
        """A key that nobody has kept yet."""
        public_id = self._new_id().replace("-", "")
        secret = self._new_secret(32)
        key = ApiKey(
            public_id=public_id,
            client_id=acting.client_id,
            org_id=acting.org_id,
            name=wanted.name,
            secret_hash=hash_secret(secret),
            last4=secret[-4:],
            scopes=wanted.scopes,
            status=KeyStatus.ACTIVE,
            created_by=acting.actor_id,
            created_at=self._now(),
            valid_until=int(wanted.valid_until.timestamp()) if wanted.valid_until else None,
            calls_per_minute=wanted.calls_per_minute,
            blocked_until=blocked_until,
        )
        return NewKey(key, spell(public_id, secret))

    def _with_room(self, acting: ClientContext, at_most: int) -> tuple[ApiKey, ...]:
        """The client's keys. Raises TooManyKeys."""
        now, keys = self._now(), self._store.keys(acting.client_id)
        if sum(key.usable(now) for key in keys) >= at_most:
            raise TooManyKeys
        return keys


def _audit_entry(acting: ClientContext, key: ApiKey, action: str, **details: str) -> Entry:
    details |= {"client_id": acting.client_id, "name": key.name}
    return Entry(acting.org_id, action, acting.actor_id, f"api_key:{key.public_id}", details)
