"""The process's standings. A function that uses them reads the core table."""

from functools import cache

from groundswell.access.store import DynamoRoleStore
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.members.standing import Standings


@cache
def standings() -> Standings:
    return Standings(DynamoRoleStore(), utc_now)
