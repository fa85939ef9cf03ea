"""Who is who, in memory. Counts how often it was asked."""

from groundswell.access.model import ActiveClient, Caller, KeyGrant


class FakeAccessStore:
    def __init__(self) -> None:
        self.callers: dict[tuple[str, str], Caller] = {}
        self.owners: dict[str, str] = {}
        self.timezones: dict[str, str] = {}
        self.grants: dict[str, KeyGrant] = {}
        self.origins: set[tuple[str, str]] = set()
        self.asked = 0

    def caller(self, user_id: str, session_id: str) -> Caller | None:
        self.asked += 1
        return self.callers.get((user_id, session_id))

    def active_client(self, client_id: str) -> ActiveClient | None:
        self.asked += 1
        owner = self.owners.get(client_id)
        return ActiveClient(owner, self.timezones.get(client_id, "UTC")) if owner else None

    def has_organization(self, org_id: str) -> bool:
        self.asked += 1
        return org_id in self.owners.values()

    def lists_origin(self, origin: str, client_id: str | None) -> bool:
        self.asked += 1
        return any(listed == origin and client_id in (None, owner) for listed, owner in self.origins)

    def grant(self, public_id: str) -> KeyGrant | None:
        self.asked += 1
        return self.grants.get(public_id)
