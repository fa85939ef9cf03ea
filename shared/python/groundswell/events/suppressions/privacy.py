"""The suppression list as personal data. It forgets nobody: an entry of an erased person is a digest, which keeps them
out."""

from collections.abc import Collection
from typing import Any

from groundswell.events.suppressions.model import Suppression
from groundswell.events.suppressions.service import SuppressionService
from groundswell.events.suppressions.store import DynamoSuppressionStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier
from groundswell.personal_data.port import ClientData, DisclosedRecords


class Suppressions(Listed):
    tells = EVENT_KINDS
    file = "suppressions"

    def __init__(self, suppressions: SuppressionService) -> None:
        super().__init__("suppressions", "SUPPRESSED#")
        self._suppressions = suppressions

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002 - the port's
        return DisclosedRecords([_record(entry) for entry in self._suppressions.of(client_id, persons)])


def _record(entry: Suppression) -> dict[str, Any]:
    fields = {"kind": entry.id_kind.value, "value": entry.value, "reason": entry.reason}
    return {"id": entry.id, **fields, "created_at": entry.created_at}


def personal_data() -> tuple[ClientData, ...]:
    return (Suppressions(SuppressionService(DynamoSuppressionStore(), utc_now)),)
