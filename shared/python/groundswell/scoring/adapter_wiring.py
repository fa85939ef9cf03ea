"""Scoring, put together. A function that uses it has the tables `core` and `events`."""

from functools import cache

from groundswell.analytics.questions.profiles import ProfileService
from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import utc_now
from groundswell.scoring.adapter_events import PersonEvents
from groundswell.scoring.adapter_leads import DynamoStandings
from groundswell.scoring.keeping import Scorers
from groundswell.scoring.regression.store import known_model
from groundswell.scoring.store import DynamoConfigStore
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class _NoProofs:
    """A timeline asks for none."""

    def find(self, client_id: str, wallet: str) -> VerifiedWallet | None:  # noqa: ARG002 - the port's
        return None

    def of_user(self, client_id: str, user_id: str) -> list[VerifiedWallet]:  # noqa: ARG002 - the port's
        return []


@cache
def event_log() -> DynamoEventLog:
    return DynamoEventLog(dynamodb(), table_name("events"))


@cache
def scorers() -> Scorers:
    profiles = ProfileService(event_log(), PeopleService(event_log()), _NoProofs(), utc_now)
    return Scorers(DynamoConfigStore(), known_model, PersonEvents(profiles), DynamoStandings(), utc_now)
