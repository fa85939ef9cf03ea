"""Clients as visitors see them."""

from groundswell.storage.reading import find
from groundswell.tenancy.clients.items import ClientItem
from groundswell.tenancy.clients.model import Client
from groundswell.visitors.model import Host


class DynamoHosts:
    def find(self, client_id: str) -> Host | None:
        """None for a client that is deleted, or was never there."""
        client = find(Client, ClientItem, f"CLIENT#{client_id}", "CLIENT", consistent=False)
        if client is None or not client.is_active:
            return None
        return Host(client.id, client.org_id, client.name, client.timezone, client.logo)
