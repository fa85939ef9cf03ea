"""Wire shapes of the organization."""

from groundswell.access.model import Role
from groundswell.http.schema import In, Out, PlaceName, Time
from groundswell.tenancy.purge.model import State


class OrganizationUpdate(In):
    name: PlaceName


class OrganizationOut(Out):
    id: str
    name: str
    created_at: Time
    version: int


class PersonOut(Out):
    id: str
    email: str
    name: str
    role: Role
    is_active: bool


class PurgeOut(Out):
    """What was deleted for good, by kind."""

    client_id: str
    client_name: str
    state: State
    deleted_at: Time
    started_at: Time
    finished_at: Time | None
    counts: dict[str, int]
