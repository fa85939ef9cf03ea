"""What others were promised by somebody who may lose the right to it."""

from functools import cache

from groundswell.access.store import DynamoAccessStore
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.invitations.store import DynamoInvitationStore
from groundswell.tenancy.invitations.withdrawal import Withdrawals
from groundswell.tenancy.members.standing import Standings


@cache
def standings() -> Standings:
    return Standings(DynamoAccessStore(utc_now), utc_now)


@cache
def withdrawals() -> Withdrawals:
    return Withdrawals(DynamoInvitationStore(), standings(), utc_now)
