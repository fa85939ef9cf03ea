"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.access.model import ClientContext
from groundswell.audience.adapter_wiring import lists
from groundswell.audience.lists import ListService
from groundswell.audience.model import ListNotFound
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.scoring.adapter_leads import LeadScores, StoredLeads
from groundswell.scoring.adapter_wiring import scorers
from groundswell.scoring.crossing import QUEUE
from groundswell.scoring.model import Action
from groundswell.scoring.regression.service import ModelService
from groundswell.scoring.regression.store import DynamoModelStore
from groundswell.scoring.service import ScoringService
from groundswell.scoring.store import DynamoConfigStore, DynamoResults
from groundswell.tenancy.members.store import DynamoTeam


class ActionTargets:
    """Whom a task is given to, and the list that a lead comes onto."""

    def __init__(self, team: DynamoTeam, lists: ListService) -> None:
        self._team = team
        self._lists = lists

    def check(self, who: ClientContext, stage: str, action: Action) -> None:
        """Raises Invalid."""
        people = action.create_task.assignees if action.create_task else ()
        working = self._team.working(who.client_id, who.org_id, people) if people else frozenset()
        if missing := [each for each in people if each not in working]:
            raise Invalid.on(f"actions.{stage}.create_task.assignees", f"{missing[0]} is nobody of this client")
        if action.list_id:
            self._need_list(who.client_id, stage, action.list_id)

    def _need_list(self, client_id: str, stage: str, list_id: str) -> None:
        try:
            self._lists.get(client_id, list_id)
        except ListNotFound as error:
            raise Invalid.on(f"actions.{stage}.list_id", "no list of this client") from error


@cache
def _operations() -> OperationService:
    return OperationService(DynamoOperationStore(QUEUE), utc_now, new_id)


@cache
def scoring_service() -> ScoringService:
    return ScoringService(
        DynamoConfigStore(),
        StoredLeads(),
        scorers(),
        LeadScores(),
        DynamoResults(),
        _operations(),
        ActionTargets(DynamoTeam(), lists()),
        utc_now,
        new_id,
    )


@cache
def model_service() -> ModelService:
    return ModelService(DynamoModelStore(), _operations())


Scoring = Annotated[ScoringService, provide(scoring_service)]
Models = Annotated[ModelService, provide(model_service)]
