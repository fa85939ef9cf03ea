"""Organizations in DynamoDB."""

from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.storage.mapper import from_item
from groundswell.storage.transaction import put, write
from groundswell.tenancy.clients.items import OrganizationItem, organization_item
from groundswell.tenancy.clients.organization import Organization


class DynamoOrganizationStore:
    def find(self, org_id: str) -> Organization | None:
        try:
            return from_item(Organization, OrganizationItem.get(f"ORG#{org_id}", "ORG", consistent_read=True))
        except OrganizationItem.DoesNotExist:
            return None

    def save(self, organization: Organization, entry: Entry) -> Organization:
        item = organization_item(organization)
        write([put(item), note(entry)])
        return replace(organization, version=item.version)
