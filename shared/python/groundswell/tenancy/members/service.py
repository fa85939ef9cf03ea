"""What can be done with the members of a client.

The last owner stays. A change that ends an ownership names another owner as its witness, and holds only if that one
still is an owner when it is written: of two owners who remove each other at the same moment, one succeeds.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.auth.model import User, UserNotFound
from groundswell.tenancy.clients.model import Membership
from groundswell.tenancy.members.model import (
    LastOwner,
    Member,
    MemberNotFound,
    WitnessGone,
    need_grantable,
    need_power_over,
    reach,
)

_ATTEMPTS = 12  # of those that write at once one gets through each time


class MemberStore(Protocol):
    def find(self, client_id: str, user_id: str) -> Membership | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Membership]:
        """In the order of user ids, which is the order of sign-up."""

    def other_owners(self, client_id: str, but: str) -> tuple[str, ...]:
        """Some user ids; a moment old."""

    def add(self, membership: Membership, entry: Entry) -> Membership:
        """Raises AlreadyMember."""

    def save(self, membership: Membership, entry: Entry, witness: str | None) -> Membership:
        """Raises PreconditionFailed if someone else wrote first, WitnessGone."""

    def remove(self, membership: Membership, entry: Entry, witness: str | None) -> None:
        """Raises PreconditionFailed if someone else wrote first, WitnessGone."""


class People(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def find_many(self, user_ids: tuple[str, ...]) -> Mapping[str, User]:
        """Those that exist, by id."""

    def by_email(self, email: str) -> User | None: ...


class Promises(Protocol):
    def withdraw(self, by: str, actor: str) -> None:
        """What somebody has promised and may not promise any more."""


class MemberService:
    def __init__(self, store: MemberStore, people: People, promises: Promises, now: Callable[[], datetime]) -> None:
        self._store = store
        self._people = people
        self._promises = promises
        self._now = now

    def list(self, acting: ClientContext, limit: int, position: Position | None) -> Page[Member]:
        """Those with a membership. Admins of the organization may do the same without one."""
        page = self._store.page(acting.client_id, limit, position)
        people = self._people.find_many(tuple(membership.user_id for membership in page.items))
        members = (
            Member(membership, people[membership.user_id]) for membership in page.items if membership.user_id in people
        )
        return Page(tuple(members), page.next)

    def get(self, acting: ClientContext, user_id: str) -> Member:
        """Raises MemberNotFound."""
        membership = self._store.find(acting.client_id, user_id) if can_be_id(user_id) else None
        user = self._people.find(user_id) if membership else None
        if membership is None or user is None:
            raise MemberNotFound
        return Member(membership, user)

    def add(self, acting: ClientContext, *, user_id: str | None, email: str | None, role: Role) -> Member:
        """Somebody of the client's organization. Whoever is not is invited instead.

        Raises UserNotFound, RoleTooHigh, AlreadyMember.
        """
        need_grantable(reach(acting.role, acting.scopes), role)
        user = self._someone(user_id, email)
        if user is None or user.org_id != acting.org_id or not user.is_active:
            raise UserNotFound("No such user in this organization: send an invitation")
        membership = Membership(user.id, acting.client_id, acting.org_id, role, self._now())
        entry = _entry(acting, user.id, "member.added", role=role.value)
        return Member(self._store.add(membership, entry), user)

    def change(self, acting: ClientContext, user_id: str, role: Role, expected: int | None) -> Member:
        """Raises MemberNotFound, RoleTooHigh, LastOwner, PreconditionFailed."""
        member = self.get(acting, user_id)
        before = member.membership
        require_version(expected, before.version)
        need_power_over(reach(acting.role, acting.scopes), before.role)
        need_grantable(reach(acting.role, acting.scopes), role)
        if role is before.role:
            return member
        entry = _entry(acting, user_id, "member.role_changed", role=role.value, before=before.role.value)
        changed = replace(before, role=role)
        saved = self._with_witness(before, lambda witness: self._store.save(changed, entry, witness))
        self._promises.withdraw(user_id, acting.actor_id)
        return Member(saved, member.user)

    def remove(self, acting: ClientContext, user_id: str) -> None:
        """Anybody may leave; removing others is for admins. Raises MemberNotFound, Forbidden, LastOwner."""
        if user_id != acting.actor_id:
            acting.need(Role.ADMIN)
        membership = self.get(acting, user_id).membership
        need_power_over(reach(acting.role, acting.scopes), membership.role)
        entry = _entry(acting, user_id, "member.removed", role=membership.role.value)
        self._with_witness(membership, lambda witness: self._store.remove(membership, entry, witness))
        self._promises.withdraw(user_id, acting.actor_id)

    def _with_witness[T](self, before: Membership, write: Callable[[str | None], T]) -> T:
        if before.role is not Role.OWNER:
            return write(None)
        for _ in range(_ATTEMPTS):
            others = self._store.other_owners(before.client_id, before.user_id)
            for witness in others:
                try:
                    return write(witness)
                except WitnessGone:
                    continue
            if not others:
                raise LastOwner
        raise WitnessGone

    def _someone(self, user_id: str | None, email: str | None) -> User | None:
        if email is not None:
            return self._people.by_email(email)
        return self._people.find(user_id) if user_id and can_be_id(user_id) else None


def _entry(acting: ClientContext, user_id: str, action: str, **details: str) -> Entry:
    return Entry(acting.org_id, action, acting.actor_id, f"user:{user_id}", {"client_id": acting.client_id, **details})
