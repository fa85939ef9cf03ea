"""Verdicts on rejected events as personal data. They are kept for seven days, so there are none left to purge."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundswell.events.rejections.adapter_eraser import VerdictEraser
from groundswell.events.rejections.mentions import named_in
from groundswell.events.rejections.model import Rejected
from groundswell.events.rejections.service import VerdictService
from groundswell.events.rejections.store import DynamoVerdicts
from groundswell.kernel.clock import spelled, utc_now
from groundswell.kernel.page import Position
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGE = 1_000
_PAGES = 20  # at a time


class RejectedEvents(VerdictEraser):
    kind = "rejections"
    prefixes = ()
    places = ("ephemeral REJECTED#{client}#", "ephemeral REJECTED_COUNTS#{client}#")
    tells = EVENT_KINDS
    file = "rejected_events"

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], datetime]) -> None:
        super().__init__(client, table, now)
        self._verdicts = VerdictService(DynamoVerdicts(client, table), now)

    def purge(self, client_id: str) -> Iterator[int]:  # noqa: ARG002 - the port's
        return iter(())

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:
        """Those that name one of them."""
        records, wanted = list[dict[str, Any]](), set(persons)
        for _ in range(_PAGES):
            page = self._verdicts.rejected(client_id, None, None, None, _PAGE, position)
            records += [
                _record(rejected_event)
                for rejected_event in page.items
                if not wanted.isdisjoint(named_in(rejected_event.event))
            ]
            position = page.next
            if position is None:
                break
        return DisclosedRecords(records, position)


def _record(rejected: Rejected) -> dict[str, Any]:
    fields = {
        "index": rejected.index,
        "code": rejected.code,
        "message": rejected.message,
        "received_at": spelled(rejected.received),
    }
    return {**fields, "id": rejected.id, "name": rejected.name, "event": rejected.event}


def personal_data() -> tuple[ClientData, ...]:
    return (RejectedEvents(dynamodb(), table_name("ephemeral"), utc_now),)
