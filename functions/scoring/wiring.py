"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.scoring.adapter_leads import LeadScores, StoredLeads
from groundswell.scoring.service import ScoringService
from groundswell.scoring.store import DynamoConfigStore, DynamoResults


@cache
def scoring_service() -> ScoringService:
    return ScoringService(DynamoConfigStore(), StoredLeads(), LeadScores(), DynamoResults(), utc_now)


Scoring = Annotated[ScoringService, provide(scoring_service)]
