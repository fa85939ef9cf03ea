"""What can be done with the own organization."""

from collections.abc import Mapping
from typing import Any, Protocol

from groundswell.access.model import Caller, OrganizationNotFound, OrgContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.auth.search import UserSearch
from groundswell.tenancy.clients.organization import Organization
from groundswell.tenancy.purge.model import Report
from groundswell.tenancy.usage.model import Quota


class OrganizationStore(Protocol):
    def find(self, org_id: str) -> Organization | None: ...

    def save(self, organization: Organization, entry: Entry) -> Organization:
        """Raises PreconditionFailed if someone else wrote first."""


class People(Protocol):
    def page(self, org_id: str, search: UserSearch, limit: int, position: Position | None) -> Page[User]:
        """In the order of sign-up."""


class Purges(Protocol):
    def reports(self, org_id: str, limit: int, position: Position | None) -> Page[Report]:
        """In the order in which the clients were created."""


class Quotas(Protocol):
    def quota(self, org_id: str) -> Quota: ...


class OrganizationService:
    def __init__(self, store: OrganizationStore, people: People, purges: Purges, quotas: Quotas) -> None:
        self._store = store
        self._people = people
        self._purges = purges
        self._quotas = quotas

    def get(self, caller: Caller) -> Organization:
        return self._find(caller.org_id)

    def update(self, governing: OrgContext, changes: Mapping[str, Any], expected: int | None) -> Organization:
        """Raises PreconditionFailed."""
        organization = self._find(governing.org_id)
        require_version(expected, organization.version)
        changed = organization.changed(changes)
        if changed == organization:
            return organization
        details = {"fields": ", ".join(sorted(changes))} | ({"name": changed.name} if "name" in changes else {})
        target = f"organization:{organization.id}"
        return self._store.save(
            changed, Entry(organization.id, "organization.updated", governing.actor_id, target, details)
        )

    def limits(self, organization: Organization) -> Quota:
        """What the organization's plan allows."""
        return self._quotas.quota(organization.id)

    def people(self, governing: OrgContext, limit: int, position: Position | None) -> Page[User]:
        return self._people.page(governing.org_id, UserSearch(), limit, position)

    def purges(self, governing: OrgContext, limit: int, position: Position | None) -> Page[Report]:
        return self._purges.reports(governing.org_id, limit, position)

    def _find(self, org_id: str) -> Organization:
        organization = self._store.find(org_id)
        if organization is None:
            raise OrganizationNotFound
        return organization
