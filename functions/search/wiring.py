"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.language_model.adapter_wiring import language_model
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.search.results import ResultService
from groundswell.search.service import GoalService
from groundswell.search.store import DynamoGoalStore
from groundswell.validation.service import ValidationService

_PATIENCE = 9.0
"""Seconds for each of both models: a request has 29."""


@cache
def goal_service() -> GoalService:
    return GoalService(DynamoGoalStore(), language_model(_PATIENCE), utc_now, new_id)


@cache
def result_service() -> ResultService:
    from groundswell.search.adapter_brave import has_web_search
    from groundswell.search.adapter_crm import DynamoCrm
    from groundswell.search.adapter_runs import DynamoRunStore

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


@cache
def validation_service() -> ValidationService:
    from groundswell.validation.adapter_wiring import validation

    return validation()


Goals = Annotated[GoalService, provide(goal_service)]
Results = Annotated[ResultService, provide(result_service)]
Validations = Annotated[ValidationService, provide(validation_service)]
