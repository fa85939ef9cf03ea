"""What others were promised by somebody who may lose the right to it."""

from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.tenancy.invitations.store import DynamoInvitationStore
from groundswell.tenancy.invitations.withdrawal import Withdrawals
from groundswell.tenancy.members.adapter_standing import standings


@cache
def withdrawals() -> Withdrawals:
    return Withdrawals(DynamoInvitationStore(), standings(), utc_now)
