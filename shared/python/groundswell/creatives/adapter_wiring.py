"""The process's creatives. A function that uses them needs what media and links need (`media/adapter_wiring.py`)."""

import os
from functools import cache

from groundswell.access.model import Role
from groundswell.creatives.discussion import Discussion
from groundswell.creatives.review_tasks import ReviewTasks
from groundswell.creatives.service import CreativeService
from groundswell.creatives.stalled import StalledReviews
from groundswell.creatives.store import DynamoCreativeStore, DynamoDiscussionStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.media.adapter_wiring import media
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.adapter_standing import standings
from groundswell.tenancy.members.store import DynamoTeam


@cache
def review_tasks() -> ReviewTasks:
    return ReviewTasks(TaskPort(DynamoTaskStore(), utc_now, new_id), DynamoCreativeStore().find)


@cache
def stalled() -> StalledReviews:
    return StalledReviews(DynamoCreativeStore(), utc_now)


@cache
def creatives() -> CreativeService:
    follow = review_tasks().follow
    return CreativeService(DynamoCreativeStore(), DynamoTeam(), media().get, follow, utc_now, new_id)


def _may(by: str, client_id: str, role: Role) -> bool:
    return standings().may(by, client_id, role, Scope.CREATIVES_WRITE)


@cache
def discussion() -> Discussion:
    public_url = os.environ["PUBLIC_URL"].rstrip("/")
    return Discussion(DynamoDiscussionStore(), creatives().get, links(), public_url, utc_now, new_id, _may)
