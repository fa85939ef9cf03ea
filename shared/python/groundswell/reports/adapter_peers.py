"""Whom a client can be compared with."""

from groundswell.access.model import Caller
from groundswell.reports.benchmarks import CLIENTS_AT_MOST
from groundswell.tenancy.clients.model import ClientStatus
from groundswell.tenancy.clients.store import DynamoClientStore


def peers(caller: Caller, org_id: str) -> tuple[str, ...]:
    """Clients of that organization that the caller may read, oldest first; no more than one beyond those looked at."""
    store, limit = DynamoClientStore(), CLIENTS_AT_MOST + 1
    if caller.administers_org and caller.org_id == org_id:
        readable = store.of_org(org_id, limit, None).items
    else:
        readable = store.find_many(tuple(sorted(caller.roles)))
    living = sorted(
        client.id for client in readable if client.org_id == org_id and client.status is ClientStatus.ACTIVE
    )
    return tuple(living[:limit])
