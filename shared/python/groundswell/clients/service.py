"""What can be done with clients and their keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import Acting, Caller, ClientNotFound, Role
from groundswell.audit.model import Entry
from groundswell.clients.keys import spell
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
from groundswell.kernel.ids import can_be_id, hash_secret
from groundswell.kernel.page import Page, Position

type Changes = dict[str, Any]
DEFAULT_SCOPES = frozenset({Scope.EVENTS_WRITE})


@dataclass(frozen=True)
class _KeyRequest:
    name: str
    scopes: frozenset[Scope] = DEFAULT_SCOPES
    valid_until: datetime | None = None
    calls_per_minute: int | None = None


class ClientStore(Protocol):
    def find(self, client_id: str) -> Client | None: ...

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        """Those that exist, in any order. At most 100 ids."""

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        """In the order of creation, without deleted ones."""

    def deleted(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        """Those that wait for their purge, in the order of creation."""

    def add(self, client: Client, membership: Membership, key: ApiKey | None, entry: Entry) -> Client: ...

    def save(self, before: Client, client: Client, entry: Entry) -> Client:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> None:
        """Save the deleted client and its suspended keys, and have it purged when its time comes, together."""

    def restore(self, deleted: Client, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> Client:
        """Undo `remove`. Raises PreconditionFailed if someone else wrote first."""

    def keys(self, client_id: str) -> tuple[ApiKey, ...]: ...

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        """In the order of creation."""

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None: ...

    def save_keys(self, *keys: ApiKey, entry: Entry) -> tuple[ApiKey, ...]:
        """All or none, as they are stored now. Raises KeyClosed if someone else changed one first."""


class Seats(Protocol):
    def need_client(self, org_id: str) -> None:
        """Raises SeatsTaken when the organization may have no more clients."""


class ClientService:
    """`new_secret(size)` gives that many random bytes as text."""

    def __init__(
        self,
        store: ClientStore,
        seats: Seats,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[int], str],
    ) -> None:
        self._store = store
        self._seats = seats
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def list(self, caller: Caller, limit: int, position: Position | None) -> Page[Client]:
        """The clients the caller can see, oldest first; an org admin's own ones before those of others."""
        if not caller.administers_org:
            return self._granted(frozenset(caller.roles), limit, position, "id")
        if position and "guest" in position:
            return self._granted(caller.guest_in, limit, position, "guest")
        page = self._store.of_org(caller.org_id, limit, position)
        return page if page.next or not caller.guest_in else Page(page.items, {"guest": ""})

    def _granted(self, client_ids: frozenset[str], limit: int, position: Position | None, name: str) -> Page[Client]:
        after = str(position[name]) if position else ""
        ids = sorted(client_id for client_id in client_ids if client_id > after)
        found = {each.id: each for each in self._store.find_many(tuple(ids[:limit]))}
        living = tuple(found[id_] for id_ in ids[:limit] if id_ in found and found[id_].status is ClientStatus.ACTIVE)
        return Page(living, {name: ids[limit - 1]} if len(ids) > limit else None)

    def deleted(self, caller: Caller, limit: int, position: Position | None) -> Page[Client]:
        """The organization's clients that can still be restored. For an org admin."""
        if not caller.administers_org:
            raise Forbidden("Only an admin of the organization sees its deleted clients")
        return self._store.deleted(caller.org_id, limit, position)

    def get(self, acting: Acting) -> Client:
        client = self._store.find(acting.client_id)
        if client is None or client.status is not ClientStatus.ACTIVE:
            raise ClientNotFound
        return client

    def create(self, caller: Caller, values: Changes) -> Client:
        """For an org admin. The creator becomes its owner. Raises Forbidden, SeatsTaken."""
        client, membership = self._new(caller, values)
        return self._store.add(client, membership, None, _said(caller.user_id, client, "client.created"))

    def create_with_key(self, caller: Caller, values: Changes) -> tuple[Client, NewKey]:
        """The same, with a first key for events, shown this once."""
        client, membership = self._new(caller, values)
        new = self._new_key(Acting(client.id, client.org_id, caller.user_id, Role.OWNER), _KeyRequest("Default"))
        entry = _said(caller.user_id, client, "client.created", api_key=new.key.public_id)
        return self._store.add(client, membership, new.key, entry), new

    def update(self, acting: Acting, changes: Changes, expected: int | None) -> Client:
        client = self.get(acting)
        if expected is not None and expected != client.version:
            raise PreconditionFailed
        changed = replace(client, **changes)
        if changed == client:
            return client
        entry = _said(acting.by, client, "client.updated", fields=", ".join(sorted(changes)))
        return self._store.save(client, replace(changed, updated_at=self._now()), entry)

    def delete(self, acting: Acting) -> None:
        """Soft: its keys stop, its data waits for the purge. Deleting a deleted client is not found."""
        now = self._now()
        keys = tuple(each.suspended() for each in self._store.keys(acting.client_id) if each.usable(now))
        client = self.get(acting).deleted(now)
        self._store.remove(client, keys, _said(acting.by, client, "client.deleted"))

    def restore(self, caller: Caller, client_id: str) -> Client:
        """With the keys that stopped when it was deleted. Restoring a client that is there changes nothing.

        Raises ClientNotFound, Forbidden, ClientGone, SeatsTaken.
        """
        client = self._store.find(client_id)
        role = caller.role_in(client_id, client.org_id) if client else None
        if client is None or role is None:
            raise ClientNotFound
        acting = Acting(client_id, client.org_id, caller.user_id, role)
        acting.need(Role.ADMIN)
        if client.status is ClientStatus.ACTIVE:
            return client
        self._seats.need_client(client.org_id)
        keys = tuple(each for each in self._store.keys(client_id) if each.status is KeyStatus.SUSPENDED)
        restored, resumed = client.restored(self._now()), tuple(each.resumed() for each in keys)
        return self._store.restore(client, restored, resumed, _said(acting.by, client, "client.restored"))

    def keys(self, acting: Acting, limit: int, position: Position | None) -> Page[ApiKey]:
        """Revoked ones included: what was, and until when, is part of the answer."""
        return self._store.keys_page(acting.client_id, limit, position)

    def create_key(
        self,
        acting: Acting,
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
        blocked = max((each.blocked_until or 0 for each in keys), default=0)
        wanted = _KeyRequest(name, scopes, valid_until, calls_per_minute)
        new = self._new_key(acting, wanted, blocked or None)
        (kept,) = self._store.save_keys(new.key, entry=_told(acting, new.key, "api_key.created"))
        return replace(new, key=kept)

    def update_key(self, acting: Acting, public_id: str, changes: Changes, expected: int | None) -> ApiKey:
        """Its name and limit. Raises KeyNotFound, KeyClosed, PreconditionFailed."""
        key = self._key(acting, public_id)
        if expected is not None and expected != key.version:
            raise PreconditionFailed
        if key.status is KeyStatus.REVOKED:
            raise KeyClosed
        changed = replace(key, **changes)
        if changed != key:
            entry = _told(acting, key, "api_key.updated", fields=", ".join(sorted(changes)))
            self._store.save_keys(changed, entry=entry)
        return self._key(acting, public_id)

    def rotate_key(self, acting: Acting, public_id: str, overlap: timedelta) -> NewKey:
        """A new key of the same name, scopes and limit; the old one goes on for `overlap`, so nobody is cut off."""
        if not timedelta(0) <= overlap <= ROTATION_OVERLAP_AT_MOST:
            raise Invalid.on("overlap_seconds", f"0 to {int(ROTATION_OVERLAP_AT_MOST.total_seconds())}", "range")
        old = self._key(acting, public_id)
        now = self._now()
        if not old.usable(now) or old.rotated_to:
            raise KeyClosed
        self._with_room(acting, KEYS_AT_MOST + IN_OVERLAP_AT_MOST)
        new = self._new_key(acting, _KeyRequest(old.name, old.scopes, None, old.calls_per_minute), old.blocked_until)
        ends = int((now + overlap).timestamp())
        rotated = old.rotated(new.key.public_id, min(ends, old.valid_until or ends))
        entry = _told(acting, old, "api_key.rotated", successor=new.key.public_id)
        kept, _ = self._store.save_keys(new.key, rotated, entry=entry)
        return replace(new, key=kept)

    def revoke_key(self, acting: Acting, public_id: str) -> None:
        """At once. Revoking a revoked key changes nothing."""
        key = self._key(acting, public_id)
        if key.status is not KeyStatus.REVOKED:
            self._store.save_keys(key.revoked(), entry=_told(acting, key, "api_key.revoked"))

    def _with_room(self, acting: Acting, at_most: int) -> tuple[ApiKey, ...]:
        """The client's keys. Raises TooManyKeys."""
        now, keys = self._now(), self._store.keys(acting.client_id)
        if sum(each.usable(now) for each in keys) >= at_most:
            raise TooManyKeys
        return keys

    def _key(self, acting: Acting, public_id: str) -> ApiKey:
        key = self._store.find_key(acting.client_id, public_id) if can_be_id(public_id) else None
        if key is None:
            raise KeyNotFound
        return key

    def _new(self, caller: Caller, values: Changes) -> tuple[Client, Membership]:
        if not caller.administers_org:
            raise Forbidden("Only an admin of the organization creates clients")
        self._seats.need_client(caller.org_id)
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

    def _new_key(self, acting: Acting, wanted: _KeyRequest, blocked_until: int | None = None) -> NewKey:
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
            created_by=acting.by,
            created_at=self._now(),
            valid_until=int(wanted.valid_until.timestamp()) if wanted.valid_until else None,
            calls_per_minute=wanted.calls_per_minute,
            blocked_until=blocked_until,
        )
        return NewKey(key, spell(public_id, secret))


def _said(by: str, client: Client, action: str, **details: str) -> Entry:
    return Entry(client.org_id, action, by, f"client:{client.id}", details)


def _told(acting: Acting, key: ApiKey, action: str, **details: str) -> Entry:
    details |= {"client_id": acting.client_id, "name": key.name}
    return Entry(acting.org_id, action, acting.by, f"api_key:{key.public_id}", details)
