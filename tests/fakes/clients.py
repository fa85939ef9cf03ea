"""Clients and their keys in memory."""

from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.clients.model import ApiKey, Client, ClientStatus, KeyClosed, Membership
from tests.fakes.store import MemoryStore


class FakeClientStore:
    def __init__(self) -> None:
        self._clients = MemoryStore[Client]()
        self._keys = MemoryStore[ApiKey](KeyClosed, "public_id")
        self.clients, self.api_keys = self._clients.rows, self._keys.rows
        self.memberships: list[Membership] = []
        self.log: list[Entry] = []

    def home_timezone(self, org_id: str) -> str:
        return "UTC"

    def find(self, client_id: str) -> Client | None:
        return self._clients.find(client_id)

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        return tuple(self.clients[client_id] for client_id in client_ids if client_id in self.clients)

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(org_id, ClientStatus.ACTIVE, limit, position)

    def deleted(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(org_id, ClientStatus.DELETED, limit, position)

    def _page(self, org_id: str, status: ClientStatus, limit: int, position: Position | None) -> Page[Client]:
        return self._clients.page(limit, position, lambda client: (client.org_id, client.status) == (org_id, status))

    def add(self, client: Client, membership: Membership, key: ApiKey | None, entry: Entry) -> Client:
        self.memberships.append(membership)
        if key:
            self._keys.save(key)
        return self.save(client, client, entry)

    def save(self, before: Client, client: Client, entry: Entry) -> Client:
        saved = self._clients.save(client)
        self.log.append(entry)
        return saved

    def remove(self, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> None:
        self.restore(client, client, keys, entry)

    def restore(self, deleted: Client, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> Client:
        if keys:
            self._keys.save(*keys)
        return self.save(deleted, client, entry)

    def keys(self, client_id: str) -> tuple[ApiKey, ...]:
        return tuple(key for _, key in sorted(self.api_keys.items()) if key.client_id == client_id)

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        return self._keys.page(limit, position, lambda key: key.client_id == client_id)

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None:
        key = self._keys.find(public_id)
        return key if key and key.client_id == client_id else None

    def save_keys(self, *keys: ApiKey, entry: Entry) -> tuple[ApiKey, ...]:
        self._keys.save(*keys)
        self.log.append(entry)
        return tuple(self.api_keys[key.public_id] for key in keys)


class FakeSeats:
    """Room for everybody and everything."""

    def need_seat(self, org_id: str) -> None:
        pass

    def need_client(self, org_id: str) -> None:
        pass
