"""Who operates the platform. No request gives or takes this role: who can reach the tables does."""

from dataclasses import replace
from typing import Protocol

from groundswell.access.model import Role
from groundswell.audit.model import PLATFORM, Entry
from groundswell.tenancy.auth.model import User, UserNotFound

OPERATOR = "operator"
"""The actor of what was done on the command line."""


class People(Protocol):
    def by_email(self, email: str) -> User | None: ...


class Users(Protocol):
    def save(self, user: User, entries: tuple[Entry, ...], witness: str | None) -> User:
        """Raises PreconditionFailed if someone else wrote first."""


class PlatformService:
    def __init__(self, people: People, users: Users) -> None:
        self._people = people
        self._users = users

    def grant_super(self, email: str) -> User:
        """Raises UserNotFound. Granting it again changes nothing."""
        return self._change(email, Role.SUPER_ADMIN, "super_admin.granted")

    def revoke_super(self, email: str) -> User:
        """The user is an owner of the own organization from then on. Raises UserNotFound for one without the role."""
        user = self._people.by_email(email)
        if user is None or user.role is not Role.SUPER_ADMIN:
            raise UserNotFound
        return self._change(email, Role.OWNER, "super_admin.revoked")

    def _change(self, email: str, role: Role, action: str) -> User:
        user = self._people.by_email(email)
        if user is None:
            raise UserNotFound
        if user.role is role:
            return user
        target, details = f"user:{user.id}", {"before": user.role.value}
        entries = tuple(Entry(org_id, action, OPERATOR, target, details) for org_id in (user.org_id, PLATFORM))
        return self._users.save(replace(user, role=role), entries, None)
