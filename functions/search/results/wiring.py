"""The service of results."""

from functools import cache
from typing import Annotated

from functions.search.wiring import goal_service
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.search.adapter_brave import has_web_search
from groundswell.search.adapter_crm import DynamoCrm
from groundswell.search.adapter_runs import DynamoRunStore
from groundswell.search.results import ResultService
from groundswell.search.store import DynamoGoalStore


@cache
def result_service() -> ResultService:
    return ResultService(
        goal_service(),
        DynamoGoalStore(),
        DynamoRunStore(),
        lead_capture(),
        DynamoCrm(),
        has_web_search,
        utc_now,
        new_id,
    )


Results = Annotated[ResultService, provide(result_service)]
