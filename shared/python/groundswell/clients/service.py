"""What can be done with clients and their keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import Acting, Caller, ClientNotFound, Role
from groundswell.clients.keys import hash_secret, spell
from groundswell.clients.model import (
    IN_OVERLAP_AT_MOST,
    KEYS_AT_MOST,
    ROTATION_OVERLAP_AT_MOST,
    ApiKey,
    Client,
    ClientStatus,
    KeyClosed,
    KeyNotFound,
    KeyStatus,
    Membership,
    NewKey,
    Scope,
    TooManyKeys,
)
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position

type Changes = dict[str, Any]


class ClientStore(Protocol):
    def find(self, client_id: str) -> Client | None: ...

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        """Those that exist, in any order. At most 100 ids."""

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        """In the order of creation, without deleted ones."""

    def add(self, client: Client, membership: Membership, key: ApiKey | None) -> Client: ...

    def save(self, client: Client) -> Client:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, client: Client, keys: tuple[ApiKey, ...]) -> None:
        """Save the deleted client and its suspended keys, together."""

    def keys(self, client_id: str) -> tuple[ApiKey, ...]: ...

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        """In the order of creation."""

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None: ...

    def save_keys(self, *keys: ApiKey) -> None:
        """All or none. Raises KeyClosed if someone else changed one first."""


class ClientService:
    """`new_secret(size)` gives that many random bytes as text."""

    def __init__(
        self,
        store: ClientStore,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[int], str],
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def list(self, caller: Caller, limit: int, position: Position | None) -> Page[Client]:
        """The clients the caller can see, oldest first."""
        if caller.administers_org:
            return self._store.of_org(caller.org_id, limit, position)
        after = str(position["id"]) if position else ""
        ids = sorted(client_id for client_id in caller.roles if client_id > after)
        found = {each.id: each for each in self._store.find_many(tuple(ids[:limit]))}
        living = tuple(found[id_] for id_ in ids[:limit] if id_ in found and found[id_].status is ClientStatus.ACTIVE)
        return Page(living, {"id": ids[limit - 1]} if len(ids) > limit else None)

    def get(self, acting: Acting) -> Client:
        client = self._store.find(acting.client_id)
        if client is None or client.status is not ClientStatus.ACTIVE:
            raise ClientNotFound
        return client

    def create(self, caller: Caller, values: Changes) -> Client:
        """For an org admin. The creator becomes its owner."""
        client, membership = self._new(caller, values)
        return self._store.add(client, membership, None)

    def create_with_key(self, caller: Caller, values: Changes) -> tuple[Client, NewKey]:
        """The same, with a first key for events, shown this once."""
        client, membership = self._new(caller, values)
        new = self._new_key(Acting(client.id, client.org_id, caller.user_id, Role.OWNER), "Default", DEFAULT_SCOPES)
        return self._store.add(client, membership, new.key), new

    def update(self, acting: Acting, changes: Changes, expected: int | None) -> Client:
        client = self.get(acting)
        if expected is not None and expected != client.version:
            raise PreconditionFailed
        changed = replace(client, **changes)
        return client if changed == client else self._store.save(replace(changed, updated_at=self._now()))

    def delete(self, acting: Acting) -> None:
        """Soft: its keys stop, its data waits for the purge. Deleting a deleted client is not found."""
        now = self._now()
        keys = tuple(each.suspended() for each in self._store.keys(acting.client_id) if each.usable(now))
        self._store.remove(self.get(acting).deleted(now), keys)

    def keys(self, acting: Acting, limit: int, position: Position | None) -> Page[ApiKey]:
        """Revoked ones included: what was, and until when, is part of the answer."""
        return self._store.keys_page(acting.client_id, limit, position)

    def create_key(self, acting: Acting, name: str, scopes: frozenset[Scope], valid_until: datetime | None) -> NewKey:
        now = self._now()
        if valid_until is not None and valid_until <= now:
            raise Invalid.on("expires_at", "lies in the past", "past")
        self._need_room(acting, KEYS_AT_MOST)
        new = self._new_key(acting, name, scopes, valid_until)
        self._store.save_keys(new.key)
        return new

    def rotate_key(self, acting: Acting, public_id: str, overlap: timedelta) -> NewKey:
        """A new key of the same name and scopes; the old one goes on for `overlap`, so that nobody is cut off."""
        if not timedelta(0) <= overlap <= ROTATION_OVERLAP_AT_MOST:
            raise Invalid.on("overlap_seconds", f"0 to {int(ROTATION_OVERLAP_AT_MOST.total_seconds())}", "range")
        old = self._key(acting, public_id)
        now = self._now()
        if not old.usable(now) or old.rotated_to:
            raise KeyClosed
        self._need_room(acting, KEYS_AT_MOST + IN_OVERLAP_AT_MOST)
        new = self._new_key(acting, old.name, old.scopes)
        ends = int((now + overlap).timestamp())
        self._store.save_keys(new.key, old.rotated(new.key.public_id, min(ends, old.valid_until or ends)))
        return new

    def revoke_key(self, acting: Acting, public_id: str) -> None:
        """At once. Revoking a revoked key changes nothing."""
        key = self._key(acting, public_id)
        if key.status is not KeyStatus.REVOKED:
            self._store.save_keys(key.revoked())

    def _need_room(self, acting: Acting, at_most: int) -> None:
        now = self._now()
        if sum(each.usable(now) for each in self._store.keys(acting.client_id)) >= at_most:
            raise TooManyKeys

    def _key(self, acting: Acting, public_id: str) -> ApiKey:
        key = self._store.find_key(acting.client_id, public_id) if can_be_id(public_id) else None
        if key is None:
            raise KeyNotFound
        return key

    def _new(self, caller: Caller, values: Changes) -> tuple[Client, Membership]:
        if not caller.administers_org:
            raise Forbidden("Only an admin of the organization creates clients")
        now = self._now()
        client = Client(
            id=self._new_id(),
            org_id=caller.org_id,
            status=ClientStatus.ACTIVE,
            created_by=caller.user_id,
            created_at=now,
            updated_at=now,
            **values,
        )
        return client, Membership(caller.user_id, client.id, caller.org_id, Role.OWNER, now)

    def _new_key(
        self, acting: Acting, name: str, scopes: frozenset[Scope], valid_until: datetime | None = None
    ) -> NewKey:
        public_id = self._new_id().replace("-", "")
        secret = self._new_secret(32)
        key = ApiKey(
            public_id=public_id,
            client_id=acting.client_id,
            org_id=acting.org_id,
            name=name,
            secret_hash=hash_secret(secret),
            last4=secret[-4:],
            scopes=scopes,
            status=KeyStatus.ACTIVE,
            created_by=acting.by,
            created_at=self._now(),
            valid_until=int(valid_until.timestamp()) if valid_until else None,
        )
        return NewKey(key, spell(public_id, secret))


DEFAULT_SCOPES = frozenset({Scope.EVENTS_WRITE})
