"""Cohorts as personal data: lists of persons."""

from collections.abc import Collection
from typing import Any

from groundswell.analytics.cohorts.model import Cohort
from groundswell.analytics.cohorts.service import CohortService
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.page import Position
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_PAGE = 10


class Cohorts(Listed):
    forgets = tells = EVENT_KINDS
    file = "cohorts"

    def __init__(self, cohorts: CohortService) -> None:
        super().__init__("cohorts", "COHORT#", places=("core COHORTS#{client}",))
        self._cohorts = cohorts

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        self._cohorts.forget(client_id, [person.value for person in persons])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:
        """Which they are in."""
        page = self._cohorts.list(client_id, _PAGE, position)
        names = {person.value for person in persons}
        return DisclosedRecords([_record(cohort) for cohort in page.items if self._has(cohort, names)], page.next)

    def _has(self, cohort: Cohort, names: set[str]) -> bool:
        return not names.isdisjoint(self._cohorts.members(cohort, max(cohort.size, 1), None).items)


def _record(cohort: Cohort) -> dict[str, Any]:
    return {"id": cohort.id, "name": cohort.name, "taken_at": cohort.taken_at}


def personal_data() -> tuple[ClientData, ...]:
    log = DynamoEventLog(dynamodb(), table_name("events"))
    operations = OperationService(DynamoOperationStore("questions"), utc_now, new_id)
    return (Cohorts(CohortService(log, DynamoCohortStore(), operations, utc_now, new_id)),)
