"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.access.model import ClientContext
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.scoring.adapter_leads import LeadScores, StoredLeads
from groundswell.scoring.adapter_wiring import scorers
from groundswell.scoring.crossing import QUEUE
from groundswell.scoring.model import Action
from groundswell.scoring.service import ScoringService
from groundswell.scoring.store import DynamoConfigStore, DynamoResults


class ActionTargets:
    """Whom a task is given to, and the list that a lead comes onto."""

    def check(self, who: ClientContext, stage: str, action: Action) -> None:
        """Raises Invalid."""
        from functions.scoring.config.targets import check  # members and lists: few requests name any

        check(who, stage, action)


@cache
def operations() -> OperationService:
    return OperationService(DynamoOperationStore(QUEUE), utc_now, new_id)


@cache
def scoring_service() -> ScoringService:
    return ScoringService(
        DynamoConfigStore(),
        StoredLeads(),
        scorers(),
        LeadScores(),
        DynamoResults(),
        operations(),
        ActionTargets(),
        utc_now,
        new_id,
    )


Scoring = Annotated[ScoringService, provide(scoring_service)]
