"""The audience, put together for whoever needs it.

A function that uses it has the table `core`, and the setting PUBLIC_URL and the secret `links` where it adds members to
lists or lets them confirm; the table `events` where audiences may have cohorts.
"""

import os
from functools import cache
from typing import TYPE_CHECKING

from groundswell.audience.adapter_opt_outs import DynamoOptOutStore
from groundswell.audience.lists import ListService
from groundswell.audience.members import MemberService
from groundswell.audience.opt_outs import OptOutService
from groundswell.audience.store import DynamoListStore, DynamoMemberStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore

if TYPE_CHECKING:
    from groundswell.audience.service import AudienceService

QUEUE = "audience"


@cache
def audience() -> "AudienceService":
    from groundswell.audience.adapter_recipients import stored_audiences  # cohorts cost a cold start
    from groundswell.audience.service import AudienceService

    return AudienceService(stored_audiences(), opt_outs())


@cache
def opt_outs() -> OptOutService:
    return OptOutService(DynamoOptOutStore(), utc_now)


@cache
def lists() -> ListService:
    return ListService(DynamoListStore(), operations(), utc_now, new_id)


@cache
def members() -> MemberService:
    return MemberService(DynamoMemberStore(), lists(), opt_outs(), links(), public_address, utc_now, new_id)


@cache
def operations() -> OperationService:
    return OperationService(DynamoOperationStore(QUEUE), utc_now, new_id)


def public_address() -> str:
    return os.environ["PUBLIC_URL"].rstrip("/")
