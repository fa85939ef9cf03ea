"""Wire shapes of the organization."""

from datetime import datetime

from groundswell.access.model import Role
from groundswell.http.schema import In, Line, Out
from groundswell.tenancy.purge.model import State


class OrganizationUpdate(In):
    name: Line


class OrganizationOut(Out):
    id: str
    name: str
    created_at: datetime
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
    deleted_at: datetime
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
