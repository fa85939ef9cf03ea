"""Scoring, put together. A function that uses it has the tables `core` and `events`.

The log of events and the models cost a cold start: they are imported when a client's config asks for them.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from groundswell.kernel.clock import utc_now
from groundswell.leads.model import Lead
from groundswell.scoring.adapter_leads import DynamoStandings
from groundswell.scoring.keeping import Scorers
from groundswell.scoring.model import Event
from groundswell.scoring.regression.model import LogisticModel
from groundswell.scoring.store import DynamoConfigStore

if TYPE_CHECKING:
    from groundswell.scoring.adapter_events import PersonEvents


class _LateEvents:
    def of(self, client_id: str, leads: Sequence[Lead], names: Collection[str]) -> Mapping[str, tuple[Event, ...]]:
        return _person_events().of(client_id, leads, names)


@cache
def _person_events() -> "PersonEvents":
    from groundswell.scoring.adapter_events import person_events

    return person_events()


def _late_model(client_id: str, model_id: str) -> LogisticModel | None:
    from groundswell.scoring.regression.store import known_model

    return known_model(client_id, model_id)


@cache
def scorers() -> Scorers:
    return Scorers(DynamoConfigStore(), _late_model, _LateEvents(), DynamoStandings(), utc_now)
