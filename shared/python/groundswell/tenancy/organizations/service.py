"""What can be done with the own organization."""

from dataclasses import replace
from typing import Protocol

from groundswell.access.model import Caller, OrganizationNotFound, OrgContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.auth.search import UserSearch
from groundswell.tenancy.clients.model import Organization
from groundswell.tenancy.purge.model import Report


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


class OrganizationService:
    def __init__(self, store: OrganizationStore, people: People, purges: Purges) -> None:
        self._store = store
        self._people = people
        self._purges = purges

    def get(self, caller: Caller) -> Organization:
        return self._find(caller.org_id)

    def rename(self, governing: OrgContext, name: str, expected: int | None) -> Organization:
        """Raises PreconditionFailed."""
        organization = self._find(governing.org_id)
        require_version(expected, organization.version)
        if organization.name == name:
            return organization
        target = f"organization:{organization.id}"
        entry = Entry(organization.id, "organization.updated", governing.actor_id, target, {"name": name})
        return self._store.save(replace(organization, name=name), entry)

    def people(self, governing: OrgContext, limit: int, position: Position | None) -> Page[User]:
        return self._people.page(governing.org_id, UserSearch(), limit, position)

    def purges(self, governing: OrgContext, limit: int, position: Position | None) -> Page[Report]:
        return self._purges.reports(governing.org_id, limit, position)

    def _find(self, org_id: str) -> Organization:
        organization = self._store.find(org_id)
        if organization is None:
            raise OrganizationNotFound
        return organization
