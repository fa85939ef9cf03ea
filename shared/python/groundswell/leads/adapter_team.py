"""Who may own a client's leads."""

from groundswell.access.store import DynamoAccessStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import can_be_id


class DynamoTeam:
    def works_for(self, client_id: str, org_id: str, user_id: str) -> bool:
        """An active member, or an admin of the organization. One Query."""
        person = DynamoAccessStore(utc_now).person(user_id) if can_be_id(user_id) else None
        return person is not None and person.role_in(client_id, org_id) is not None
