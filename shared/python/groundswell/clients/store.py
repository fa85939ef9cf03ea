"""Clients and keys in DynamoDB."""

from dataclasses import replace

from groundswell.clients.items import ApiKeyItem, ClientItem, client_item, key_item, membership_item
from groundswell.clients.model import ApiKey, Client, Membership
from groundswell.kernel.page import Page, Position
from groundswell.storage.core import connect, put, write
from groundswell.storage.mapper import from_item


class DynamoClientStore:
    def find(self, client_id: str) -> Client | None:
        connect()
        try:
            return from_item(Client, ClientItem.get(f"CLIENT#{client_id}", "CLIENT", consistent_read=True))
        except ClientItem.DoesNotExist:
            return None

    def find_many(self, client_ids: tuple[str, ...]) -> tuple[Client, ...]:
        connect()
        items = ClientItem.batch_get([(f"CLIENT#{each}", "CLIENT") for each in client_ids])
        return tuple(from_item(Client, item) for item in items)

    def of_org(self, org_id: str, limit: int, position: Position | None) -> Page[Client]:
        connect()
        after = f"CLIENT#{position['id']}" if position else "CLIENT#"
        # "$" is the next character after "#": the range ends where client ids do.
        between = ClientItem.gsi1sk.between(after + "!" if position else after, "CLIENT$")
        found = list(ClientItem.by_gsi1.query(f"ORG#{org_id}", between, limit=limit + 1, page_size=limit + 1))
        clients = tuple(from_item(Client, item) for item in found[:limit])
        return Page(clients, {"id": clients[-1].id} if len(found) > limit else None)

    def add(self, client: Client, membership: Membership, key: ApiKey | None) -> Client:
        item = client_item(client)
        write([put(item), put(membership_item(membership)), *([put(key_item(key))] if key else [])])
        return replace(client, version=item.version)

    def save(self, client: Client) -> Client:
        item = client_item(client)
        write([put(item)])
        return replace(client, version=item.version)

    def remove(self, client: Client, keys: tuple[ApiKey, ...]) -> None:
        write([put(client_item(client)), *(put(key_item(key)) for key in keys)])

    def keys(self, client_id: str) -> tuple[ApiKey, ...]:
        connect()
        found = ApiKeyItem.by_gsi1.query(f"CLIENT#{client_id}", ApiKeyItem.gsi1sk.startswith("KEY#"))
        return tuple(from_item(ApiKey, item) for item in found)

    def find_key(self, client_id: str, public_id: str) -> ApiKey | None:
        connect()
        try:
            key = from_item(ApiKey, ApiKeyItem.get(f"KEY#{public_id}", "KEY", consistent_read=True))
        except ApiKeyItem.DoesNotExist:
            return None
        return key if key.client_id == client_id else None

    def save_keys(self, *keys: ApiKey) -> None:
        write([put(key_item(key)) for key in keys])
