"""How tenancy lies in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `ORG#<id>` | `ORG` | | organization |
| `CLIENT#<id>` | `CLIENT` | `ORG#<org>` (deleted: `ORG#<org>#DELETED`), `CLIENT#<id>` | client |
| `PURGE` | `<due>#<client>` | | a deleted client, waiting for its purge |
| `USER#<user>` | `CLIENT#<client>` | `CLIENT#<client>`, `MEMBER#<user>` | membership |
| `ORIGIN#<origin>` | `CLIENT#<client>` | `CLIENT#<client>`, `ORIGIN#<origin>` | a browser origin that may call for it |
| `KEY#<public id>` | `KEY` | `CLIENT#<client>`, `KEY#<public id>` | API key |
"""

from datetime import timedelta

from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.tenancy.clients.model import ApiKey, Client, ClientStatus, Membership
from groundswell.tenancy.clients.organization import Organization

_TRACE_KEPT = timedelta(days=400)


class OrganizationItem(CoreItem):
    id = UnicodeAttribute()
    name = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    company = JSONAttribute(default=dict)
    address = JSONAttribute(default=dict)
    billing = JSONAttribute(default=dict)
    team = JSONAttribute(default=dict)
    preferences = JSONAttribute(default=dict)


class ClientItem(CoreItem):
    id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    website = UnicodeAttribute(null=True)
    industry = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute()
    status = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    deleted_at = UTCDateTimeAttribute(null=True)
    settings = JSONAttribute()
    allowed_origins = ListAttribute(of=UnicodeAttribute, default=list)
    logo = UnicodeAttribute(null=True)
    lead_scoring_config = JSONAttribute(default=dict)


class OriginItem(CoreItem):
    """Written once, so its version is 1. A deleted client keeps its own until the purge."""

    client_id = UnicodeAttribute()


class MembershipItem(CoreItem):
    user_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    role = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()


class ApiKeyItem(CoreItem):
    public_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    last4 = UnicodeAttribute()
    scopes = ListAttribute(of=UnicodeAttribute)
    status = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    valid_until = NumberAttribute(null=True)
    rotated_to = UnicodeAttribute(null=True)
    calls_per_minute = NumberAttribute(null=True)
    blocked_until = NumberAttribute(null=True)
    last_used_at = NumberAttribute(null=True)


class PurgeItem(CoreItem):
    """Written once, so its version is 1; deleted by the restore or at the end of the purge."""

    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()


def organization_item(organization: Organization) -> OrganizationItem:
    return to_item(OrganizationItem, organization, f"ORG#{organization.id}", "ORG", kind="organization")


def client_item(client: Client) -> ClientItem:
    # A deleted client leaves its organization's list: pages of the list stay full, and cost what they show.
    keys: dict[str, str | int] = {}
    if client.status is ClientStatus.PURGED:
        keys["expires_at"] = int((client.updated_at + _TRACE_KEPT).timestamp())
    else:
        listed = client.status is ClientStatus.ACTIVE
        keys |= {"gsi1pk": f"ORG#{client.org_id}{'' if listed else '#DELETED'}", "gsi1sk": f"CLIENT#{client.id}"}
    return to_item(ClientItem, client, f"CLIENT#{client.id}", "CLIENT", kind="client", **keys)


def purge_item(client: Client) -> PurgeItem:
    """For a deleted client. Sorts by the time from which it is due."""
    due = client.purge_due.isoformat(timespec="seconds") if client.purge_due else ""
    return PurgeItem("PURGE", f"{due}#{client.id}", kind="purge", client_id=client.id, org_id=client.org_id)


def origin_item(origin: str, client_id: str) -> OriginItem:
    item = OriginItem(f"ORIGIN#{origin}", f"CLIENT#{client_id}", kind="origin", client_id=client_id)
    item.gsi1pk, item.gsi1sk = f"CLIENT#{client_id}", f"ORIGIN#{origin}"
    return item


def membership_item(membership: Membership) -> MembershipItem:
    keys = {"gsi1pk": f"CLIENT#{membership.client_id}", "gsi1sk": f"MEMBER#{membership.user_id}"}
    pk, sk = f"USER#{membership.user_id}", f"CLIENT#{membership.client_id}"
    return to_item(MembershipItem, membership, pk, sk, kind="membership", **keys)


def key_item(key: ApiKey) -> ApiKeyItem:
    keys = {"gsi1pk": f"CLIENT#{key.client_id}", "gsi1sk": f"KEY#{key.public_id}"}
    return to_item(ApiKeyItem, key, f"KEY#{key.public_id}", "KEY", kind="api_key", **keys)
