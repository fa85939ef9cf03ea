"""Clients and their keys in memory."""

from dataclasses import replace

from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.clients.model import ApiKey, Client, ClientStatus, KeyClosed, Membership


class FakeClientStore:
    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.api_keys: dict[str, ApiKey] = {}
        self.memberships: list[Membership] = []
        self.log: list[Entry] = []

    def home_timezone(self, org_id: str) -> str:
        return "UTC"

    def find(self, client_id: str) -> Client | None:
        return self.clients.get(client_id)

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        return tuple(self.clients[each] for each in client_ids if each in self.clients)

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(org_id, ClientStatus.ACTIVE, limit, position)

    def deleted(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(org_id, ClientStatus.DELETED, limit, position)

    def _page(self, org_id: str, status: ClientStatus, limit: int, position: Position | None) -> Page[Client]:
        after = str(position["id"]) if position else ""
        owned = [each for each in self.clients.values() if each.org_id == org_id and each.id > after]
        listed = sorted((each for each in owned if each.status is status), key=lambda each: each.id)
        return Page(tuple(listed[:limit]), {"id": listed[limit - 1].id} if len(listed) > limit else None)

    def add(self, client: Client, membership: Membership, key: ApiKey | None, entry: Entry) -> Client:
        self.memberships.append(membership)
        if key:
            self._save_keys(key)
        return self._save(client, entry)

    def save(self, before: Client, client: Client, entry: Entry) -> Client:
        return self._save(client, entry)

    def _save(self, client: Client, entry: Entry) -> Client:
        stored = self.clients.get(client.id)
        if client.version != (stored.version if stored else 0):
            raise PreconditionFailed
        self.clients[client.id] = replace(client, version=client.version + 1)
        self.log.append(entry)
        return self.clients[client.id]

    def remove(self, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> None:
        self._save_keys(*keys)
        self._save(client, entry)

    def restore(self, deleted: Client, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> Client:
        self._save_keys(*keys)
        return self._save(client, entry)

    def keys(self, client_id: str) -> tuple[ApiKey, ...]:
        return tuple(each for _, each in sorted(self.api_keys.items()) if each.client_id == client_id)

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        after = str(position["id"]) if position else ""
        listed = [each for each in self.keys(client_id) if each.public_id > after]
        return Page(tuple(listed[:limit]), {"id": listed[limit - 1].public_id} if len(listed) > limit else None)

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None:
        key = self.api_keys.get(public_id)
        return key if key and key.client_id == client_id else None

    def save_keys(self, *keys: ApiKey, entry: Entry) -> tuple[ApiKey, ...]:
        self._save_keys(*keys)
        self.log.append(entry)
        return tuple(self.api_keys[key.public_id] for key in keys)

    def _save_keys(self, *keys: ApiKey) -> None:
        for key in keys:
            stored = self.api_keys.get(key.public_id)
            if key.version != (stored.version if stored else 0):
                raise KeyClosed
        self.api_keys |= {key.public_id: replace(key, version=key.version + 1) for key in keys}


class FakeSeats:
    """Room for everybody and everything."""

    def need_seat(self, org_id: str) -> None:
        pass

    def need_client(self, org_id: str) -> None:
        pass
