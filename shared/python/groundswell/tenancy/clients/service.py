"""What can be done with clients."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import Caller, ClientContext, ClientNotFound, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Forbidden, require_version
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.clients.apikeys import KeyRequest, KeyService
from groundswell.tenancy.clients.model import (
    ApiKey,
    Client,
    ClientStatus,
    KeyStatus,
    Membership,
    NewKey,
)

type Changes = dict[str, Any]


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

    def home_timezone(self, org_id: str) -> str:
        """The organization's preferred one."""


class Seats(Protocol):
    def need_client(self, org_id: str) -> None:
        """Raises SeatsTaken when the organization may have no more clients."""


class ClientService:
    def __init__(
        self,
        store: ClientStore,
        seats: Seats,
        keys: KeyService,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._seats = seats
        self._keys = keys
        self._now = now
        self._new_id = new_id

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
        clients = {client.id: client for client in self._store.find_many(tuple(ids[:limit]))}
        living = tuple(
            clients[id_] for id_ in ids[:limit] if id_ in clients and clients[id_].status is ClientStatus.ACTIVE
        )
        return Page(living, {name: ids[limit - 1]} if len(ids) > limit else None)

    def deleted(self, caller: Caller, limit: int, position: Position | None) -> Page[Client]:
        """The organization's clients that can still be restored. For an org admin."""
        if not caller.administers_org:
            raise Forbidden("Only an admin of the organization sees its deleted clients")
        return self._store.deleted(caller.org_id, limit, position)

    def get(self, acting: ClientContext) -> Client:
        client = self._store.find(acting.client_id)
        if client is None or client.status is not ClientStatus.ACTIVE:
            raise ClientNotFound
        return client

    def create(self, caller: Caller, values: Changes) -> Client:
        """For an org admin. The creator becomes its owner. Raises Forbidden, SeatsTaken."""
        client, membership = self._new(caller, values)
        return self._store.add(client, membership, None, _audit_entry(caller.user_id, client, "client.created"))

    def create_with_key(self, caller: Caller, values: Changes) -> tuple[Client, NewKey]:
        """The same, with a first key for events, shown this once."""
        client, membership = self._new(caller, values)
        new = self._keys.make(
            ClientContext(client.id, client.org_id, caller.user_id, Role.OWNER), KeyRequest("Default")
        )
        entry = _audit_entry(caller.user_id, client, "client.created", api_key=new.key.public_id)
        return self._store.add(client, membership, new.key, entry), new

    def update(self, acting: ClientContext, changes: Changes, expected: int | None) -> Client:
        client = self.get(acting)
        require_version(expected, client.version)
        changed = replace(client, **changes)
        if changed == client:
            return client
        entry = _audit_entry(acting.actor_id, client, "client.updated", fields=", ".join(sorted(changes)))
        return self._store.save(client, replace(changed, updated_at=self._now()), entry)

    def delete(self, acting: ClientContext) -> None:
        """Soft: its keys stop, its data waits for the purge. Deleting a deleted client is not found."""
        now = self._now()
        keys = tuple(key.suspended() for key in self._store.keys(acting.client_id) if key.usable(now))
        client = self.get(acting).deleted(now)
        self._store.remove(client, keys, _audit_entry(acting.actor_id, client, "client.deleted"))

    def restoring(self, caller: Caller, client_id: str) -> ClientContext:
        """An admin of a client, deleted or not. Raises ClientNotFound, Forbidden."""
        client = self._store.find(client_id)
        role = caller.role_in(client_id, client.org_id) if client else None
        if client is None or role is None:
            raise ClientNotFound
        acting = ClientContext(client_id, client.org_id, caller.user_id, role)
        acting.need(Role.ADMIN)
        return acting

    def restore(self, acting: ClientContext) -> Client:
        """With the keys that stopped when it was deleted. Restoring a client that is there changes nothing.

        Raises ClientNotFound, ClientGone, SeatsTaken.
        """
        client = self._store.find(acting.client_id)
        if client is None:
            raise ClientNotFound
        if client.status is ClientStatus.ACTIVE:
            return client
        self._seats.need_client(client.org_id)
        keys = tuple(key for key in self._store.keys(client.id) if key.status is KeyStatus.SUSPENDED)
        restored, resumed = client.restored(self._now()), tuple(key.resumed() for key in keys)
        return self._store.restore(client, restored, resumed, _audit_entry(acting.actor_id, client, "client.restored"))

    def _new(self, caller: Caller, values: Changes) -> tuple[Client, Membership]:
        if not caller.administers_org:
            raise Forbidden("Only an admin of the organization creates clients")
        self._seats.need_client(caller.org_id)
        values = {**values, "timezone": values["timezone"] or self._store.home_timezone(caller.org_id)}
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


def _audit_entry(by: str, client: Client, action: str, **details: str) -> Entry:
    return Entry(client.org_id, action, by, f"client:{client.id}", details)
