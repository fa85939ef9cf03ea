"""Who is who, in memory. Counts how often it was asked."""

from groundswell.access.model import Caller, KeyGrant


class FakeAccessStore:
    def __init__(self) -> None:
        self.callers: dict[tuple[str, str], Caller] = {}
        self.owners: dict[str, str] = {}
        self.grants: dict[str, KeyGrant] = {}
        self.origins: set[tuple[str, str]] = set()
        self.asked = 0

    def caller(self, user_id: str, session_id: str) -> Caller | None:
        self.asked += 1
        return self.callers.get((user_id, session_id))

    def owner_of(self, client_id: str) -> str | None:
        self.asked += 1
        return self.owners.get(client_id)

    def has_organization(self, org_id: str) -> bool:
        self.asked += 1
        return org_id in self.owners.values()

    def lists_origin(self, origin: str, client_id: str | None) -> bool:
        self.asked += 1
        return any(listed == origin and client_id in (None, owner) for listed, owner in self.origins)

    def grant(self, public_id: str) -> KeyGrant | None:
        self.asked += 1
        return self.grants.get(public_id)
