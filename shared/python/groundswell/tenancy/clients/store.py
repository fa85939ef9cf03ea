"""Clients and keys in DynamoDB."""

from collections.abc import Iterator
from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import Change, delete, put, write
from groundswell.tenancy.clients.adapter_arrivals import arrival
from groundswell.tenancy.clients.items import (
    ApiKeyItem,
    ClientItem,
    OrganizationItem,
    client_item,
    key_item,
    membership_item,
    origin_item,
    purge_item,
)
from groundswell.tenancy.clients.model import ApiKey, Client, KeyClosed, Membership
from groundswell.tenancy.clients.organization import Organization, Preferences


class DynamoClientStore:
    def find(self, client_id: str) -> Client | None:
        try:
            return from_item(Client, ClientItem.get(f"CLIENT#{client_id}", "CLIENT", consistent_read=True))
        except ClientItem.DoesNotExist:
            return None

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        items = ClientItem.batch_get([(f"CLIENT#{client_id}", "CLIENT") for client_id in client_ids])
        return tuple(from_item(Client, item) for item in items)

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(f"ORG#{org_id}", limit, position)

    def deleted(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        return self._page(f"ORG#{org_id}#DELETED", limit, position)

    @staticmethod
    def _page(owner: str, limit: int, position: Position | None) -> Page[Client]:
        return list_page(Client, ClientItem, owner, "CLIENT", limit, position)

    def add(self, client: Client, membership: Membership, key: ApiKey | None, entry: Entry) -> Client:
        item = client_item(client)
        keys = [put(key_item(key))] if key else []
        origins = _origins_changed(None, client)
        arrived = arrival(client, entry.actor)
        write([put(item), put(membership_item(membership)), *keys, *origins, arrived, note(entry)])
        return replace(client, version=item.version)

    def save(self, before: Client, client: Client, entry: Entry) -> Client:
        item = client_item(client)
        write([put(item), *_origins_changed(before, client), note(entry)])
        return replace(client, version=item.version)

    def remove(self, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> None:
        write([put(client_item(client)), put(purge_item(client)), *(put(key_item(key)) for key in keys), note(entry)])

    def restore(self, deleted: Client, client: Client, keys: tuple[ApiKey, ...], entry: Entry) -> Client:
        item, waiting = client_item(client), purge_item(deleted)
        waiting.version = 1
        write([put(item), delete(waiting), *(put(key_item(key)) for key in keys), note(entry)])
        return replace(client, version=item.version)

    def keys(self, client_id: str) -> tuple[ApiKey, ...]:
        items = ApiKeyItem.by_gsi1.query(f"CLIENT#{client_id}", ApiKeyItem.gsi1sk.startswith("KEY#"))
        return tuple(from_item(ApiKey, item) for item in items)

    def keys_page(self, client_id: str, limit: int, position: Position | None) -> Page[ApiKey]:
        return list_page(ApiKey, ApiKeyItem, f"CLIENT#{client_id}", "KEY", limit, position)

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None:
        try:
            key = from_item(ApiKey, ApiKeyItem.get(f"KEY#{public_id}", "KEY", consistent_read=True))
        except ApiKeyItem.DoesNotExist:
            return None
        return key if key.client_id == client_id else None

    def home_timezone(self, org_id: str) -> str:
        organization = find(Organization, OrganizationItem, f"ORG#{org_id}", "ORG", consistent=False)
        return organization.preferences.timezone if organization else Preferences().timezone

    def save_keys(self, *keys: ApiKey, entry: Entry) -> tuple[ApiKey, ...]:
        items = [key_item(key) for key in keys]
        write([*(put(item, KeyClosed()) for item in items), note(entry)])
        return tuple(replace(key, version=item.version) for key, item in zip(keys, items, strict=True))


def _origins_changed(before: Client | None, client: Client) -> Iterator[Change]:
    had, has = set(before.allowed_origins if before else ()), set(client.allowed_origins)
    for origin in sorted(has - had):
        yield put(origin_item(origin, client.id))
    for origin in sorted(had - has):
        item = origin_item(origin, client.id)
        item.version = 1
        yield delete(item)
