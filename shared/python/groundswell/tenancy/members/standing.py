"""What somebody may now who is not the one calling: for what they promised earlier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ActiveClient, Caller, KeyGrant, Role
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.model import reach

KEY = "key:"
"""Before an API key's public id, where it stands for who did something."""
_ROTATIONS = 20


class StandingStore(Protocol):
    def person(self, user_id: str) -> Caller | None: ...

    def grant(self, public_id: str) -> KeyGrant | None: ...

    def active_client(self, client_id: str) -> ActiveClient | None: ...


@dataclass(frozen=True)
class Standing:
    """`gives` is the highest role that they may give; `adds` the highest in the organization for who is new there."""

    gives: Role | None = None
    adds: Role = Role.VIEWER

    def may_give(self, role: Role) -> bool:
        return self.gives is not None and self.gives.covers(role) and role is not Role.SUPER_ADMIN


class Standings:
    def __init__(self, store: StandingStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def of(self, by: str, org_id: str, client_id: str | None) -> Standing:
        """In the client, or in the organization itself. `by` is a user id, or an API key's with `key:`."""
        if by.startswith(KEY):
            return self._of_key(by.removeprefix(KEY), client_id)
        caller = self._store.person(by)
        if caller is None:
            return Standing()
        if client_id is None:
            governs = caller.administers_org and (caller.org_id == org_id or caller.org_role is Role.SUPER_ADMIN)
            return Standing(caller.org_role, Role.MEMBER) if governs else Standing()
        return self._in_client(caller, client_id)

    def may(self, by: str, client_id: str, role: Role, scope: Scope | None) -> bool:
        """Whether they may do now what takes that role of a person, and that scope of a key, if any key may."""
        if by.startswith(KEY):
            grant = self._successor(by.removeprefix(KEY))
            return grant is not None and grant.client_id == client_id and scope in grant.scopes
        caller, client = self._store.person(by), self._store.active_client(client_id)
        held = caller.role_in(client_id, client.org_id) if caller and client else None
        return held is not None and held.covers(role)

    def _in_client(self, caller: Caller, client_id: str) -> Standing:
        client = self._store.active_client(client_id)
        role = caller.role_in(client_id, client.org_id) if client else None
        if client is None or role is None or not role.covers(Role.ADMIN):
            return Standing()
        belongs = caller.org_role is Role.SUPER_ADMIN or caller.org_id == client.org_id
        return Standing(role, Role.MEMBER if belongs and caller.org_role.covers(Role.MEMBER) else Role.VIEWER)

    def _of_key(self, public_id: str, client_id: str | None) -> Standing:
        grant = self._successor(public_id)
        if grant is None or grant.client_id != client_id or Scope.MEMBERS_WRITE not in grant.scopes:
            return Standing()
        return Standing(reach(Role.ADMIN, grant.scopes))

    def _successor(self, public_id: str) -> KeyGrant | None:
        """The key, or after a rotation the one that it became: usable, or None."""
        for _ in range(_ROTATIONS):
            grant = self._store.grant(public_id)
            if grant is None or grant.usable(self._now()):
                return grant
            if not grant.is_active or grant.rotated_to is None:
                return None
            public_id = grant.rotated_to
        return None
