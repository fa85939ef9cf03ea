"""The services of this function's own routes: what a cold start needs."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.language_model.adapter_wiring import language_model
from groundswell.search.service import GoalService
from groundswell.search.store import DynamoGoalStore

_PATIENCE = 9.0
"""Seconds for each of both models: a request has 29."""


@cache
def goal_service() -> GoalService:
    return GoalService(DynamoGoalStore(), language_model(_PATIENCE), utc_now, new_id)


Goals = Annotated[GoalService, provide(goal_service)]
